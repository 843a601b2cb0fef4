namespace Voucher.Server.Audit;

/// <summary>Reads the audit trail and checks that it is whole.</summary>
public sealed class AuditStore(NpgsqlDataSource database)
{
    /// <summary>An entry with the name of who acted; none for the operator and for the system itself.</summary>
    public sealed record Line(long Number, DateTimeOffset At, string? Who, string? Login, string Action, string Subject, string Detail, byte[] Hash);

    /// <summary>What to show: newest first, before a number, of one action, of local days.</summary>
    public sealed record Wish(long? Before = null, string? Action = null, DateOnly? From = null, DateOnly? Until = null);

    /// <summary>Result of walking the chain.</summary>
    /// <param name="WholeUpTo">Number of the last entry up to which all hashes agree.</param>
    /// <param name="BrokenAt">The first entry that was changed, or before which one is missing; <c>null</c>: the chain is whole.</param>
    public sealed record Check(long WholeUpTo, long? BrokenAt);

    /// <summary>The chain's hash after the last entry of a local day. Kept elsewhere, it proves that nothing before it was changed since.</summary>
    public sealed record Root(DateOnly Day, long Number, byte[] Hash);

    public async Task<IReadOnlyList<Line>> ReadAsync(Wish wish, int most)
    {
        await using var connection = await database.OpenConnectionAsync();
        var lines = await connection.QueryAsync<Line>("""
            select e.number, e.at, s.name as who, a.login, e.action, e.subject, e.detail, e.hash
            from audit_entry e
            left join account a on a.id = e.account_id
            left join staff s on s.id = a.staff_id
            where (@Before::bigint is null or e.number < @Before)
              and (@Action::text is null or e.action = @Action)
              and (@from::timestamptz is null or e.at >= @from)
              and (@until::timestamptz is null or e.at < @until)
            order by e.number desc
            limit @most
            """,
            new { wish.Before, wish.Action, from = StartOf(wish.From), until = StartOf(wish.Until?.AddDays(1)), most });
        return lines.AsList();
    }

    /// <summary>The actions that occur, for the filter.</summary>
    public async Task<IReadOnlyList<string>> ActionsAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<string>("select distinct action from audit_entry order by action")).AsList();
    }

    /// <summary>Walks the whole chain, from the first entry; about two seconds a million.</summary>
    public async Task<Check> CheckAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        var entries = connection.QueryUnbufferedAsync<AuditEntry>(
            "select number, at, account_id as account, action, subject, detail, hash from audit_entry order by number");
        var (number, hash) = (0L, new byte[AuditEntry.HashLength]);
        await foreach (var entry in entries)
        {
            if (entry.Number != number + 1 || !entry.HashAfter(hash).AsSpan().SequenceEqual(entry.Hash)) return new Check(number, entry.Number);
            (number, hash) = (entry.Number, entry.Hash);
        }
        return new Check(number, null);
    }

    /// <summary>The newest day first.</summary>
    public async Task<IReadOnlyList<Root>> RootsAsync(int mostDays)
    {
        await using var connection = await database.OpenConnectionAsync();
        // Numbers give the order: an entry that waited for the lock may carry an earlier time than the one before it.
        var roots = await connection.QueryAsync<Root>("""
            select l.day, l.number, e.hash
            from (select (at at time zone 'Asia/Shanghai')::date as day, max(number) as number from audit_entry group by 1) l
            join audit_entry e on e.number = l.number
            order by l.day desc
            limit @mostDays
            """, new { mostDays });
        return roots.AsList();
    }

    private static DateTimeOffset? StartOf(DateOnly? day) => day is { } known ? CountyTime.At(known, TimeOnly.MinValue).ToUniversalTime() : null;
}
