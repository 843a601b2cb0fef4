using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Voucher.Server.Audit;

/// <summary>One entry of the audit trail: who did what to what, when, from where, on what ground.</summary>
/// <param name="Account">The log-in; none for the system itself and for an operator's commands.</param>
/// <param name="Staff">The person behind the log-in at that moment.</param>
/// <param name="Origin">See <see cref="Whereabouts"/>; <c>null</c> in entries of the first form.</param>
/// <param name="Ground">The rule, clause, reason or permission; <c>null</c> in entries of the first form.</param>
public sealed record AuditEntry(
    long Number, DateTimeOffset At, AccountId? Account, StaffId? Staff, string? Origin, string Action, string Subject, string Detail, string? Ground, byte[] Hash)
{
    /// <summary>Bytes of a hash; that many zeros stand before the first entry.</summary>
    public const int HashLength = SHA256.HashSizeInBytes;

    /// <summary>
    /// SHA-256 over the previous hash and this entry's content. The second form holds all fields, each with its length before
    /// it, so that no two contents read alike; entries written before it keep the first: fields separated by U+001F, without
    /// person, place and ground.
    /// </summary>
    public byte[] HashAfter(ReadOnlySpan<byte> previous, bool isFirstForm)
    {
        var content = isFirstForm
            ? string.Join('\u001f', Text(Number), Text(At.UtcTicks), Text(Account?.Value), Action, Subject, Detail)
            : string.Concat(new[] { "2", Text(Number), Text(At.UtcTicks), Text(Account?.Value), Text(Staff?.Value), Origin, Action, Subject, Detail, Ground }.Select(Measured));
        return SHA256.HashData([.. previous, .. Encoding.UTF8.GetBytes(content)]);
    }

    private static string Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Measured(string? field) => string.Create(CultureInfo.InvariantCulture, $"{field?.Length ?? 0}:{field}");
}
