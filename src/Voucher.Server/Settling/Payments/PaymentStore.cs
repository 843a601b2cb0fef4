namespace Voucher.Server.Settling.Payments;

/// <summary>A payment under its lock.</summary>
public sealed record LockedPayment(PaymentId Id, PaymentStatus Status, Fen Total, DateTimeOffset CreatedAt);

/// <summary>One approved line that is to be paid, with everybody who has acted on it.</summary>
public sealed record DueLine(
    long Id, long ClaimId, VoucherId Voucher, InstitutionId Institution, BudgetLineId BudgetLine, Fen Amount, PaymentId? Payment, StaffId SubmittedBy, StaffId? ReviewedBy, StaffId? ClaimApprovedBy,
    StaffId BatchDraftedBy, StaffId? BatchApprovedBy)
{
    public IEnumerable<(Words Duty, StaffId? By)> Duties() =>
    [
        (Accounts.Duties.Submission, SubmittedBy), (Accounts.Duties.Review, ReviewedBy), (Accounts.Duties.Approval, ClaimApprovedBy),
        (Accounts.Duties.BatchDraft, BatchDraftedBy), (Accounts.Duties.BatchApproval, BatchApprovedBy),
    ];
}

/// <summary>Writes payments. Locks: payment, then claims by number, then ledger accounts, then the audit trail.</summary>
public static class PaymentStore
{
    private sealed record PaymentLock(PaymentId Id, int Status, Fen TotalFen, DateTimeOffset CreatedAt);

    private const string SelectDue = """
        select l.id, l.claim_id, l.voucher_id as voucher, c.institution_id as institution, l.budget_line_id as budget_line, y.amount_fen as amount, l.payment_id as payment,
               c.submitted_by_staff as submitted_by, l.reviewed_by_staff as reviewed_by, c.approved_by_staff as claim_approved_by,
               b.drafted_by_staff as batch_drafted_by, b.approved_by_staff as batch_approved_by
        from claim_line l
        join payable y on y.claim_line_id = l.id and y.kind = 1 and y.state <> 4
        join claim c on c.id = l.claim_id
        join voucher v on v.id = l.voucher_id
        join batch b on b.id = v.batch_id
        """;

    /// <summary>The approved lines of claims whose locks are held.</summary>
    public static async Task<IReadOnlyList<DueLine>> ApprovedLinesAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<ClaimId> claims) =>
        [.. await connection.QueryAsync<DueLine>(
            $"{SelectDue} where l.claim_id = any(@ids) and l.state = 3 order by l.id",
            new { ids = claims.Select(claim => claim.Value).ToArray() }, transaction)];

    public static async Task<IReadOnlyList<DueLine>> LinesOfAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PaymentId payment) =>
        [.. await connection.QueryAsync<DueLine>($"{SelectDue} where l.payment_id = @payment and l.state = 3 order by l.id", new { payment }, transaction)];

    /// <summary>Name of an institution among the claims that has no complete payee account; <c>null</c> when all have one.</summary>
    public static Task<string?> WithoutPayeeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<ClaimId> claims) =>
        connection.QueryFirstOrDefaultAsync<string?>("""
            select i.name from institution i
            where i.id in (select institution_id from claim where id = any(@ids))
              and (coalesce(i.payee_name, '') = '' or coalesce(i.payee_bank, '') = ''
                   or i.payee_account_sealed is null or i.payee_account_masked is null)
            order by i.id
            """, new { ids = claims.Select(claim => claim.Value).ToArray() }, transaction);

    /// <summary>Writes the payment, takes the lines into it, and freezes whom it pays.</summary>
    /// <exception cref="InvalidOperationException">A line was no longer free: a bug, since the claims were locked.</exception>
    public static async Task<PaymentId> InsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, IReadOnlyCollection<DueLine> lines, Actor actor, DateTimeOffset now)
    {
        var total = lines.Aggregate(Fen.Zero, (sum, line) => sum + line.Amount);
        var payment = await connection.QuerySingleAsync<PaymentId>("""
            insert into payment (region, status, created_by, created_by_staff, created_at, total_fen)
            values (@region, 1, @Account, @Staff, @now, @total) returning id
            """, new { region, actor.Account, actor.Staff, now, total }, transaction);
        Expect(await connection.ExecuteAsync(
            "update claim_line set payment_id = @payment where id = any(@ids) and state = 3 and payment_id is null",
            new { payment, ids = lines.Select(line => line.Id).ToArray() }, transaction), lines.Count);
        await connection.ExecuteAsync("""
            insert into payment_row (
                payment_id, institution_id, budget_line_id, payee_name, payee_bank, payee_account_sealed, payee_account_masked, vouchers, amount_fen)
            select @payment, i.id, l.budget_line_id, i.payee_name, i.payee_bank, i.payee_account_sealed, i.payee_account_masked,
                   count(*), sum(y.amount_fen)
            from claim_line l
            join payable y on y.claim_line_id = l.id and y.kind = 1 and y.state = 1
            join claim c on c.id = l.claim_id
            join institution i on i.id = c.institution_id
            where l.payment_id = @payment
            group by i.id, l.budget_line_id;
            update payable y set state = 2, payment_row_id = r.id
            from claim_line l, claim c, payment_row r
            where y.claim_line_id = l.id and y.kind = 1 and y.state = 1 and l.payment_id = @payment and c.id = l.claim_id
              and r.payment_id = @payment and r.institution_id = c.institution_id and r.budget_line_id = l.budget_line_id;
            """, new { payment }, transaction);
        return payment;
    }

    public static async Task<LockedPayment?> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PaymentId payment)
    {
        var row = await connection.QuerySingleOrDefaultAsync<PaymentLock>(
            "select id, status::int as status, total_fen, created_at from payment where id = @payment for update", new { payment }, transaction);
        return row is null ? null : new LockedPayment(row.Id, (PaymentStatus)row.Status, row.TotalFen, row.CreatedAt);
    }

    /// <summary>The payment, its lines and their claims become paid.</summary>
    /// <exception cref="InvalidOperationException">Something changed under the payment's lock: a bug.</exception>
    public static async Task MarkPaidAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction,
        PaymentId payment, IReadOnlyCollection<DueLine> lines, string bankReference, DateOnly paidOn, Actor actor, DateTimeOffset now)
    {
        var claims = lines.Select(line => line.ClaimId).Distinct().ToArray();
        Expect(await connection.ExecuteAsync("""
            update payment set status = 2, paid_by = @Account, paid_by_staff = @Staff, paid_at = @now, paid_on = @paidOn, bank_reference = @bankReference
            where id = @payment and status = 1
            """, new { payment, actor.Account, actor.Staff, now, paidOn, bankReference }, transaction), 1);
        Expect(await connection.ExecuteAsync(
            "update claim set status = 4 where id = any(@claims) and status = 2", new { claims }, transaction), claims.Length);
        Expect(await connection.ExecuteAsync(
            "update claim_line set state = 5 where payment_id = @payment and state = 3", new { payment }, transaction), lines.Count);
        Expect(await connection.ExecuteAsync("""
            update payable set state = 3 where state = 2 and payment_row_id in (select id from payment_row where payment_id = @payment)
            """, new { payment }, transaction), lines.Count);
    }

    private static void Expect(int written, int expected)
    {
        if (written != expected) throw new InvalidOperationException($"{expected} rows were to change, {written} did.");
    }
}
