using Voucher.Core.Settling;
using Voucher.Server.Policies;

namespace Voucher.Server.Settling.CollegeCosts;

/// <summary>One payment to a college out of one budget line, or what was taken back from it (below 0).</summary>
/// <param name="Payment"><c>null</c>: taken back.</param>
public sealed record CollegeIncome(DateOnly Day, PaymentId? Payment, string Source, string Line, int Vouchers, Fen Amount, int Percent, string Rule);

/// <summary>分成备忘: a college's training income of a period and what of it may go to running costs.</summary>
public sealed record CollegeMemo(InstitutionId Institution, string Name, CollegePeriod Period, IReadOnlyList<CollegeIncome> Rows, CollegeSplit Split)
{
    /// <summary>The rules behind the shares, each once, as cited.</summary>
    public IEnumerable<string> Rules => Rows.Select(row => row.Rule).Distinct();

    public Fen Paid => Rows.Where(row => row.Payment is not null).Aggregate(Fen.Zero, (sum, row) => sum + row.Amount);
    public Fen TakenBack => Paid - Split.Income;
}

/// <summary>Reads the training income of institutions that are marked as colleges, from payables that were paid and money that was taken back.</summary>
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

    /// <summary>What the bank has paid to them on the days of the period, and what became receivable from them, by line.</summary>
    private static async Task<IReadOnlyList<Row>> RowsAsync(NpgsqlConnection connection, IReadOnlyCollection<InstitutionId> colleges, CollegePeriod period) =>
        [.. await connection.QueryAsync<Row>("""
            select y.institution_id as institution, p.paid_on as day, p.id as payment, f.name as source, b.name as line,
                   count(distinct l.voucher_id)::int as vouchers, sum(y.amount_fen)::bigint as amount
            from payable y
            join payment_row r on r.id = y.payment_row_id
            join payment p on p.id = r.payment_id
            join budget_line b on b.id = y.budget_line_id
            join fund_source f on f.id = b.fund_source_id
            left join claim_line l on l.id = y.claim_line_id
            where y.state = 3 and y.institution_id = any(@ids) and p.paid_on between @First and @Last
            group by y.institution_id, p.id, f.id, b.id
            union all
            select c.institution_id, (t.posted_at at time zone 'Asia/Shanghai')::date, null, f.name, b.name, count(distinct m.voucher_id)::int, -sum(m.amount_fen)::bigint
            from ledger_voucher_move m
            join ledger_transaction t on t.id = m.transaction_id and t.kind = 6
            join live_claim_line l on l.voucher_id = m.voucher_id
            join claim c on c.id = l.claim_id
            join budget_line b on b.id = m.budget_line_id
            join fund_source f on f.id = b.fund_source_id
            where m.from_kind = 5 and m.to_kind = 6 and c.institution_id = any(@ids)
              and (t.posted_at at time zone 'Asia/Shanghai')::date between @First and @Last
            group by c.institution_id, t.id, f.id, b.id
            order by 2, 3 nulls last, 4, 5
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
