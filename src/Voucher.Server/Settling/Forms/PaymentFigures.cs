using Voucher.Core.Settling;
using Voucher.Server.Settling.Payments;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.Forms;

/// <summary>One transfer of a payment list; the account is masked, and so is a trainee's name.</summary>
/// <param name="Gross">What is owed and was put into the payment.</param>
/// <param name="TakenOut">Of it, what was taken out again, or given up with the payment.</param>
/// <param name="Netted">Kept back for what the payee owes.</param>
/// <param name="Paid">What the bank has paid of it.</param>
public sealed record PaymentFormRow(
    string Payee, string Bank, string AccountMasked, string BudgetLine, int Vouchers, Fen Gross, Fen TakenOut, Fen Netted, Fen Paid, Words Result)
{
    /// <summary>What the bank is told.</summary>
    public Fen Net => Gross - TakenOut - Netted;
}

/// <summary>支付清单: whom one payment pays, and what the bank answered.</summary>
public sealed record PaymentFigures(
    PaymentId Id, PaymentStatus Status, string Source, string? BankReference, DateOnly? PaidOn, Fen TotalOfPayment, IReadOnlyList<PaymentFormRow> Rows, IReadOnlyList<FormSign> Signs)
{
    public Fen Gross => Sum(row => row.Gross);
    public Fen TakenOut => Sum(row => row.TakenOut);
    public Fen Netted => Sum(row => row.Netted);
    public Fen Net => Sum(row => row.Net);
    public Fen Paid => Sum(row => row.Paid);
    public int Vouchers => Rows.Sum(row => row.Vouchers);

    private Fen Sum(Func<PaymentFormRow, Fen> part) => Rows.Aggregate(Fen.Zero, (sum, row) => sum + part(row));

    public FormSheet ToSheet(FormFrame frame) => frame.Sheet(
        FormKind.Payment, new("培训补贴支付清单", "Payment list"), $"ZF-{frame.Region}-{PaymentFile.NumberOf(Id)}",
        [
            (new("支付批次", "Payment"), PaymentFile.NumberOf(Id)), (new("状态", "State"), Status.Name()), (new("资金来源", "Source"), Source),
            (new("银行回单", "Bank reference"), BankReference ?? "–"), (new("支付日期", "Paid on"), PaidOn is { } day ? CountyTime.Show(day) : "–"),
        ],
        [
            new FormTable(new("收款明细", "Transfers"),
            [
                new(new("收款人", "Payee"), CellKind.Text, 30), new(new("开户行", "Bank"), CellKind.Text, 24), new(new("账号", "Account"), CellKind.Text, 20),
                new(new("预算项目", "Budget line"), CellKind.Text, 30), new(new("券数", "Vouchers"), CellKind.Count, 10),
                .. new Words[] { new("应付", "Payable"), new("移出", "Taken out"), new("抵扣", "Netted"), new("转账", "Transfer"), new("到账", "Paid") }
                    .Select(title => new FormColumn(title, CellKind.Money, 16)),
                new(new("结果", "Result"), CellKind.Text, 24),
            ],
            [
                .. Rows.Select(row => new FormCell[]
                {
                    row.Payee, row.Bank, row.AccountMasked, row.BudgetLine, row.Vouchers, row.Gross, row.TakenOut, row.Netted, row.Net, row.Paid, row.Result,
                }),
            ],
            [new Words("合计", "Total"), "", "", "", Vouchers, Gross, TakenOut, Netted, Net, Paid, ""])
            {
                InCapitals = [(new("转账合计", "Transfers"), Net), (new("到账合计", "Paid"), Paid)],
                Note = new(
                    "转账＝应付－移出－抵扣，是通知银行支付的金额；抵扣的是收款人应缴回的款项。",
                    "Transfer = payable − taken out − netted: what the bank is told. Netted is what the payee owes back."),
            },
        ],
        Signs);
}

/// <summary>Reads the figures of a payment list.</summary>
public sealed class PaymentFigureStore(NpgsqlDataSource database)
{
    private sealed record Head(
        PaymentId Id, int Status, bool ToPeople, string Source, string? BankReference, DateOnly? PaidOn, Fen TotalFen, string MadeBy, DateTimeOffset MadeAt,
        string? SentBy, DateTimeOffset? SentAt, string? PaidBy, DateTimeOffset? PaidAt,
        string? ReviewedBy, DateTimeOffset? ReviewedAt, string? ApprovedBy, DateTimeOffset? ApprovedAt);

