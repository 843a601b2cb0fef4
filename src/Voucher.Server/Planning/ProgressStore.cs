using Voucher.Core.Planning;

namespace Voucher.Server.Planning;

/// <summary>Counts what the plan is measured by, from the vouchers themselves, in one statement.</summary>
public sealed class ProgressStore(NpgsqlDataSource database, County county)
{
    /// <summary>
    /// Issued, claimed and enrolled are counted in the year in which the voucher's batch was approved; used in the year of
    /// completion, by the county's calendar. Used is a voucher that was completed with a passed assessment and neither revoked
    /// afterwards nor clawed back. A reprint counts once, as its successor; a bait never.
    /// </summary>
    private const string Counting = """
        with far as (
            select extract(year from b.approved_at at time zone 'Asia/Shanghai')::int as year, b.budget_line_id, p.township_code,
                   coalesce(c.programme_id, 0) as programme_id, v.scope,
                   case v.state
                       when 5 then 3
                       when 6 then (select e.from_state from voucher_event e where e.voucher_id = v.id and e.number = v.events)
                       else v.state
                   end as reached
            from voucher v
            join batch b on b.id = v.batch_id and not b.is_bait and b.approved_at is not null
            join person p on p.id = v.person_id
            left join enrolment n on n.voucher_id = v.id and n.is_active
            left join training_class c on c.id = n.class_id
            where v.id between @first and @last and v.state <> 7),
        issued as (
            select year, budget_line_id, township_code, programme_id, scope,
                   count(*) as issued, count(*) filter (where reached >= 2) as claimed, count(*) filter (where reached >= 3) as enrolled, 0::bigint as used
            from far group by 1, 2, 3, 4, 5),
        used as (
            select extract(year from d.completed_at at time zone 'Asia/Shanghai')::int as year, v.budget_line_id, p.township_code,
                   c.programme_id, 0 as scope, 0::bigint as issued, 0::bigint as claimed, 0::bigint as enrolled, count(*) as used
            from completion d
            join assessment a on a.enrolment_id = d.enrolment_id and a.has_passed
            join voucher v on v.id = d.voucher_id and v.state = 4 and v.id between @first and @last
            join enrolment n on n.id = d.enrolment_id
            join training_class c on c.id = n.class_id
            join person p on p.id = v.person_id
            where not exists (select from claim_line l where l.voucher_id = v.id and l.state = 7)
            group by 1, 2, 3, 4)
        """;

    private sealed record Row(
        int Year, string Department, int? Township, int Programme, int Trade, long Issued, long Claimed, long Enrolled, long Used);

    public async Task<IReadOnlyList<ProgressCount>> ReadAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<Row>($"""
            {Counting}
            select x.year, l.department, x.township_code as township,
                   coalesce(g.code, s.code, 0) as programme, coalesce(g.trade_code, s.trade_code, t.code, 0) as trade,
                   sum(x.issued)::bigint as issued, sum(x.claimed)::bigint as claimed, sum(x.enrolled)::bigint as enrolled, sum(x.used)::bigint as used
            from (select * from issued union all select * from used) x
            join budget_line l on l.id = x.budget_line_id
            left join programme g on g.id = x.programme_id
            left join programme s on g.id is null and s.region = @Region and s.code = x.scope
            left join trade t on g.id is null and t.code = x.scope
            group by 1, 2, 3, 4, 5
            """,
            new { county.Region, first = new VoucherId(county.Region, 0), last = new VoucherId(county.Region, uint.MaxValue) });
        return [.. rows.Select(row => new ProgressCount(
            row.Year, row.Department, row.Township, row.Programme, row.Trade, row.Issued, row.Claimed, row.Enrolled, row.Used))];
    }
}
