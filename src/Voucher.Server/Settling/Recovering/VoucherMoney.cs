using Voucher.Core.Settling;

namespace Voucher.Server.Settling.Recovering;

/// <summary>One step of a voucher's money: claimed, reviewed, approved, put into a payment, paid, taken back.</summary>
/// <param name="Path">Of the page that has more of it; <c>null</c> where there is none.</param>
public sealed record MoneyStep(DateTimeOffset At, Words What, Fen? Amount, string? By, string? Path);

/// <summary>Tells a voucher's story after its completion. Nothing of it is ever deleted, so that it can be told whole.</summary>
public static class VoucherMoneyStore
{
    private sealed record Row(DateTimeOffset At, string What, Fen? Amount, string? By, long Number, int? Step);

    public static async Task<IReadOnlyList<MoneyStep>> OfAsync(NpgsqlConnection connection, VoucherId voucher)
    {
        var rows = await connection.QueryAsync<Row>("""
            select f.at, f.what, f.amount, s.name as by, f.number, f.step
            from (
                select c.submitted_at as at, 'claimed' as what, l.amount_fen as amount, c.submitted_by_staff as staff, c.id as number, null::int as step
                from claim_line l join claim c on c.id = l.claim_id where l.voucher_id = @voucher
                union all
                select l.reviewed_at, case l.verdict when 1 then 'passed' else 'rejected' end, null, l.reviewed_by_staff, l.claim_id, null
                from claim_line l where l.voucher_id = @voucher and l.reviewed_at is not null and l.verdict is not null
                union all
                select c.approved_at, 'approved', l.amount_fen, c.approved_by_staff, c.id, null
                from claim_line l join claim c on c.id = l.claim_id where l.voucher_id = @voucher and l.verdict = 1 and c.approved_at is not null
                union all
                select p.created_at, 'sent', sum(y.amount_fen)::bigint, p.created_by_staff, p.id, null
                from claim_line l join payable y on y.claim_line_id = l.id and y.kind in (1, 2) and y.state in (2, 3)
                join payment_row r on r.id = y.payment_row_id join payment p on p.id = r.payment_id
                where l.voucher_id = @voucher group by p.id
                union all
                select p.paid_at, 'paid', sum(y.amount_fen)::bigint, p.paid_by_staff, p.id, null
                from claim_line l join payable y on y.claim_line_id = l.id and y.kind in (1, 2) and y.state = 3
                join payment_row r on r.id = y.payment_row_id join payment p on p.id = r.payment_id
                where l.voucher_id = @voucher and p.paid_at is not null group by p.id
                union all
                select t.at, 'recovery', l.amount_fen, t.staff_id, t.recovery_id, t.step::int
                from recovery_line l join recovery_step t on t.recovery_id = l.recovery_id
                where l.voucher_id = @voucher and t.step in (1, 2, 3, 4, 9, 10, 11)) f
            left join staff s on s.id = f.staff
            order by f.at, f.step nulls first
            """, new { voucher });
        return [.. rows.Select(row => new MoneyStep(row.At, What(row), row.Amount, row.By, Path(row)))];
    }

    private static Words What(Row row) => row.What switch
    {
        "claimed" => new($"列入申报单 {row.Number}", $"In claim {row.Number}"),
        "passed" => new("审核通过", "Passed in review"),
        "rejected" => new("审核不通过", "Rejected in review"),
        "approved" => new("结算审批", "Approved for payment"),
        "sent" => new($"列入支付批次 {Payments.PaymentFile.NumberOf(new PaymentId(row.Number))}", $"In payment {Payments.PaymentFile.NumberOf(new PaymentId(row.Number))}"),
        "paid" => new("已支付", "Paid"),
        _ => ((RecoveryStep)row.Step!.Value).Name(),
    };

    private static string? Path(Row row) => row.What switch
    {
        "sent" or "paid" => $"/settling/payments/{row.Number}",
        "recovery" => $"/recoveries/{row.Number}",
        _ => $"/settling/claims/{row.Number}",
    };
}
