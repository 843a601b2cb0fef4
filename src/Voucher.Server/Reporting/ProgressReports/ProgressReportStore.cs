using Voucher.Core.Planning;

namespace Voucher.Server.Reporting.ProgressReports;

/// <summary>A report as it was sent.</summary>
/// <param name="Certificates">As the sender knew; <c>null</c> when not known.</param>
/// <param name="Employed">As the sender knew; <c>null</c> when not known.</param>
public sealed record SentReport(
    DateOnly FirstDay, DateOnly LastDay, PolicyId PolicyId, string Figures, string Recipient, int? Certificates, int? Employed, string Note,
    string SentBy, DateTimeOffset SentAt);

/// <summary>Counts a period, and keeps what was sent of it.</summary>
public sealed class ProgressReportStore(NpgsqlDataSource database, County county)
{
    private sealed record Row(
        string Department, long Trained, long Passed, Fen Paid, long TrainedOfYear, long PassedOfYear, Fen PaidOfYear);

    private const string SelectSent = """
        select r.first_day, r.last_day, r.policy_id, r.figures::text as figures, r.recipient, r.certificates, r.employed, r.note, s.name as sent_by, r.sent_at
        from progress_report r join staff s on s.id = r.sent_by_staff
        """;

    /// <summary>The day on which the county first issued vouchers: nothing can be reported of the time before.</summary>
    public async Task<DateOnly?> FirstIssueAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<DateTime?>(
            "select min(approved_at) from batch where region = @Region and not is_bait", new { county.Region }) is { } first
            ? CountyTime.DayOf(new DateTimeOffset(first, TimeSpan.Zero))
            : null;
    }

    /// <summary>What each department did, in one statement. Payments count on the day of the bank's receipt.</summary>
    public async Task<IReadOnlyList<DepartmentFigures>> CountAsync(ReportPeriod period, IReadOnlyDictionary<string, int?> targets)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<Row>("""
            with done as (
                select v.budget_line_id, (n.enrolled_at at time zone 'Asia/Shanghai')::date as day, 1 as trained, 0 as passed, 0::bigint as paid
                from enrolment n join voucher v on v.id = n.voucher_id
                where n.enrolled_at >= @start and n.enrolled_at < @end and n.is_active and v.id between @first and @last
                union all
                select v.budget_line_id, (d.completed_at at time zone 'Asia/Shanghai')::date, 0, 1, 0
                from completion d
                join assessment a on a.enrolment_id = d.enrolment_id and a.has_passed
                join voucher v on v.id = d.voucher_id and v.state = 4 and v.id between @first and @last
                where d.completed_at >= @start and d.completed_at < @end
                  and not exists (select from claim_line l where l.voucher_id = v.id and l.state = 7)
                union all
                select l.budget_line_id, p.paid_on, 0, 0, l.amount_fen
                from payment p join claim_line l on l.payment_id = p.id and l.state = 5
                where p.region = @Region and p.paid_on between @yearFirst and @periodLast),
            counted as (
                select b.department,
                       count(*) filter (where trained = 1 and day >= @periodFirst) as trained,
                       count(*) filter (where passed = 1 and day >= @periodFirst) as passed,
                       coalesce(sum(paid) filter (where day >= @periodFirst), 0)::bigint as paid,
                       count(*) filter (where trained = 1) as trained_of_year,
                       count(*) filter (where passed = 1) as passed_of_year,
                       sum(paid)::bigint as paid_of_year
                from done join budget_line b on b.id = done.budget_line_id
                group by b.department)
            select d.department, coalesce(c.trained, 0) as trained, coalesce(c.passed, 0) as passed, coalesce(c.paid, 0) as paid,
                   coalesce(c.trained_of_year, 0) as trained_of_year, coalesce(c.passed_of_year, 0) as passed_of_year, coalesce(c.paid_of_year, 0) as paid_of_year
            from (select department from counted union select unnest(@departments)) d left join counted c on c.department = d.department
            order by d.department
            """, Arguments(period, targets.Keys));
        return [.. rows.Select(row => new DepartmentFigures(
            row.Department, targets.GetValueOrDefault(row.Department),
            row.Trained, row.Passed, row.Paid, row.TrainedOfYear, row.PassedOfYear, row.PaidOfYear))];
    }

    public async Task<IReadOnlyList<SentReport>> SentAsync(DateOnly from, DateOnly until)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<SentReport>(
            $"{SelectSent} where r.region = @Region and r.first_day between @from and @until order by r.first_day", new { county.Region, from, until })];
    }

    /// <summary>False when the period's report was sent already.</summary>
    public async Task<bool> AddAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, ReportPeriod period, Policy policy, ReportFigures figures, ReportWords words, Actor by, DateTimeOffset now) =>
        await connection.ExecuteAsync("""
            insert into progress_report (region, first_day, last_day, policy_id, figures, recipient, certificates, employed, note, sent_by, sent_by_staff, sent_at)
            values (@Region, @First, @Last, @policy, @figures::jsonb, @Recipient, @Certificates, @Employed, @Note, @Account, @Staff, @now)
            on conflict do nothing
            """,
            new
            {
                county.Region, period.First, period.Last, policy = policy.Id, figures = figures.ToJson(), words.Recipient, words.Certificates, words.Employed,
                words.Note, by.Account, by.Staff, now,
            }, transaction) == 1;

    private object Arguments(ReportPeriod period, IEnumerable<string> departments)
    {
        var yearFirst = new DateOnly(period.First.Year, 1, 1);
        return new
        {
            county.Region, yearFirst, periodFirst = period.First, periodLast = period.Last,
            start = CountyTime.At(yearFirst, default).ToUniversalTime(), end = CountyTime.At(period.Last.AddDays(1), default).ToUniversalTime(),
            first = new VoucherId(county.Region, 0), last = new VoucherId(county.Region, uint.MaxValue), departments = departments.ToArray(),
        };
    }
}
