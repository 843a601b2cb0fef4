namespace Voucher.Server.Register.Matching;

/// <summary>
/// What a list that has been read to its end does to the others of its source, in the transaction that makes its hits count. The
/// newer of two lists is the one of the later day, and of one day the one that came later.
/// </summary>
public static class MatchSuccessionStore
{
    /// <returns>How many hits ceased to stand, and how many of this list were answered as before.</returns>
    public static async Task<(int Ended, int Carried)> FollowAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, UnfinishedMatch match, int bad, DateTimeOffset now)
    {
        var terms = new
        {
            run = match.Id, region, source = (short)match.Source, match.AsOf, now,
            endsAbsent = match.IsComplete && bad == 0, // As MatchState.EndsAbsent.
        };
        var ended = await connection.ExecuteAsync(EndEarlier, terms, transaction) + await connection.ExecuteAsync(EndOwn, terms, transaction);
        return (ended, await connection.ExecuteAsync(Carry, terms, transaction));
    }

    /// <summary>
    /// Earlier hits of those whom the list names end with it; after a complete list also those of everybody whom it does not
    /// name. Whoever has left the register was not looked for, so that nothing is known of them.
    /// </summary>
    private const string EndEarlier = $"""
        with named as materialized (select person_id from match_hit where run_id = @run),
        earlier as materialized (
            select h.id
            from match_hit h
            join match_run o on o.id = h.run_id and (o.as_of, o.id) < (@AsOf, @run)
            join person p on p.id = h.person_id
            join person q on q.id = coalesce(p.merged_into, p.id)
            where h.region = @region and h.source = @source and {MatchBlockStore.Stands}
              and (q.id in (select person_id from named) or @endsAbsent and q.withdrawn_at is null)
            order by h.id for no key update of h)
        update match_hit h set ended_at = @now, ended_by_run = @run from earlier e where e.id = h.id and {MatchBlockStore.Stands}
        """;

    /// <summary>An old list that is handed in late says nothing of those of whom a newer one speaks already.</summary>
    private const string EndOwn = """
        with overtaken as (
            select mine.id as hit, (
                select r.id from match_run r
                where r.region = @region and r.source = @source and r.status = 3 and (r.as_of, r.id) > (@AsOf, @run)
                  and (r.is_complete and r.bad = 0
                       or exists (select from match_hit x where x.run_id = r.id and x.person_id = mine.person_id))
                order by r.as_of desc, r.id desc limit 1) as by_run
            from match_hit mine where mine.run_id = @run)
        update match_hit h set ended_at = @now, ended_by_run = o.by_run from overtaken o where o.hit = h.id and o.by_run is not null
        """;

    /// <summary>
    /// The same hit that a person has dismissed is answered as they did, unless another of that person stood until now, or a
    /// complete list in between did not name them: then they are in it anew.
    /// </summary>
    private const string Carry = """
        with stood as materialized (
            select distinct coalesce(p.merged_into, p.id) as person_id
            from match_hit e join person p on p.id = e.person_id where e.ended_by_run = @run),
        answered as (
            select distinct on (mine.id) mine.id, d.dismissed_at, d.dismissed_by, d.dismissed_reason, coalesce(d.decided_hit, d.id) as decided
            from match_hit mine
            join person p on coalesce(p.merged_into, p.id) = mine.person_id
            join match_hit d on d.person_id = p.id and d.source = mine.source and d.difference = mine.difference and d.dismissed_at is not null
            join match_run o on o.id = d.run_id and (o.as_of, o.id) < (@AsOf, @run)
            where mine.run_id = @run and mine.ended_at is null and mine.person_id not in (select person_id from stood)
              and not exists (
                select from match_run c
                where c.region = @region and c.source = @source and c.status = 3 and c.is_complete and c.bad = 0
                  and (c.as_of, c.id) > (o.as_of, o.id) and (c.as_of, c.id) < (@AsOf, @run)
                  and not exists (select from match_hit x where x.run_id = c.id and x.person_id = mine.person_id))
            order by mine.id, o.as_of desc, o.id desc)
        update match_hit h
        set dismissed_at = a.dismissed_at, dismissed_by = a.dismissed_by, dismissed_reason = a.dismissed_reason, decided_hit = a.decided
        from answered a where a.id = h.id
        """;
}
