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

    /// <summary>Of a ground; what is longer is cut.</summary>
    public const int LongestGround = 300;

    private const long LockNumber = 0x6175646974; // "audit"

    private sealed record Before(StaffId? Staff, long Number, byte[]? Hash);

    /// <summary>Appends one entry; no personal data in <paramref name="detail"/> and <paramref name="ground"/>.</summary>
    /// <param name="detail">May be empty.</param>
    /// <param name="ground">The rule and clause, the reason, or the permission that the act rests on, as <see cref="Ground"/> says it; never empty.</param>
    public static async Task AppendAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction,
        DateTimeOffset at, AccountId? account, string action, string subject, string detail, string ground)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(ground);
        // One writer at a time: the chain has no forks. Held to the end of the transaction.
        await connection.ExecuteAsync("select pg_advisory_xact_lock(@LockNumber)", new { LockNumber }, transaction);
        var before = await connection.QuerySingleAsync<Before>("""
            select (select coalesce(s.merged_into, s.id) from account a join staff s on s.id = a.staff_id where a.id = @account) as staff,
                   coalesce(last.number, 0) as number, last.hash
            from (select) one
            left join (select number, hash from audit_entry order by number desc limit 1) last on true
            """, new { account }, transaction);
        var entry = new AuditEntry(
            before.Number + 1, Truncate(at), account, before.Staff, Whereabouts.Current, action, subject, Cut(detail, LongestDetail), Cut(ground, LongestGround), []);
        var hash = entry.HashAfter(before.Hash ?? new byte[AuditEntry.HashLength], isFirstForm: false);
        await connection.ExecuteAsync("""
            insert into audit_entry (number, at, account_id, staff_id, origin, action, subject, detail, ground, hash)
            values (@Number, @At, @Account, @Staff, @Origin, @Action, @Subject, @Detail, @Ground, @hash)
            """,
            new { entry.Number, entry.At, entry.Account, entry.Staff, entry.Origin, entry.Action, entry.Subject, entry.Detail, entry.Ground, hash }, transaction);
    }

    /// <summary>Between two characters, with … in place of the rest.</summary>
    internal static string Cut(string text, int longest)
    {
        if (text.Length <= longest) return text;
        var end = longest - 1;
        return $"{text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)]}…";
    }

    /// <summary>PostgreSQL keeps microseconds; what is hashed must be what is stored.</summary>
    private static DateTimeOffset Truncate(DateTimeOffset at) => new(at.UtcTicks / 10 * 10, TimeSpan.Zero);
}
