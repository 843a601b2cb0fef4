using Voucher.Server.Register;
using Voucher.Server.Register.Matching;

namespace Voucher.Server.Issuing.Judging;

/// <summary>
/// The judgement of <see cref="Core.Issuing.Eligibility"/> over a whole selection at once: what is known of the chosen is
/// gathered kind by kind, then each gets the numbers of all reasons against them in order of precedence.
/// </summary>
public static class JudgementSql
{
    /// <summary>Whether a person of the register has been taken out of it.</summary>
    public const string Withdrawn = "(p.withdrawn_at is not null)";

    /// <summary>The order in which papers are carried out: by township, village and place in it, then by name.</summary>
    public const string DeliveryOrder = "township_code nulls last, village_code nulls last, household_place, name, id";

    public const string Judged = $$"""
        with recursive lineage (id) as (
            select @OfBatch::bigint
            union
            select (b.selection ->> 'ofBatch')::bigint from lineage o join batch b on b.id = o.id and b.region = @region
        ),
        -- Whoever was merged into another since is meant under the number that stayed; merges leave no chain.
        of_batch as materialized (
            select distinct coalesce(n.merged_into, n.id) as id
            from (
                select m.person_id from lineage o join batch_person m on m.batch_id = o.id
                union all select l.person_id from lineage o join batch_left_out l on l.batch_id = o.id
                union all select named::bigint from lineage o join batch b on b.id = o.id, jsonb_array_elements_text(coalesce(b.selection -> 'people', '[]')) named
            ) o
            join person n on n.id = o.person_id
        ),
        chosen as materialized (
            select p.id, p.township_code, p.village_code, p.household_place, p.name, p.birth_date, p.categories, {{Withdrawn}} as is_withdrawn
            from person p
            -- Joined, not asked for with "in" below: within an "or" that is read through for every person once it no longer fits into work_mem.
            left join of_batch ob on ob.id = p.id
            where p.region = @region and not p.is_bait and (
                @everyone
                or (cardinality(@people) > 0 and p.id = any(@people))
                or (@batch::bigint is not null and exists (
                    select from batch_person m
                    where m.batch_id = @batch and m.person_id = p.id and m.ordinal >= (select written from batch where id = @batch)))
                or ob.id is not null
                or (@IsFilter
                    and (cardinality(@townships) = 0 or p.township_code = any(@townships))
                    and (cardinality(@villages) = 0 or p.village_code = any(@villages))
                    and (cardinality(@categories) = 0 or p.categories && @categories)
                    and (cardinality(@lists) = 0 or exists (
                        select from person_list_member m where m.list_id = any(@lists) and m.person_id = p.id))
                    and (cardinality(@employment) = 0 or p.employment = any(@employment))
                    and (cardinality(@wishes) = 0 or p.wish_trades && @wishes)
                    and (not @OnDemandList or {{PeopleQuery.OnDemandList}}))
            )
        ),
        -- Each of the chosen under all numbers that were merged into theirs: vouchers and classes stay with the number they were given to.
        known (person_id, as_id) as (
            select id, id from chosen
            union
            select k.person_id, m.id from known k join person m on m.merged_into = k.as_id
        ),
        asked as (
            select case when @scope between 1 and 999 then @scope
                        else (select g.trade_code from programme g where g.region = @region and g.code = @scope) end as trade
        ),
        held as (
            -- An enrolled voucher is live whatever its last day, since it no longer expires.
            select k.person_id,
                   bool_or(v.state = 3 or v.state in (1, 2) and v.valid_until >= @today) as is_live,
                   count(*) filter (where v.state not in (6, 7) and v.valid_from between @yearStart and @yearEnd) as of_year
            from voucher v join known k on k.as_id = v.person_id
            group by k.person_id
        ),
        awaited as (
            select k.person_id, count(*) filter (where b.valid_from between @yearStart and @yearEnd) as of_year
            from batch b
            join batch_person m on m.batch_id = b.id and m.ordinal >= b.written
            join known k on k.as_id = m.person_id
            where b.region = @region and b.status in (1, 2) and b.id is distinct from @batch
            group by k.person_id
        ),
        trained as (
            select o.person_id,
                   bool_or(g.code = @scope) as same_programme,
                   count(*) filter (where g.trade_code = a.trade and d.completed_at >= @yearFrom and d.completed_at < @yearTo) as of_trade
            from completion d
            join enrolment n on n.id = d.enrolment_id
            join known o on o.as_id = n.person_id
            join training_class k on k.id = n.class_id
            join programme g on g.id = k.programme_id
            cross join asked a
            group by o.person_id
        ),
        matched as (
            select h.person_id, array_agg(distinct (20 + h.source)::smallint) as reasons
            from match_hit h join chosen c on c.id = h.person_id
            where h.region = @region and {{MatchBlockStore.Stands}} and h.source = any(@blocking)
            group by h.person_id
        ),
        judged as materialized (
            select c.id, c.township_code, c.village_code, c.household_place, c.name,
                array_remove(array[
                    case when c.is_withdrawn then 1 end,
                    case when c.birth_date + make_interval(years => @youngest) > @validFrom then 2 end,
                    case when c.birth_date + make_interval(years => @oldest + 1) <= @validFrom then 3 end,
                    case when cardinality(@eligible) > 0 and not c.categories && @eligible then 4 end,
                    case when @oneLive and h.is_live then 5 end,
                    case when @oneLive and w.person_id is not null then 6 end,
                    case when @mostOfYear > 0 and coalesce(h.of_year, 0) + coalesce(w.of_year, 0) >= @mostOfYear then 7 end,
                    case when @mostOfTrade > 0 and t.of_trade >= @mostOfTrade then 8 end,
                    case when t.same_programme then 9 end
                ]::smallint[], null) || coalesce(x.reasons, '{}') as reasons
            from chosen c
            left join held h on h.person_id = c.id
            left join awaited w on w.person_id = c.id
            left join trained t on t.person_id = c.id
            left join matched x on x.person_id = c.id
        )

        """;
}
