using Voucher.Server.Settling.Claims;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.Forms;

/// <summary>One voucher of a claim form.</summary>
/// <param name="IsStruck">Whether an objection has undone its approval.</param>
/// <param name="Money">Where what was approved of it is now; nothing while it is not approved.</param>
public sealed record ClaimFormLine(
    VoucherId Voucher, string Holder, string ClassName, string Programme, Fen FaceValue, Fen Rate, Fen Claimed, int? Verdict, string? Reason,
    bool IsStruck, LineMoney Money);

/// <summary>结算申报表: what an institution claimed, what was approved of it, and where that is now.</summary>
public sealed record ClaimFigures(
    long Id, InstitutionId InstitutionId, string Institution, string Uscc, PolicyId Policy, IReadOnlyList<ClaimFormLine> Lines, IReadOnlyList<FormSign> Signs)
{
    public Fen Claimed => Lines.Aggregate(Fen.Zero, (sum, line) => sum + line.Claimed);

    public LineMoney Money => Lines.Aggregate(LineMoney.None, (sum, line) => sum + line.Money);

    public FormSheet ToSheet(FormFrame frame) => frame.Sheet(
        FormKind.Claim, new("培训券结算申报表", "Settlement claim"), $"JS-{frame.Region}-{Id:D8}",
        [
            (new("申报机构", "Institution"), Institution), (new("统一社会信用代码", "USCC"), Uscc), (new("申报单", "Claim"), $"{Id}"),
            (new("券数", "Vouchers"), Lines.Count), (new("核对", "Check"), Money.Check),
        ],
        [
            new FormTable(new("逐券明细", "Vouchers"),
            [
                new(new("券号", "Voucher"), CellKind.Text, 20), new(new("持券人", "Holder"), CellKind.Text, 10), new(new("班级", "Class"), CellKind.Text, 18),
                new(new("项目", "Course"), CellKind.Text, 18), new(new("面值", "Face value"), CellKind.Money), new(new("标准", "Rate"), CellKind.Money),
                new(new("申报", "Claimed"), CellKind.Money), new(new("审核", "Review"), CellKind.Text, 20), new(new("核定", "Approved"), CellKind.Money),
                new(new("已付", "Paid"), CellKind.Money), new(new("未付", "Outstanding"), CellKind.Money), new(new("留存", "Retained"), CellKind.Money),
                new(new("付学员", "To trainees"), CellKind.Money), new(new("追回", "Taken back"), CellKind.Money), new(new("不再支付", "Lapsed"), CellKind.Money),
            ],
            [
                .. Lines.Select(line => (FormCell[])
                [
                    line.Voucher.ToString(), line.Holder, line.ClassName, line.Programme, line.FaceValue, line.Rate, line.Claimed, Result(line),
                    .. Cells(line.Money),
                ]),
            ],
            [new Words("合计", "Total"), "", "", "", "", "", Claimed, "", .. Cells(Money)])
            {
                InCapitals = [(new("申报合计", "Claimed"), Claimed), (new("核定合计", "Approved"), Money.Approved)],
                Note = new(
                    "核定＝已付＋未付＋留存＋付学员＋追回＋不再支付。已付含抵扣，已减去付款后追回的；不再支付是不予释放的留存和公示异议成立的金额。",
                    "Approved = paid + outstanding + retained + to trainees + taken back + lapsed. Paid includes what was netted, less what was taken back since; lapsed is forfeited retention and what an upheld objection struck."),
            },
        ],
        Signs);

    private static FormCell[] Cells(LineMoney money) => [money.Approved, money.Paid, money.Outstanding, money.Retained, money.Trainees, money.TakenBack, money.Lapsed];

    private static Words Result(ClaimFormLine line) => line switch
    {
        { IsStruck: true } => new("公示异议成立", "objection upheld"),
        { Verdict: 1 } => new("通过", "passed"),
        { Verdict: 2 } => new($"不通过：{line.Reason}", $"rejected: {line.Reason}"),
        _ => new("待审核", "not reviewed"),
    };
}

