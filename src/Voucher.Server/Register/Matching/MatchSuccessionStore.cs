using Voucher.Core.Matching;

namespace Voucher.Server.Register.Matching;

/// <summary>What a list has done to the hits of its source.</summary>
/// <param name="Ended">Hits that ceased to stand.</param>
/// <param name="Carried">Hits of the list that were answered as before.</param>
/// <param name="Held">People missing from a complete list who are so many that their hits stand until that is confirmed; else 0.</param>
public sealed record Succession(int Ended, int Carried, int Held);

/// <summary>
/// What a list that has been read to its end does to the others of its source, in the transaction that makes its hits count. The
/// newer of two lists is the one of the later day, and of one day the one that came later.
/// </summary>
public static class MatchSuccessionStore
{
    /// <param name="bad">Rows that could not be read, which may be anybody's.</param>
    public static async Task<Succession> FollowAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, UnfinishedMatch match, int bad, DateTimeOffset now)
    {
        var terms = new { run = match.Id, region, source = (short)match.Source, asOf = match.AsOf, now };
        // A confirmation of an earlier list does not pass by hits that are not to be seen yet: it comes before or after.
        await connection.ExecuteAsync(
            $"select from match_run r where r.region = @region and r.source = @source and {IsHeld} order by r.id for no key update", terms, transaction);
        var endsAbsent = match.IsComplete && bad == 0;
        var held = endsAbsent ? await HeldAsync(connection, transaction, terms) : 0;
        var ended = await EndEarlierAsync(connection, transaction, region, match.Id, match.Source, match.AsOf, endsAbsent && held == 0, now)
            + await connection.ExecuteAsync(EndOwn, terms, transaction);
        return new(ended, await connection.ExecuteAsync(Carry, terms, transaction), held);
    }

    /// <summary>Hits of earlier lists end by this one.</summary>
    /// <param name="endsAbsent">Also those of everybody whom it does not name.</param>
    /// <returns>How many.</returns>
    public static Task<int> EndEarlierAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, long run, MatchSource source, DateOnly asOf, bool endsAbsent, DateTimeOffset now) =>
        connection.ExecuteAsync(EndEarlier, new { run, region, source = (short)source, asOf, endsAbsent, now }, transaction);

    /// <summary>People whose hits would end because the list lacks them, when they are so many that a second person is to look; else 0.</summary>
    private static async Task<int> HeldAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, object terms)
    {
        var (standing, absent) = await connection.QuerySingleAsync<(long Standing, long Absent)>(CountAbsent, terms, transaction);
        return absent > MatchLimits.MostEndedUnseen && absent * 100 > standing * MatchLimits.MostEndedUnseenPercent ? (int)absent : 0;
    }

    /// <summary>Whether a list <c>r</c> was read so that whoever is not named in it is not in it; as <see cref="MatchState.EndsAbsent"/>.</summary>
    private const string EndsAbsent = $"(r.is_complete and r.bad = 0 and not {IsHeld})";

    /// <summary>Whether a list <c>r</c> lacks so many that nobody's hit ends by it until another person has confirmed that.</summary>
    public const string IsHeld = "(r.held > 0 and r.confirmed_at is null)";

    /// <summary>
    /// Whether a list <c>r</c> was looked through for every number of the person <c>q</c>. A row that names a number which the
    /// register did not have, or had no more, is dropped as 不在册: for somebody who came or came back since, the list proves nothing.
    /// </summary>
    private const string LookedFor = $"""
        not exists (
            select from person e
            where (e.id = q.id or e.merged_into = q.id)
              and (e.created_at > r.created_at
                   or exists (
                       select from person_change c
                       where c.region = e.region and c.person_id = e.id and c.field = 17 and c.after = '{DepartureStore.Here}' and c.at > r.created_at)))
        """;

    /// <summary>Who is in the list, under the entry that they are now: one may have been merged since it was read.</summary>
    private const string Named = """
        named as materialized (
            select coalesce(p.merged_into, p.id) as person_id from match_hit n join person p on p.id = n.person_id where n.run_id = @run)
        """;

    /// <summary>Standing hits <c>h</c> of earlier lists of the source, of people <c>q</c>; the list itself is <c>r</c>.</summary>
    private const string StandingEarlier = $"""
        from match_hit h
        join match_run o on o.id = h.run_id and (o.as_of, o.id) < (@asOf, @run)
        join match_run r on r.id = @run
        join person p on p.id = h.person_id
        join person q on q.id = coalesce(p.merged_into, p.id)
        where h.region = @region and h.source = @source and {MatchBlockStore.Stands}
        """;

    /// <summary>Whether the person <c>q</c> is not in the list <c>r</c>, of whose hits <c>named</c> has the people.</summary>
    private const string IsAbsent = $"(q.id not in (select person_id from named) and q.withdrawn_at is null and {LookedFor})";

    private const string CountAbsent = $"""
        with {Named}
        select count(distinct q.id), count(distinct q.id) filter (where {IsAbsent}) {StandingEarlier}
        """;

    /// <summary>
    /// Earlier hits of those whom the list names end with it; after a complete list also those of everybody whom it does not
    /// name. Whoever has left the register was not looked for, so that nothing is known of them.
    /// </summary>
    private const string EndEarlier = $"""
        with {Named},
        earlier as materialized (
            select h.id {StandingEarlier}
              and (q.id in (select person_id from named) or @endsAbsent and {IsAbsent})
            order by h.id for no key update of h)
        update match_hit h set ended_at = @now, ended_by_run = @run from earlier e where e.id = h.id and {MatchBlockStore.Stands}
        """;

    /// <summary>
    /// An old list that is handed in late says nothing of those of whom a newer one speaks already: by name, or because it is
    /// complete and was looked through for them.
    /// </summary>
    private const string EndOwn = $"""
        with overtaken as (
            select h.id as hit, (
                select r.id from match_run r
                where r.region = @region and r.source = @source and r.status = 3 and (r.as_of, r.id) > (@asOf, @run)
                  and (exists (select from match_hit x where x.run_id = r.id and x.person_id in {KnownAs.Holder}) or {EndsAbsent} and {LookedFor})
                order by r.as_of desc, r.id desc limit 1) as by_run
            from match_hit h
            join person p on p.id = h.person_id
            join person q on q.id = coalesce(p.merged_into, p.id)
            where h.run_id = @run)
        update match_hit h set ended_at = @now, ended_by_run = o.by_run from overtaken o where o.hit = h.id and o.by_run is not null
        """;

    /// <summary>
    /// The same hit that a person has dismissed is answered as they did, unless another of that person stood until now, or a
    /// complete list in between did not name them: then they are in it anew.
    /// </summary>
    private const string Carry = $"""
        with stood as materialized (
            select distinct coalesce(p.merged_into, p.id) as person_id
            from match_hit e join person p on p.id = e.person_id where e.ended_by_run = @run),
        answered as (
            select distinct on (h.id) h.id, d.dismissed_at, d.dismissed_by, d.dismissed_reason, coalesce(d.decided_hit, d.id) as decided
            from match_hit h
            join person p on coalesce(p.merged_into, p.id) = h.person_id
            join match_hit d on d.person_id = p.id and d.source = h.source and d.difference = h.difference and d.dismissed_at is not null
            join match_run o on o.id = d.run_id and (o.as_of, o.id) < (@asOf, @run)
            where h.run_id = @run and h.ended_at is null and h.person_id not in (select person_id from stood)
              and not exists (
                select from match_run r
                where r.region = @region and r.source = @source and r.status = 3 and {EndsAbsent}
                  and (r.as_of, r.id) > (o.as_of, o.id) and (r.as_of, r.id) < (@asOf, @run)
                  and not exists (select from match_hit x where x.run_id = r.id and x.person_id in {KnownAs.Holder}))
            order by h.id, o.as_of desc, o.id desc)
        update match_hit h
        set dismissed_at = a.dismissed_at, dismissed_by = a.dismissed_by, dismissed_reason = a.dismissed_reason, decided_hit = a.decided
        from answered a where a.id = h.id
        """;
}
