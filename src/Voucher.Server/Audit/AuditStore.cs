using Voucher.Server.Audit.Verifying;

namespace Voucher.Server.Audit;

/// <summary>Reads the audit trail and checks that it is whole.</summary>
public sealed class AuditStore(NpgsqlDataSource database, County county)
{
    /// <summary>An entry with the name of who acted; none for the operator and for the system itself.</summary>
    /// <param name="Who">The person at that moment; of entries from before persons were noted, the person of the log-in now.</param>
    /// <param name="Origin">Address, terminal or server; <c>null</c> in entries from before it was noted, as is the ground.</param>
    public sealed record Line(
        long Number, DateTimeOffset At, string? Who, string? Login, string? Origin, string Action, string Subject, string Detail, string? Ground, byte[] Hash);

    /// <summary>What to show: newest first, before a number, of one action, of local days.</summary>
    public sealed record Wish(long? Before = null, string? Action = null, DateOnly? From = null, DateOnly? Until = null);

    /// <summary>Result of walking the chain.</summary>
    /// <param name="WholeUpTo">Number of the last entry up to which all hashes agree.</param>
    /// <param name="BrokenAt">The first entry that was changed, or before which one is missing; <c>null</c>: the chain is whole.</param>
    public sealed record Check(long WholeUpTo, long? BrokenAt);

    public async Task<IReadOnlyList<Line>> ReadAsync(Wish wish, int most)
    {
        await using var connection = await database.OpenConnectionAsync();
        var lines = await connection.QueryAsync<Line>("""
            select e.number, e.at, s.name as who, a.login, e.origin, e.action, e.subject, e.detail, e.ground, e.hash
            from audit_entry e
            left join account a on a.id = e.account_id
            left join staff s on s.id = coalesce(e.staff_id, a.staff_id)
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
        var walk = await AuditChain.WalkAsync(connection, most: 1);
        return walk.Faults is [var fault, ..] ? new Check(fault.WholeUpTo, fault.At) : new Check(walk.Last, null);
    }

    /// <summary>The newest day first.</summary>
    public async Task<IReadOnlyList<ChainRoot>> RootsAsync(int mostDays)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await AuditChain.RootsAsync(connection, DateOnly.MaxValue, mostDays);
    }

    /// <summary>The roots of every chain, as they are taken away to be kept elsewhere.</summary>
    public async Task<IReadOnlyList<KeptRoot>> RootsToKeepAsync(int mostDays)
    {
        await using var connection = await database.OpenConnectionAsync();
        List<KeptRoot> roots = [];
        foreach (var chain in HashChain.All)
            roots.AddRange((await chain.Roots(connection, DateOnly.MaxValue, mostDays)).Select(root => new KeptRoot($"{county.Region}", chain.Key, root.Day, root.Number, root.Hash)));
        return roots;
    }

    /// <summary>Taking the roots away is on the trail itself; the roots are those of before.</summary>
    public async Task<IReadOnlyList<KeptRoot>> TakeRootsAsync(Actor actor, int mostDays, DateTimeOffset now)
    {
        var roots = await RootsToKeepAsync(mostDays);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "audit.roots", $"county:{county.Region}", $"roots={roots.Count}",
            Ground.Under(Permission.ReadAudit));
        await transaction.CommitAsync();
        return roots;
    }

    private static DateTimeOffset? StartOf(DateOnly? day) => day is { } known ? CountyTime.At(known, TimeOnly.MinValue).ToUniversalTime() : null;
}
