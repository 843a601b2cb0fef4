namespace Voucher.Server.Audit.Verifying;

/// <summary>
/// Walks the audit trail and computes every hash again: a row that was edited, taken out or put in is named. Rows cut off at
/// the end, and a chain written anew from some row on, leave no trace in the database itself: roots kept elsewhere show them.
/// </summary>
public static class AuditChain
{
    private sealed record Row(
        long Number, DateTimeOffset At, AccountId? Account, StaffId? Staff, string? Origin, string Action, string Subject, string Detail, string? Ground, byte[] Hash)
    {
        public byte[] HashAfter(byte[] previous, bool isFirstForm) =>
            new AuditEntry(Number, At, Account, Staff, Origin, Action, Subject, Detail, Ground, Hash).HashAfter(previous, isFirstForm);
    }

    /// <summary>About two seconds a million rows.</summary>
    public static async Task<ChainWalk> WalkAsync(NpgsqlConnection connection, int most)
    {
        List<ChainFault> faults = [];
        var secondForm = await connection.ExecuteScalarAsync<long?>("select from_number from audit_hash_form where form = 2");
        var rows = connection.QueryUnbufferedAsync<Row>("""
            select number, at, account_id as account, staff_id as staff, origin, action, subject, detail, ground, hash
            from audit_entry order by number
            """);
        var (last, whole, hash) = (0L, 0L, new byte[AuditEntry.HashLength]);
        await foreach (var row in rows)
        {
            if (row.Number != last + 1) faults.Add(new ChainFault(whole, row.Number, last + 1, ChainFault.Missing(last + 1, row.Number - 1)));
            else if (!row.HashAfter(hash, row.Number < secondForm).AsSpan().SequenceEqual(row.Hash)) faults.Add(new ChainFault(whole, row.Number, row.Number, ChainFault.Edited(row.Number)));
            if (faults.Count >= most) return new ChainWalk(row.Number, faults);
            (last, hash) = (row.Number, row.Hash);
            if (faults.Count == 0) whole = row.Number;
        }
        return new ChainWalk(last, faults);
    }

    public static Task<byte[]?> HashAtAsync(NpgsqlConnection connection, long number) =>
        connection.QuerySingleOrDefaultAsync<byte[]?>("select hash from audit_entry where number = @number", new { number });

    public static async Task<IReadOnlyList<ChainRoot>> RootsAsync(NpgsqlConnection connection, DateOnly until, int most)
    {
        // Numbers give the order: an entry that waited for the lock may carry an earlier time than the one before it.
        var roots = await connection.QueryAsync<ChainRoot>("""
            select l.day, l.number, e.hash
            from (select (at at time zone 'Asia/Shanghai')::date as day, max(number) as number from audit_entry group by 1) l
            join audit_entry e on e.number = l.number
            where l.day <= @until
            order by l.day desc
            limit @most
            """, new { until, most });
        return roots.AsList();
    }
}
