using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Voucher.Server.Audit;

/// <summary>
/// The trail of decisions. Each entry's hash covers its content and the hash before it, so that an edited, missing or
/// inserted row is found. Written in the transaction of the decision itself.
/// </summary>
public static class AuditTrail
{
    /// <summary>Of the name of a deed, such as <c>batch.approve</c>; the table has the same bound.</summary>
    public const int LongestAction = 40;

    /// <summary>UTF-16 units of the detail; what is longer is cut. The table has the same bound, in characters.</summary>
    public const int LongestDetail = 500;

    private const long LockNumber = 0x6175646974; // "audit"

    /// <summary>Appends one entry; no personal data in <paramref name="detail"/>.</summary>
    public static async Task AppendAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction,
        DateTimeOffset at, AccountId? account, string action, string subject, string detail = "")
    {
        // One writer at a time: the chain has no forks. Held to the end of the transaction.
        await connection.ExecuteAsync("select pg_advisory_xact_lock(@LockNumber)", new { LockNumber }, transaction);
        var last = await connection.QuerySingleOrDefaultAsync<(long Number, byte[] Hash)?>(
            "select number, hash from audit_entry order by number desc limit 1", transaction: transaction);
        var entry = new AuditEntry((last?.Number ?? 0) + 1, Truncate(at), account, action, subject, Cut(detail), []);
        var hash = entry.HashAfter(last?.Hash ?? new byte[AuditEntry.HashLength]);
        await connection.ExecuteAsync("""
            insert into audit_entry (number, at, account_id, action, subject, detail, hash)
            values (@Number, @At, @Account, @Action, @Subject, @Detail, @hash)
            """, new { entry.Number, entry.At, entry.Account, entry.Action, entry.Subject, entry.Detail, hash }, transaction);
    }

    /// <summary>Between two characters, with … in place of the rest.</summary>
    internal static string Cut(string detail)
    {
        if (detail.Length <= LongestDetail) return detail;
        var end = LongestDetail - 1;
        return $"{detail[..(char.IsHighSurrogate(detail[end - 1]) ? end - 1 : end)]}…";
    }

    /// <summary>PostgreSQL keeps microseconds; what is hashed must be what is stored.</summary>
    private static DateTimeOffset Truncate(DateTimeOffset at) => new(at.UtcTicks / 10 * 10, TimeSpan.Zero);
}

/// <summary>One entry of the audit trail.</summary>
public sealed record AuditEntry(long Number, DateTimeOffset At, AccountId? Account, string Action, string Subject, string Detail, byte[] Hash)
{
    /// <summary>Bytes of a hash; that many zeros stand before the first entry.</summary>
    public const int HashLength = SHA256.HashSizeInBytes;

    /// <summary>SHA-256 over the previous hash and this entry's content, fields separated by U+001F.</summary>
    public byte[] HashAfter(ReadOnlySpan<byte> previous)
    {
        var content = string.Join('\u001f',
            Number.ToString(CultureInfo.InvariantCulture),
            At.UtcTicks.ToString(CultureInfo.InvariantCulture),
            Account?.Value.ToString(CultureInfo.InvariantCulture) ?? "",
            Action, Subject, Detail);
        return SHA256.HashData([.. previous, .. Encoding.UTF8.GetBytes(content)]);
    }
}