    private sealed record Row(
        string Payee, string? Person, string Bank, string AccountMasked, string BudgetLine, int Vouchers, Fen Gross, Fen Netted, Fen Paid, int State, string? Failure);

    public async Task<PaymentFigures?> FindAsync(long payment)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        // Who decided on what it pays: reviewers and approvers of claim lines, drafters and approvers of allowance lists.
        var head = await connection.QuerySingleOrDefaultAsync<Head>("""
            select p.id, p.status::int as status, p.payee_kind = 2 as to_people, coalesce(s.name, '') as source, p.bank_reference, p.paid_on, p.total_fen, m.name as made_by, p.created_at as made_at,
                   t.name as sent_by, p.sent_at, f.name as paid_by, p.paid_at, d.*
            from payment p
            join staff m on m.id = p.created_by_staff
            left join fund_source s on s.id = p.fund_source_id
            left join staff t on t.id = p.sent_by_staff
            left join staff f on f.id = p.paid_by_staff
            cross join lateral (
                select string_agg(distinct b.name, '、') as reviewed_by, max(coalesce(l.reviewed_at, w.drafted_at)) as reviewed_at,
                       string_agg(distinct a.name, '、') as approved_by, max(coalesce(o.approved_at, w.approved_at)) as approved_at
                from payment_row r
                join payable y on y.payment_row_id = r.id
                left join claim_line l on l.id = y.claim_line_id
                left join claim_approval o on o.claim_id = l.claim_id and o.number = l.approval
                left join allowance e on e.id = y.allowance_id
                left join allowance_list w on w.id = e.list_id
                left join staff b on b.id = coalesce(l.reviewed_by_staff, w.drafted_by_staff)
                left join staff a on a.id = coalesce(o.approved_by_staff, w.approved_by_staff)
                where r.payment_id = p.id) d
            where p.id = @payment
            """, new { payment }, transaction);
        if (head is null) return null;
        var status = (PaymentStatus)head.Status;
        var rows = await connection.QueryAsync<Row>("""
            select r.payee_name as payee, h.name as person, r.payee_bank as bank, r.payee_account_masked as account_masked,
                   s.name || ' · ' || b.name as budget_line, r.vouchers, r.gross_fen as gross, r.netted_fen as netted, r.paid_fen as paid, r.state::int as state,
                   case when r.state = 6 then r.take_out_reason else r.failure end as failure
            from payment_row r
            left join person h on h.id = r.person_id
            join budget_line b on b.id = r.budget_line_id
            join fund_source s on s.id = b.fund_source_id
            where r.payment_id = @payment order by r.number
            """, new { payment }, transaction);
        return new PaymentFigures(head.Id, status, head.Source, head.BankReference, head.PaidOn, head.TotalFen, [.. rows.Select(row => Read(row, status))], SignsOf(head));
    }

    private static IReadOnlyList<FormSign> SignsOf(Head head) =>
    [
        new(head.ToPeople ? new("审核、编制补助表", "Reviewed, or drew up the list") : new("审核", "Reviewed"), head.ReviewedBy, head.ReviewedAt), new(new("审批", "Approved"), head.ApprovedBy, head.ApprovedAt),
        new(new("制单", "Made"), head.MadeBy, head.MadeAt), new(new("送行", "Sent to the bank"), head.SentBy, head.SentAt),
        new(new("登记到账", "Booked as paid"), head.PaidBy, head.PaidAt),
    ];

    /// <summary>What was kept from a transfer that is not made is owed as before: nothing is netted by it.</summary>
    private static PaymentFormRow Read(Row row, PaymentStatus status)
    {
        var state = (PaymentRowState)row.State;
        var isOut = state == PaymentRowState.TakenOut || status == PaymentStatus.Cancelled;
        var said = status == PaymentStatus.Cancelled ? PaymentStatus.Cancelled.Name() : state.Name();
        return new PaymentFormRow(
            row.Person is { } person ? PersonName.Masked(person) : row.Payee, row.Bank, row.AccountMasked, row.BudgetLine, row.Vouchers,
            row.Gross, isOut ? row.Gross : Fen.Zero, isOut ? Fen.Zero : row.Netted, row.Paid,
            row.Failure is { Length: > 0 } why ? new($"{said.Zh}：{why}", $"{said.En}: {why}") : said);
    }
}
