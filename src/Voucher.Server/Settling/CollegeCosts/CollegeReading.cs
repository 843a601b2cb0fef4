using Voucher.Core.Settling;
using Voucher.Server.Policies;

namespace Voucher.Server.Settling.CollegeCosts;

/// <summary>
/// One payment to a college out of one budget line; what the bank returned of it (below 0); what was taken back from the college (below
/// 0), or given back with a decision that was reversed.
/// </summary>
/// <param name="Payment"><c>null</c>: taken back, or that reversed.</param>
public sealed record CollegeIncome(DateOnly Day, PaymentId? Payment, string Source, string Line, int Vouchers, Fen Amount, int Percent, string Rule)
{
    public Words What => (Payment, Amount.Value < 0) switch
    {
        ({ }, false) => new("支付", "Paid"),
        ({ }, true) => new("退汇", "Returned by the bank"),
        (null, true) => new("追回", "Taken back"),
        (null, false) => new("撤销追回", "Taking back reversed"),
    };
}

/// <summary>分成备忘: a college's training income of a period and what of it may go to running costs.</summary>
public sealed record CollegeMemo(InstitutionId Institution, string Name, CollegePeriod Period, IReadOnlyList<CollegeIncome> Rows, CollegeSplit Split)
{
    /// <summary>The rules behind the shares, each once, as cited.</summary>
    public IEnumerable<string> Rules => Rows.Select(row => row.Rule).Distinct();

    public Fen Paid => Rows.Where(row => row.Payment is not null).Aggregate(Fen.Zero, (sum, row) => sum + row.Amount);
    public Fen TakenBack => Paid - Split.Income;
}

/// <summary>
/// Reads the training income of institutions that are marked as colleges: what the ledger posted as paid for their claim lines, and
/// what decisions took back from them. Each stands on the day it was posted, so that a memo that was printed stays true. What a
/// trainee was paid or owes back is not the college's.
/// </summary>
public sealed class CollegeReading(NpgsqlDataSource database, PolicyStore policies, County county)
{
    private sealed record Row(InstitutionId Institution, DateOnly Day, PaymentId? Payment, string Source, string Line, int Vouchers, Fen Amount);

    /// <summary>Every college that the actor may see, by name.</summary>
    public async Task<IReadOnlyList<CollegeMemo>> ListAsync(Actor actor, CollegePeriod period, InstitutionId? only = null)
    {
        await using var connection = await database.OpenConnectionAsync();
        var colleges = await connection.QueryAsync<(InstitutionId Id, string Name)>("""
            select i.id, i.name from institution i
            where i.region = @Region and (@own::int is null or i.id = @own) and (@only::int is null or i.id = @only)
              and exists (select from institution_mark m where m.institution_id = i.id and m.kind = 4 and m.ended_at is null and m.year <= @Year)
            order by i.name, i.id
            """, new { county.Region, own = actor.Institution?.Value, only = only?.Value, period.Year });
        var known = colleges.ToList();
        var rows = await RowsAsync(connection, [.. known.Select(college => college.Id)], period);
        List<CollegeMemo> memos = [];
        foreach (var (id, name) in known) memos.Add(await MemoAsync(id, name, period, rows.Where(row => row.Institution == id)));
        return memos;
    }

    public async Task<CollegeMemo?> FindAsync(Actor actor, InstitutionId institution, CollegePeriod period) =>
        actor.MayActFor(institution) ? (await ListAsync(actor, period, institution)).SingleOrDefault() : null;

    /// <summary>What was paid to them on the days of the period, and what was taken back from them, by line.</summary>
    private static async Task<IReadOnlyList<Row>> RowsAsync(NpgsqlConnection connection, IReadOnlyCollection<InstitutionId> colleges, CollegePeriod period) =>
        [.. await connection.QueryAsync<Row>("""
            select d.institution, d.day, d.payment, f.name as source, b.name as line, count(distinct d.voucher)::int as vouchers, sum(d.amount)::bigint as amount
            from (
                select c.institution_id as institution, (t.posted_at at time zone 'Asia/Shanghai')::date as day, t.subject_id as payment, t.kind,
                       m.budget_line_id, m.voucher_id as voucher, case t.kind when 5 then m.amount_fen else -m.amount_fen end as amount
                from ledger_transaction t
                join payment p on t.subject_kind = 5 and p.id = t.subject_id and p.payee_kind = 1
                join ledger_voucher_move m on m.transaction_id = t.id
                join claim_line l on l.voucher_id = m.voucher_id and l.approval is not null and l.verdict = 1
                join claim c on c.id = l.claim_id
                where t.kind in (5, 11)
                union all
                select r.institution_id, (s.at at time zone 'Asia/Shanghai')::date, null, s.step, p.budget_line_id, l.voucher_id,
                       case s.step when 3 then -p.amount_fen else p.amount_fen end
                from recovery_step s
                join recovery r on r.id = s.recovery_id
                join recovery_line l on l.recovery_id = r.id
                join recovery_part p on p.recovery_line_id = l.id and p.from_kind = 5
                where s.step in (3, 10)) d
            join budget_line b on b.id = d.budget_line_id
            join fund_source f on f.id = b.fund_source_id
            where d.institution = any(@ids) and d.day between @First and @Last
            group by d.institution, d.day, d.payment, d.kind, f.id, b.id
            order by d.day, d.payment nulls last, f.name, b.name, d.kind
            """, new { ids = colleges.Select(college => college.Value).ToArray(), period.First, period.Last })];

    private async Task<CollegeMemo> MemoAsync(InstitutionId institution, string name, CollegePeriod period, IEnumerable<Row> rows)
    {
        List<CollegeIncome> income = [];
        foreach (var row in rows)
        {
            var policy = await policies.InForceOrLastAsync(row.Day);
            income.Add(new(
                row.Day, row.Payment, row.Source, row.Line, row.Vouchers, row.Amount, policy.Parameters.CollegeCostPercent, policy.RuleOf(Clause.CollegeCosts).ToString()));
        }
        return new(institution, name, period, income, CollegeSplit.Of(income.Select(row => (row.Amount, row.Percent))));
    }
}
