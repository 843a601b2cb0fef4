using Voucher.Core.Matching;

namespace Voucher.Server.Register.Matching;

/// <summary>A hit of one person, whichever list it is of.</summary>
/// <param name="IsCarried">Answered as a person had answered the same hit of an earlier list.</param>
/// <param name="EndedByAsOf">The day of the later list that speaks in its place.</param>
public sealed record HitOfPerson(
    long Id, long Run, MatchSource Source, DateOnly AsOf, string Difference, DateTimeOffset? DismissedAt, string? DismissedBy, string? DismissedReason,
    bool IsCarried, DateTimeOffset? EndedAt, DateOnly? EndedByAsOf)
{
    public bool Stands => DismissedAt is null && EndedAt is null;
}

/// <summary>Hits of one person over all lists, and what a person decides on hits.</summary>
public sealed class DismissalStore(NpgsqlDataSource database, County county)
{
    /// <summary>Also what was found under an entry that was merged into the person's: its vouchers are theirs.</summary>
    private const string OfPerson = $"h.person_id in {KnownAs.Person}";

    /// <summary>Standing ones first, then newest first.</summary>
    public async Task<IReadOnlyList<HitOfPerson>> OfPersonAsync(PersonId person)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<HitOfPerson>($"""
            select h.id, h.run_id as run, h.source, r.as_of, h.difference, h.dismissed_at,
                   (select s.name from account a join staff s on s.id = a.staff_id where a.id = h.dismissed_by) as dismissed_by,
                   h.dismissed_reason, h.decided_hit is not null as is_carried, h.ended_at, e.as_of as ended_by_as_of
            from match_hit h join match_run r on r.id = h.run_id left join match_run e on e.id = h.ended_by_run
            where h.region = @Region and {OfPerson}
            order by {MatchBlockStore.Stands} desc, r.as_of desc, h.id desc limit @MostOfPerson
            """, new { county.Region, person, MatchLimits.MostOfPerson })];
    }

    /// <summary>Those of the hits that are of the list and stand; each has an entry on the trail.</summary>
    /// <returns>How many; <c>null</c> when the list has none of them.</returns>
    public Task<int?> DismissOfRunAsync(long run, long[] hits, string reason, Actor by, DateTimeOffset now) =>
        DismissAsync("h.run_id = @run", $"match:{run}", run, default, hits, reason, by, now);

    /// <summary>The same of one person, whichever lists they are of.</summary>
    public Task<int?> DismissOfPersonAsync(PersonId person, long[] hits, string reason, Actor by, DateTimeOffset now) =>
        DismissAsync(OfPerson, $"person:{person}", 0, person, hits, reason, by, now);

    private async Task<int?> DismissAsync(
        string whose, string subject, long run, PersonId person, long[] hits, string reason, Actor by, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var terms = new { county.Region, run, person, hits, reason, by.Account, now };
        // In the order in which a list that ends hits locks them, too.
        var known = (await connection.QueryAsync<(long Id, bool Stands)>($"""
            select h.id, {MatchBlockStore.Stands} from match_hit h
            where h.id = any(@hits) and h.region = @Region and {whose} order by h.id for no key update
            """, terms, transaction)).ToList();
        if (known.Count == 0) return null;
        var standing = known.Where(hit => hit.Stands).Select(hit => hit.Id).ToArray();
        await connection.ExecuteAsync($"""
            update match_hit h set dismissed_at = @now, dismissed_by = @Account, dismissed_reason = @reason
            where h.id = any(@standing) and {MatchBlockStore.Stands}
            """, new { standing, reason, by.Account, now }, transaction);
        foreach (var hit in standing) await AuditTrail.AppendAsync(connection, transaction, now, by.Account, "match.dismiss", subject, $"hit={hit}: {reason}",
            Ground.Given(reason, Permission.DismissMatch));
        await transaction.CommitAsync();
        return standing.Length;
    }
}
