using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.Forms;

/// <summary>One claim on a statement. All but the taken back: what is approved is paid, outstanding, retained, or the trainees'.</summary>
/// <param name="Undecided">Claimed, and neither approved nor rejected yet.</param>
/// <param name="Outstanding">Payable, and not yet paid.</param>
/// <param name="Trainees">Paid to trainees out of the institution's subsidy.</param>
/// <param name="TakenBack">Reversed after approval, whether it had been paid or not.</param>
public sealed record StatementRow(
    long Claim, DateOnly Day, int Vouchers, Fen Claimed, Fen Approved, Fen Rejected, Fen Undecided, Fen Paid, Fen Outstanding, Fen Retained, Fen Trainees, Fen TakenBack);

/// <summary>机构结算对账单: the claims that an institution handed in in a period, and where their money is now.</summary>
public sealed record StatementFigures(InstitutionId Id, string Institution, string Uscc, DateOnly From, DateOnly Until, IReadOnlyList<StatementRow> Rows)
{
    public Fen Claimed => Sum(row => row.Claimed);
    public Fen Approved => Sum(row => row.Approved);
    public Fen Rejected => Sum(row => row.Rejected);
    public Fen Undecided => Sum(row => row.Undecided);
    public Fen Paid => Sum(row => row.Paid);
    public Fen Outstanding => Sum(row => row.Outstanding);
    public Fen Retained => Sum(row => row.Retained);
    public Fen Trainees => Sum(row => row.Trainees);
    public Fen TakenBack => Sum(row => row.TakenBack);

    private Fen Sum(Func<StatementRow, Fen> part) => Rows.Aggregate(Fen.Zero, (sum, row) => sum + part(row));

    public FormSheet ToSheet(FormFrame frame) => frame.Sheet(
        FormKind.Statement, new("机构结算对账单", "Settlement statement"), $"DZ-{frame.Region}-{Id}-{LedgerMovement.Compact(From)}-{LedgerMovement.Compact(Until)}",
        [
            (new("机构", "Institution"), Same(Institution)), (new("统一社会信用代码", "USCC"), Same(Uscc)),
            (new("申报期间", "Claims handed in"), Same($"{CountyTime.Show(From)} – {CountyTime.Show(Until)}")), (new("申报单", "Claims"), Same($"{Rows.Count}")),
        ],
        [
            new FormTable(new("逐单", "Claims"),
            [
                new(new("申报单", "Claim"), CellKind.Text, 10), new(new("申报日期", "Day"), CellKind.Text, 12), new(new("券数", "Vouchers"), CellKind.Count, 8),
                .. new Words[]
                {
                    new("申报", "Claimed"), new("核定", "Approved"), new("不通过", "Rejected"), new("待定", "Undecided"), new("已付", "Paid"), new("未付", "Outstanding"),
                    new("留存", "Retained"), new("付学员", "To trainees"), new("追回", "Taken back"),
                }.Select(title => new FormColumn(title, CellKind.Money)),
            ],
            [
                .. Rows.Select(row => new FormCell[]
                {
                    $"{row.Claim}", CountyTime.Show(row.Day), row.Vouchers, row.Claimed, row.Approved, row.Rejected, row.Undecided, row.Paid, row.Outstanding, row.Retained, row.Trainees, row.TakenBack,
                }),
            ],
            [new Words("合计", "Total"), "", Rows.Sum(row => row.Vouchers), Claimed, Approved, Rejected, Undecided, Paid, Outstanding, Retained, Trainees, TakenBack]),
        ],
        [new(new("机构盖章", "Institution"), null, null), new(new("经办", "Made"), null, null), new(new("审核", "Reviewed"), null, null), new(new("财务", "Finance"), null, null)]);

    private static Words Same(string text) => new(text, text);
}

/// <summary>Reads the figures of a settlement statement.</summary>
public sealed class StatementFigureStore(NpgsqlDataSource database)
{
    private sealed record Head(string Name, string Uscc);

    public async Task<StatementFigures?> FindAsync(InstitutionId institution, DateOnly from, DateOnly until)
    {
        await using var connection = await database.OpenConnectionAsync();
        var head = await connection.QuerySingleOrDefaultAsync<Head>("select name, uscc from institution where id = @institution", new { institution });
        if (head is null) return null;
        var rows = await connection.QueryAsync<StatementRow>("""
            select c.id as claim, (c.submitted_at at time zone 'Asia/Shanghai')::date as day, count(*)::int as vouchers,
                   sum(l.amount_fen)::bigint as claimed,
                   coalesce(sum(l.amount_fen) filter (where l.state in (3, 5, 6, 7)), 0)::bigint as approved,
                   coalesce(sum(l.amount_fen) filter (where l.state = 4), 0)::bigint as rejected,
                   coalesce(sum(l.amount_fen) filter (where l.state not in (3, 4, 5, 6, 7)), 0)::bigint as undecided,
                   sum(y.paid)::bigint as paid, sum(y.outstanding)::bigint as outstanding,
                   sum(greatest(l.retained_fen - y.released, 0))::bigint as retained, sum(y.trainees)::bigint as trainees,
                   sum(case when l.state = 7 then b.taken_back else 0 end)::bigint as taken_back
            from claim c
            join claim_line l on l.claim_id = c.id
            cross join lateral (
                select coalesce(sum(y.amount_fen) filter (where y.kind in (1, 2) and y.state = 3), 0) as paid,
                       coalesce(sum(y.amount_fen) filter (where y.kind in (1, 2) and y.state in (1, 2)), 0) as outstanding,
                       coalesce(sum(y.amount_fen) filter (where y.kind = 2), 0) as released,
                       coalesce(sum(y.amount_fen) filter (where y.kind = 3), 0) as trainees
                from payable y where y.claim_line_id = l.id and y.state <> 4) y
            cross join lateral (
                select coalesce(sum(m.amount_fen), 0) as taken_back
                from ledger_voucher_move m join ledger_transaction t on t.id = m.transaction_id and t.kind = 6
                where m.voucher_id = l.voucher_id) b
            where c.institution_id = @institution and (c.submitted_at at time zone 'Asia/Shanghai')::date between @from and @until
            group by c.id order by c.id
            """, new { institution, from, until });
        return new StatementFigures(institution, head.Name, head.Uscc, from, until, [.. rows]);
    }
}
