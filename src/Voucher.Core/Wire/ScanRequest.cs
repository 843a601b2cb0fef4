using System.Text.Json.Serialization;

namespace Voucher.Core.Wire;

/// <summary>What the desk does with a voucher.</summary>
public enum ScanMode : short
{
    /// <summary>报到.</summary>
    Enrol = 1,

    /// <summary>签到.</summary>
    CheckIn = 2,

    /// <summary>签退.</summary>
    CheckOut = 3,

    /// <summary>结业.</summary>
    Complete = 4,
}

/// <summary>
/// One scan, as the terminal sends it and journals it. Holds no personal data: identity travels as the 16-bit holder check.
/// </summary>
/// <param name="ScanId">Made by the terminal; the idempotency key. The same id with the same content gets the same answer for ever.</param>
/// <param name="Sequence">
/// The number of the scan's entry in the terminal's journal, from 1; never the same twice. Receipts and corrections take numbers
/// as well, and a restored journal goes on beyond a gap: so a terminal's scans are not numbered without one.
/// </param>
/// <param name="Digits">The 202 digits of the QR; <c>null</c> when a short code was typed.</param>
/// <param name="ShortCode">The 12 digits under the QR; <c>null</c> when the QR was read.</param>
/// <param name="HolderCheck">Of the identity card read or number typed at the desk; required for enrolment.</param>
/// <param name="ScannedAt">By the terminal's clock.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ScanRequest(
    Guid ScanId,
    long Sequence,
    ScanMode Mode,
    long ClassId,
    string? Digits,
    string? ShortCode,
    int? HolderCheck,
    DateTimeOffset ScannedAt);