/// <summary>Reads the figures of a claim form.</summary>
public sealed class ClaimFigureStore(NpgsqlDataSource database)
{
    private sealed record Head(long Id, InstitutionId InstitutionId, string Institution, string Uscc, PolicyId Policy, string SubmittedBy, DateTimeOffset SubmittedAt);

    private sealed record Row(
        VoucherId Voucher, string Holder, string Evidence, Fen FaceValueFen, Fen RateFen, Fen AmountFen, int? Verdict, string? Reason, bool IsStruck,
        Fen Approved, Fen Paid, Fen Outstanding, Fen Retained, Fen Forfeited, Fen Struck, Fen Trainees, Fen TakenBack, Fen TakenBackPaid);

    private sealed record SignRow(int Step, string Who, DateTimeOffset At);

    public async Task<ClaimFigures?> FindAsync(long claim)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        var head = await connection.QuerySingleOrDefaultAsync<Head>("""
            select c.id, c.institution_id, i.name as institution, i.uscc, c.policy_id as policy, s.name as submitted_by, c.submitted_at
            from claim c join institution i on i.id = c.institution_id join staff s on s.id = c.submitted_by_staff where c.id = @claim
            """, new { claim }, transaction);
        if (head is null) return null;
        var rows = await connection.QueryAsync<Row>($"""
            select l.voucher_id as voucher, h.name as holder, l.evidence::text as evidence, l.face_value_fen, l.rate_fen, l.amount_fen,
                   l.verdict::int as verdict, l.review_reason as reason, l.objection_id is not null as is_struck, m.*
            from claim_line l
            join voucher v on v.id = l.voucher_id
            join person h on h.id = v.person_id
            {LineMoney.OfLines}
            where l.claim_id = @claim order by l.id
            """, new { claim }, transaction);
        return new ClaimFigures(
            head.Id, head.InstitutionId, head.Institution, head.Uscc, head.Policy, [.. rows.Select(Read)], await SignsAsync(connection, transaction, head));
    }

    /// <summary>A claim that was approved in parts is signed once for each.</summary>
    private static async Task<IReadOnlyList<FormSign>> SignsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Head head)
    {
        var rows = (await connection.QueryAsync<SignRow>("""
            select 1 as step, string_agg(distinct r.name, '、') as who, max(l.reviewed_at) as at
            from claim_line l join staff r on r.id = l.reviewed_by_staff where l.claim_id = @Id having count(*) > 0
            union all
            select 2, a.name, o.approved_at from claim_approval o join staff a on a.id = o.approved_by_staff where o.claim_id = @Id
            union all
            select 3, string_agg(distinct f.name, '、'), max(p.paid_at)
            from claim_line l join payable y on y.claim_line_id = l.id join payment_row r on r.id = y.payment_row_id
            join payment p on p.id = r.payment_id join staff f on f.id = p.paid_by_staff where l.claim_id = @Id having count(*) > 0
            order by step, at
            """, new { head.Id }, transaction)).ToLookup(row => row.Step);
        return
        [
            new(new("经办（机构）", "Submitted"), head.SubmittedBy, head.SubmittedAt), .. Of(1, new("审核", "Reviewed")), .. Of(2, new("审批", "Approved")),
            .. Of(3, new("财务", "Finance")), new(new("机构盖章", "Institution's seal"), null, null),
        ];

        IEnumerable<FormSign> Of(int step, Words name) =>
            rows[step].Any() ? rows[step].Select(row => new FormSign(name, row.Who, row.At)) : [new FormSign(name, null, null)];
    }

    private static ClaimFormLine Read(Row row)
    {
        var evidence = ClaimEvidence.FromJson(row.Evidence);
        return new ClaimFormLine(
            row.Voucher, PersonName.Masked(row.Holder), evidence.ClassName, evidence.Programme, row.FaceValueFen, row.RateFen, row.AmountFen,
            row.Verdict, row.Reason, row.IsStruck,
            new LineMoney(row.Approved, row.Paid, row.Outstanding, row.Retained, row.Forfeited, row.Struck, row.Trainees, row.TakenBack, row.TakenBackPaid));
    }
}
