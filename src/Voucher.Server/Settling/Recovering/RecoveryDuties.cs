namespace Voucher.Server.Settling.Recovering;

/// <summary>
/// Who may not decide a taking back: whoever submitted, reviewed, approved or paid a line of it. They would judge their own work, to
/// hide a mistake or to lay it on another (谁审批谁负责). They may propose it.
/// </summary>
public static class RecoveryDuties
{
    private static readonly Words Payment = new("支付", "made the payment");

    private sealed record Row(StaffId SubmittedBy, StaffId? ReviewedBy, StaffId? ApprovedBy, StaffId? PaymentBy, StaffId? PaidBy);

    public static async Task<IEnumerable<(Words Duty, StaffId? By)>> OfAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RecoveryId id) =>
        (await connection.QueryAsync<Row>("""
            select distinct c.submitted_by_staff as submitted_by, l.reviewed_by_staff as reviewed_by, c.approved_by_staff as approved_by,
                   p.created_by_staff as payment_by, p.paid_by_staff as paid_by
            from recovery_line r
            left join payable y on y.id = r.payable_id
            join claim_line l on l.id = coalesce(r.claim_line_id, y.claim_line_id)
            join claim c on c.id = l.claim_id
            left join payment p on p.id = l.payment_id
            where r.recovery_id = @id
            """, new { id }, transaction)).SelectMany(row => new (Words, StaffId?)[]
            {
                (Duties.Submission, row.SubmittedBy), (Duties.Review, row.ReviewedBy), (Duties.Approval, row.ApprovedBy),
                (Payment, row.PaymentBy), (Payment, row.PaidBy),
            });
}
