using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.Forms;

/// <summary>One claim on a statement: what was claimed is approved, rejected or undecided; what was approved, <see cref="Money"/> says where it is.</summary>
/// <param name="Undecided">Claimed, and neither approved nor rejected yet.</param>
public sealed record StatementRow(long Claim, DateOnly Day, int Vouchers, Fen Claimed, Fen Rejected, Fen Undecided, LineMoney Money);

/// <summary>机构结算对账单: the claims that an institution handed in in a period, and where their money is now.</summary>
public sealed record StatementFigures(InstitutionId Id, string Institution, string Uscc, DateOnly From, DateOnly Until, IReadOnlyList<StatementRow> Rows)
{
    public Fen Claimed => Sum(row => row.Claimed);
    public Fen Rejected => Sum(row => row.Rejected);
    public Fen Undecided => Sum(row => row.Undecided);
    public LineMoney Money => Rows.Aggregate(LineMoney.None, (sum, row) => sum + row.Money);

    private Fen Sum(Func<StatementRow, Fen> part) => Rows.Aggregate(Fen.Zero, (sum, row) => sum + part(row));

    public FormSheet ToSheet(FormFrame frame) => frame.Sheet(
        FormKind.Statement, new("机构结算对账单", "Settlement statement"), $"DZ-{frame.Region}-{Id}-{LedgerMovement.Compact(From)}-{LedgerMovement.Compact(Until)}",
        [
            (new("机构", "Institution"), Institution), (new("统一社会信用代码", "USCC"), Uscc),
            (new("申报期间", "Claims handed in"), $"{CountyTime.Show(From)} – {CountyTime.Show(Until)}"), (new("申报单", "Claims"), Rows.Count),
            (new("核对", "Check"), Money.Check),
        ],
        [
            new FormTable(new("逐单", "Claims"),
            [
                new(new("申报单", "Claim"), CellKind.Text, 10), new(new("申报日期", "Day"), CellKind.Text, 12), new(new("券数", "Vouchers"), CellKind.Count, 8),
                .. new Words[]
                {
                    new("申报", "Claimed"), new("不通过", "Rejected"), new("待定", "Undecided"), new("核定", "Approved"), new("已付", "Paid"), new("未付", "Outstanding"),
                    new("留存", "Retained"), new("不予释放", "Forfeited"), new("异议核减", "Struck"), new("付学员", "To trainees"), new("追回", "Taken back"),
                    new("其中付款后追回", "of it, once paid"),
                }.Select(title => new FormColumn(title, CellKind.Money)),
            ],
            [.. Rows.Select(row => (FormCell[])[$"{row.Claim}", CountyTime.Show(row.Day), row.Vouchers, .. Cells(row.Claimed, row.Rejected, row.Undecided, row.Money)])],
            [new Words("合计", "Total"), "", Rows.Sum(row => row.Vouchers), .. Cells(Claimed, Rejected, Undecided, Money)])
            {
                InCapitals = [(new("核定合计", "Approved"), Money.Approved), (new("已付合计", "Paid"), Money.Paid)],
                Note = new(
                    "申报＝不通过＋待定＋核定；核定＝已付＋未付＋留存＋不予释放＋异议核减＋付学员＋追回。已付含抵扣，已减去付款后追回的；已付＋付款后追回＝各支付批次支付给本机构的金额。",
                    "Claimed = rejected + undecided + approved; approved = paid + outstanding + retained + forfeited + struck + to trainees + taken back. Paid includes what was netted, less what was taken back since; paid and what was taken back once paid are together what payments have paid."),
            },
        ],
        [new(new("机构盖章", "Institution's seal"), null, null), new(new("经办", "Made"), null, null), new(new("审核", "Reviewed"), null, null), new(new("财务", "Finance"), null, null)]);

    private static FormCell[] Cells(Fen claimed, Fen rejected, Fen undecided, LineMoney money) =>
    [
        claimed, rejected, undecided, money.Approved, money.Paid, money.Outstanding, money.Retained, money.Forfeited, money.Struck, money.Trainees,
        money.TakenBack, money.TakenBackPaid,
    ];
}

/// <summary>Reads the figures of a settlement statement.</summary>
public sealed class StatementFigureStore(NpgsqlDataSource database)
{
    private sealed record Head(string Name, string Uscc);

    private sealed record Row(
        long Claim, DateOnly Day, int Vouchers, Fen Claimed, Fen Rejected, Fen Undecided,
        Fen Approved, Fen Paid, Fen Outstanding, Fen Retained, Fen Forfeited, Fen Struck, Fen Trainees, Fen TakenBack, Fen TakenBackPaid);

    public async Task<StatementFigures?> FindAsync(InstitutionId institution, DateOnly from, DateOnly until)
    {
        await using var connection = await database.OpenConnectionAsync();
        var head = await connection.QuerySingleOrDefaultAsync<Head>("select name, uscc from institution where id = @institution", new { institution });
        if (head is null) return null;
        var rows = await connection.QueryAsync<Row>($"""
            select c.id as claim, (c.submitted_at at time zone 'Asia/Shanghai')::date as day, count(*)::int as vouchers,
                   sum(l.amount_fen)::bigint as claimed,
                   coalesce(sum(l.amount_fen) filter (where l.approval is not null and l.verdict = 2), 0)::bigint as rejected,
                   coalesce(sum(l.amount_fen) filter (where l.approval is null), 0)::bigint as undecided,
                   sum(m.approved)::bigint as approved, sum(m.paid)::bigint as paid, sum(m.outstanding)::bigint as outstanding, sum(m.retained)::bigint as retained,
                   sum(m.forfeited)::bigint as forfeited, sum(m.struck)::bigint as struck, sum(m.trainees)::bigint as trainees,
                   sum(m.taken_back)::bigint as taken_back, sum(m.taken_back_paid)::bigint as taken_back_paid
            from claim c
            join claim_line l on l.claim_id = c.id
            {LineMoney.OfLines}
            where c.institution_id = @institution and (c.submitted_at at time zone 'Asia/Shanghai')::date between @from and @until
            group by c.id order by c.id
            """, new { institution, from, until });
        return new StatementFigures(institution, head.Name, head.Uscc, from, until, [.. rows.Select(Read)]);
    }

    private static StatementRow Read(Row row) => new(
        row.Claim, row.Day, row.Vouchers, row.Claimed, row.Rejected, row.Undecided,
        new LineMoney(row.Approved, row.Paid, row.Outstanding, row.Retained, row.Forfeited, row.Struck, row.Trainees, row.TakenBack, row.TakenBackPaid));
}
