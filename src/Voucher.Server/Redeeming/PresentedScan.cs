using Voucher.Core.Tokens;
using Voucher.Core.Wire;
using Voucher.Server.Fraud;

namespace Voucher.Server.Redeeming;

/// <summary>A scan with what was found before the database is asked for facts.</summary>
/// <param name="Token">Verified when <paramref name="Refusal"/> is <c>null</c>; for a short code the registered token that it stands for.</param>
/// <param name="Refusal">Why the voucher cannot be told: what was shown is no voucher, or a forged one. Recorded like any answer.</param>
/// <param name="Policy">The pack of the day, or the last before it: an id that is known is answered on a day without a rule too.</param>
/// <param name="ContentHash">SHA-256 of the request, by which a repeat is told from a reuse of its id.</param>
public sealed record PresentedScan(
    TerminalId Terminal, ScanRequest Scan, VoucherToken? Token, Refusal? Refusal, byte[] ContentHash, DateTimeOffset ReceivedAt, Policy Policy)
{
    /// <summary>The voucher shown; <c>null</c> when there is none to be told.</summary>
    public VoucherId? Voucher => Refusal is null ? Token?.Voucher : null;

    /// <summary>For the abuse guard; what is forged accuses nobody.</summary>
    public GuardQuestion ToQuestion() => new(
        Terminal, Scan.Mode, Voucher, Refusal is null ? Token?.Holder : null, Scan.ScanId, Scan.ScannedAt, ReceivedAt, Policy);

    public ClassId Class => new(Scan.ClassId);

    public DateOnly Today => CountyTime.DayOf(ReceivedAt);

    /// <summary>Whether a pack covers today: without one nothing new is decided.</summary>
    public bool HasRule => Policy.IsInForceOn(Today);
}
