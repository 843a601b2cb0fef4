using Voucher.Server.Settling.Payments;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.Forms;

/// <summary>One transfer of a payment list; the account is masked, and so is a trainee's name.</summary>
public sealed record PaymentFormRow(string Payee, string Bank, string AccountMasked, string BudgetLine, int Vouchers, Fen Amount);

/// <summary>支付清单: whom one payment pays.</summary>
public sealed record PaymentFigures(
    PaymentId Id, Words Status, string? BankReference, DateOnly? PaidOn, Fen TotalOfPayment, IReadOnlyList<PaymentFormRow> Rows, IReadOnlyList<FormSign> Signs)
{
    public Fen Total => Rows.Aggregate(Fen.Zero, (sum, row) => sum + row.Amount);
    public int Vouchers => Rows.Sum(row => row.Vouchers);

    public FormSheet ToSheet(FormFrame frame) => frame.Sheet(
        FormKind.Payment, new("培训补贴支付清单", "Payment list"), $"ZF-{frame.Region}-{PaymentFile.NumberOf(Id)}",
        [
            (new("支付批次", "Payment"), Same(PaymentFile.NumberOf(Id))), (new("状态", "State"), Status),
            (new("银行回单", "Bank reference"), Same(BankReference ?? "–")), (new("支付日期", "Paid on"), Same(PaidOn is { } day ? CountyTime.Show(day) : "–")),
        ],
        [
            new FormTable(new("收款明细", "Transfers"),
            [
                new(new("收款人", "Payee"), CellKind.Text, 30), new(new("开户行", "Bank"), CellKind.Text, 24), new(new("账号", "Account"), CellKind.Text, 20),
                new(new("预算项目", "Budget line"), CellKind.Text, 30), new(new("券数", "Vouchers"), CellKind.Count, 10), new(new("金额", "Amount"), CellKind.Money, 16),
            ],
            [.. Rows.Select(row => new FormCell[] { row.Payee, row.Bank, row.AccountMasked, row.BudgetLine, row.Vouchers, row.Amount })],
            [new Words("合计", "Total"), "", "", "", Vouchers, Total]),
        ],
        Signs);

    private static Words Same(string text) => new(text, text);
}

/// <summary>Reads the figures of a payment list.</summary>
public sealed class PaymentFigureStore(NpgsqlDataSource database)
{
    private sealed record Head(
        PaymentId Id, int Status, string? BankReference, DateOnly? PaidOn, Fen TotalFen, string MadeBy, DateTimeOffset MadeAt, string? PaidBy, DateTimeOffset? PaidAt,
        string? ReviewedBy, DateTimeOffset? ReviewedAt, string? ApprovedBy, DateTimeOffset? ApprovedAt);

    private sealed record Row(string Payee, string? Person, string Bank, string AccountMasked, string BudgetLine, int Vouchers, Fen Amount);

    public async Task<PaymentFigures?> FindAsync(long payment)
    {
        await using var connection = await database.OpenConnectionAsync();
        var head = await connection.QuerySingleOrDefaultAsync<Head>("""
            select p.id, p.status::int as status, p.bank_reference, p.paid_on, p.total_fen, m.name as made_by, p.created_at as made_at,
                   f.name as paid_by, p.paid_at, c.reviewed_by, c.reviewed_at, c.approved_by, c.approved_at
            from payment p
            join staff m on m.id = p.created_by_staff
            left join staff f on f.id = p.paid_by_staff
            cross join lateral (
                select string_agg(distinct r.name, '、') as reviewed_by, max(l.reviewed_at) as reviewed_at,
                       string_agg(distinct a.name, '、') as approved_by, max(c.approved_at) as approved_at
                from claim_line l
                join claim c on c.id = l.claim_id
                left join staff r on r.id = l.reviewed_by_staff
                left join staff a on a.id = c.approved_by_staff
                where l.payment_id = p.id) c
            where p.id = @payment
            """, new { payment });
        if (head is null) return null;
        var rows = await connection.QueryAsync<Row>("""
            select r.payee_name as payee, h.name as person, r.payee_bank as bank, r.payee_account_masked as account_masked,
                   s.name || ' · ' || b.name as budget_line, r.vouchers, r.amount_fen as amount
            from payment_row r
            left join person h on h.id = r.person_id
            join budget_line b on b.id = r.budget_line_id
            join fund_source s on s.id = b.fund_source_id
            where r.payment_id = @payment order by r.id
            """, new { payment });
        return new PaymentFigures(
            head.Id, head.Status == 2 ? PaymentStatus.Paid.Name() : PaymentStatus.WithBank.Name(), head.BankReference, head.PaidOn, head.TotalFen,
            [.. rows.Select(row => new PaymentFormRow(row.Person is { } person ? PersonName.Masked(person) : row.Payee, row.Bank, row.AccountMasked, row.BudgetLine, row.Vouchers, row.Amount))],
            [
                new(new("制单", "Made"), head.MadeBy, head.MadeAt), new(new("审核", "Reviewed"), head.ReviewedBy, head.ReviewedAt),
                new(new("审批", "Approved"), head.ApprovedBy, head.ApprovedAt), new(new("财务", "Finance"), head.PaidBy, head.PaidAt),
            ]);
    }
}
