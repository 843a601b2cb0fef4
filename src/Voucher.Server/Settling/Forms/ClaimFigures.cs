using Voucher.Server.Settling.Claims;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.Forms;

/// <summary>One voucher of a claim form.</summary>
/// <param name="Approved">What was approved of it; zero while it is not decided or was rejected.</param>
/// <param name="Retained">Kept back of what was approved.</param>
/// <param name="Payable">Owed to the institution now or paid already: its payables that are not cancelled.</param>
public sealed record ClaimFormLine(
    VoucherId Voucher, string Holder, string ClassName, string Programme, Fen FaceValue, Fen Rate, Fen Claimed, int? Verdict, string? Reason,
    Fen Approved, Fen Retained, Fen Payable);

/// <summary>结算申报表: what an institution claimed, what was approved of it, and what is payable.</summary>
public sealed record ClaimFigures(
    long Id, InstitutionId InstitutionId, string Institution, string Uscc, PolicyId Policy, IReadOnlyList<ClaimFormLine> Lines, IReadOnlyList<FormSign> Signs)
{
    public Fen Claimed => Sum(line => line.Claimed);
    public Fen Approved => Sum(line => line.Approved);
    public Fen Retained => Sum(line => line.Retained);
    public Fen Payable => Sum(line => line.Payable);

    private Fen Sum(Func<ClaimFormLine, Fen> part) => Lines.Aggregate(Fen.Zero, (sum, line) => sum + part(line));

    public FormSheet ToSheet(FormFrame frame) => frame.Sheet(
        FormKind.Claim, new("培训券结算申报表", "Settlement claim"), $"JS-{frame.Region}-{Id:D8}",
        [
            (new("申报机构", "Institution"), Same(Institution)), (new("统一社会信用代码", "USCC"), Same(Uscc)), (new("申报单", "Claim"), Same($"{Id}")),
            (new("券数", "Vouchers"), Same($"{Lines.Count}")),
        ],
        [
            new FormTable(new("逐券明细", "Vouchers"),
            [
                new(new("券号", "Voucher"), CellKind.Text, 20), new(new("持券人", "Holder"), CellKind.Text, 10), new(new("班级", "Class"), CellKind.Text, 18),
                new(new("项目", "Course"), CellKind.Text, 18), new(new("面值", "Face value"), CellKind.Money), new(new("标准", "Rate"), CellKind.Money),
                new(new("申报", "Claimed"), CellKind.Money), new(new("审核", "Review"), CellKind.Text, 20), new(new("核定", "Approved"), CellKind.Money),
                new(new("留存", "Retained"), CellKind.Money), new(new("应付", "Payable"), CellKind.Money),
            ],
            [
                .. Lines.Select(line => new FormCell[]
                {
                    line.Voucher.ToString(), line.Holder, line.ClassName, line.Programme, line.FaceValue, line.Rate, line.Claimed,
                    Result(line), line.Approved, line.Retained, line.Payable,
                }),
            ],
            [new Words("合计", "Total"), "", "", "", "", "", Claimed, "", Approved, Retained, Payable]),
        ],
        Signs);

    private static Words Result(ClaimFormLine line) => line.Verdict switch
    {
        1 => new("通过", "passed"),
        2 => new($"不通过：{line.Reason}", $"rejected: {line.Reason}"),
        _ => new("待审核", "not reviewed"),
    };

    private static Words Same(string text) => new(text, text);
}

/// <summary>Reads the figures of a claim form.</summary>
public sealed class ClaimFigureStore(NpgsqlDataSource database)
{
    private sealed record Head(
        long Id, InstitutionId InstitutionId, string Institution, string Uscc, PolicyId Policy, string SubmittedBy, DateTimeOffset SubmittedAt,
        string? ReviewedBy, DateTimeOffset? ReviewedAt, string? ApprovedBy, DateTimeOffset? ApprovedAt, string? PaidBy, DateTimeOffset? PaidAt);

    private sealed record Row(
        VoucherId Voucher, string Holder, string Evidence, Fen FaceValueFen, Fen RateFen, Fen AmountFen, int? Verdict, string? Reason,
        Fen Approved, Fen Retained, Fen Payable);

    public async Task<ClaimFigures?> FindAsync(long claim)
    {
        await using var connection = await database.OpenConnectionAsync();
        var head = await connection.QuerySingleOrDefaultAsync<Head>("""
            select c.id, c.institution_id, i.name as institution, i.uscc, c.policy_id as policy, s.name as submitted_by, c.submitted_at,
                   l.reviewed_by, l.reviewed_at, a.name as approved_by, c.approved_at, p.paid_by, p.paid_at
            from claim c
            join institution i on i.id = c.institution_id
            join staff s on s.id = c.submitted_by_staff
            left join staff a on a.id = c.approved_by_staff
            cross join lateral (
                select string_agg(distinct r.name, '、') as reviewed_by, max(l.reviewed_at) as reviewed_at
                from claim_line l join staff r on r.id = l.reviewed_by_staff where l.claim_id = c.id) l
            cross join lateral (
                select string_agg(distinct f.name, '、') as paid_by, max(p.paid_at) as paid_at
                from claim_line l join payment p on p.id = l.payment_id join staff f on f.id = p.paid_by_staff where l.claim_id = c.id) p
            where c.id = @claim
            """, new { claim });
        if (head is null) return null;
        var rows = await connection.QueryAsync<Row>("""
            select l.voucher_id as voucher, h.name as holder, l.evidence::text as evidence, l.face_value_fen, l.rate_fen, l.amount_fen,
                   l.verdict::int as verdict, l.review_reason as reason,
                   case when l.state in (3, 5, 6, 7) then l.amount_fen else 0 end as approved,
                   greatest(l.retained_fen - y.released, 0) as retained, y.payable
            from claim_line l
            join voucher v on v.id = l.voucher_id
            join person h on h.id = v.person_id
            cross join lateral (
                select coalesce(sum(y.amount_fen), 0)::bigint as payable, coalesce(sum(y.amount_fen) filter (where y.kind = 2), 0)::bigint as released
                from payable y where y.claim_line_id = l.id and y.kind in (1, 2) and y.state <> 4) y
            where l.claim_id = @claim order by l.id
            """, new { claim });
        return new ClaimFigures(
            head.Id, head.InstitutionId, head.Institution, head.Uscc, head.Policy, [.. rows.Select(Read)],
            [
                new(new("经办（机构）", "Submitted"), head.SubmittedBy, head.SubmittedAt), new(new("审核", "Reviewed"), head.ReviewedBy, head.ReviewedAt),
                new(new("审批", "Approved"), head.ApprovedBy, head.ApprovedAt), new(new("财务", "Finance"), head.PaidBy, head.PaidAt),
            ]);
    }

    private static ClaimFormLine Read(Row row)
    {
        var evidence = ClaimEvidence.FromJson(row.Evidence);
        return new ClaimFormLine(
            row.Voucher, PersonName.Masked(row.Holder), evidence.ClassName, evidence.Programme, row.FaceValueFen, row.RateFen, row.AmountFen,
            row.Verdict, row.Reason, row.Approved, row.Retained, row.Payable);
    }
}
