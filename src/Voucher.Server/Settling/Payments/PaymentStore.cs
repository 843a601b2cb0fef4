using Voucher.Core.Settling;

namespace Voucher.Server.Settling.Payments;

/// <summary>A payment under its lock.</summary>
/// <param name="RoundBy">Who made the round that is open, or was sent last.</param>
/// <param name="Bank">All its payees have accounts at banks whose names hold this; empty for any.</param>
/// <param name="CancelAskedBy">Who asked to give it up.</param>
public sealed record LockedPayment(
    PaymentId Id, PaymentStatus Status, Fen Total, DateTimeOffset CreatedAt, StaffId CreatedBy, StaffId RoundBy, int Round, string Format, string Bank,
    StaffId? CancelAskedBy, string? CancelReason);

/// <summary>A transfer under its payment's lock.</summary>
/// <param name="TakeOutBy">Who asked to take it out.</param>
/// <param name="UnpaidBy">Who says that the bank has not paid what it was sent.</param>
public sealed record LockedRow(
    long Id, int Number, InstitutionId? Institution, PersonId? Person, PaymentRowLife Life, Fen Netted,
    string PayeeName, byte[] PayeeAccountSealed, string PayeeAccountMasked, int? PayeeAccountId, StaffId? TakeOutBy, StaffId? UnpaidBy, string? UnpaidReason)
{
    public Payees.PayeeOwner Owner => new(Institution, Person);
}

/// <summary>
/// Writes payments. Locks: payment, then claims by number, then vouchers, payables by id, recoveries, ledger accounts, the audit trail last.
/// Every update repeats the guard that the use case has checked.
/// </summary>
public static class PaymentStore
{
    private sealed record PaymentLock(
        PaymentId Id, int Status, Fen TotalFen, DateTimeOffset CreatedAt, StaffId CreatedByStaff, StaffId RoundByStaff, int Round, string Format, string Bank,
        StaffId? CancelAskedByStaff, string? CancelReason);

    private sealed record RowLock(
        long Id, int Number, InstitutionId? InstitutionId, PersonId? PersonId, int State, Fen AmountFen, Fen PaidFen, int Attempt, Fen NettedFen,
        string PayeeName, byte[] PayeeAccountSealed, string PayeeAccountMasked, int? PayeeAccountId, StaffId? TakeOutByStaff, StaffId? UnpaidByStaff, string? UnpaidReason);

    private const string Select = """
        select id, status::int as status, total_fen, created_at, created_by_staff, round_by_staff, round, format, bank, cancel_asked_by_staff, cancel_reason
        from payment where id = @payment
        """;

    public static Task<LockedPayment?> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PaymentId payment) =>
        OneAsync(connection, transaction, payment, $"{Select} for update");

    /// <summary>As it stands, without its lock: to show, not to decide on.</summary>
    public static Task<LockedPayment?> LookAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PaymentId payment) =>
        OneAsync(connection, transaction, payment, Select);

    private static async Task<LockedPayment?> OneAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PaymentId payment, string sql) =>
        await connection.QuerySingleOrDefaultAsync<PaymentLock>(sql, new { payment }, transaction) is { } row
            ? new LockedPayment(
                row.Id, (PaymentStatus)row.Status, row.TotalFen, row.CreatedAt, row.CreatedByStaff, row.RoundByStaff, row.Round, row.Format, row.Bank,
                row.CancelAskedByStaff, row.CancelReason)
            : null;

    /// <summary>The rows of a payment whose lock is held, by number.</summary>
    public static async Task<IReadOnlyList<LockedRow>> RowsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PaymentId payment) =>
    [
        .. (await connection.QueryAsync<RowLock>("""
            select id, number, institution_id, person_id, state::int as state, amount_fen, paid_fen, attempt, netted_fen,
                   payee_name, payee_account_sealed, payee_account_masked, payee_account_id, take_out_by_staff, unpaid_by_staff, unpaid_reason
            from payment_row where payment_id = @payment order by number
            """, new { payment }, transaction)).Select(row => new LockedRow(
            row.Id, row.Number, row.InstitutionId, row.PersonId, new PaymentRowLife((PaymentRowState)row.State, row.AmountFen, row.PaidFen, row.Attempt), row.NettedFen,
            row.PayeeName, row.PayeeAccountSealed, row.PayeeAccountMasked, row.PayeeAccountId, row.TakeOutByStaff, row.UnpaidByStaff, row.UnpaidReason)),
    ];

    /// <summary>Writes a row's next state, where it is still in the one that was decided on.</summary>
    /// <exception cref="InvalidOperationException">It changed under its payment's lock: a bug.</exception>
    public static async Task ChangeRowAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, LockedRow row, PaymentRowLife next, string? failure = null) =>
        Expect(await connection.ExecuteAsync("""
            update payment_row set state = @state, attempt = @attempt, paid_fen = @paid, failure = @failure, unpaid_by_staff = null, unpaid_reason = null
            where id = @Id and state = @from and attempt = @fromAttempt and paid_fen = @fromPaid
            """,
            new
            {
                row.Id, state = (short)next.State, attempt = next.Attempt, paid = next.Paid, failure,
                from = (short)row.Life.State, fromAttempt = row.Life.Attempt, fromPaid = row.Life.Paid,
            }, transaction), 1);

    /// <summary>Gives a row that is to be sent again the account on which it will go.</summary>
    public static async Task SetPayeeAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long row, Payees.UsablePayee payee, string? reason) =>
        Expect(await connection.ExecuteAsync("""
            update payment_row set payee_name = @HolderName, payee_bank = @Bank, payee_account_sealed = @AccountSealed, payee_account_masked = @AccountMasked,
                payee_account_id = @Id, resend_reason = @reason, take_out_by_staff = null, take_out_reason = null
            where id = @row and state = 1
            """, new { row, payee.HolderName, payee.Bank, payee.AccountSealed, payee.AccountMasked, payee.Id, reason }, transaction), 1);

    public static async Task AskTakeOutAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long row, string reason, Actor actor) =>
        Expect(await connection.ExecuteAsync(
            "update payment_row set take_out_by_staff = @Staff, take_out_reason = @reason where id = @row and state = 4",
            new { row, reason, actor.Staff }, transaction), 1);

    /// <summary>One person says that the bank has not paid the rows.</summary>
    public static async Task AskUnpaidAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> rows, string reason, Actor actor) =>
        Expect(await connection.ExecuteAsync(
            "update payment_row set unpaid_by_staff = @Staff, unpaid_reason = @reason where id = any(@rows) and state = 2",
            new { rows = rows.ToArray(), reason, actor.Staff }, transaction), rows.Count);

    /// <summary>The first of the rows whose account is no longer the one in use of its payee, and the account.</summary>
    public static Task<(int Number, string AccountMasked)?> AccountNotInUseAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> rows, DateOnly day) =>
        connection.QueryFirstOrDefaultAsync<(int, string)?>($"""
            select r.number, r.payee_account_masked from payment_row r
            where r.id = any(@rows) and r.amount_fen > r.paid_fen and not exists (
                select from payee_account a
                where (a.institution_id = r.institution_id or a.person_id = r.person_id)
                  and (a.id = r.payee_account_id or r.payee_account_id is null and a.account_sealed = r.payee_account_sealed) and {Payees.PayeeStore.IsInUse})
            order by r.number limit 1
            """, new { rows = rows.ToArray(), day }, transaction);

    /// <summary>The row is taken out: what it was to pay is open again.</summary>
    public static async Task TakeOutAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, LockedRow row, Actor actor)
    {
        Expect(await connection.ExecuteAsync(
            "update payment_row set taken_out_by_staff = @Staff where id = @Id and state = 6 and person_of(take_out_by_staff) <> person_of(@Staff)", new { row.Id, actor.Staff }, transaction), 1);
        await OpenAgainAsync(connection, transaction, [row.Id]);
    }

    public static async Task AskCancelAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PaymentId payment, string reason, Actor actor) =>
        Expect(await connection.ExecuteAsync(
            "update payment set cancel_asked_by_staff = @Staff, cancel_reason = @reason where id = @payment and status = 1",
            new { payment, reason, actor.Staff }, transaction), 1);

    public static async Task CancelAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, PaymentId payment, IReadOnlyCollection<long> rows, Actor actor, DateTimeOffset now)
    {
        Expect(await connection.ExecuteAsync("""
            update payment set status = 5, cancelled_by = @Account, cancelled_by_staff = @Staff, cancelled_at = @now
            where id = @payment and status = 1 and cancel_asked_by_staff <> @Staff
            """, new { payment, actor.Account, actor.Staff, now }, transaction), 1);
        await OpenAgainAsync(connection, transaction, rows);
    }

    /// <summary>A new round begins, or the open one is given back: <paramref name="round"/> says which is the last.</summary>
    public static async Task SetRoundAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PaymentId payment, int round, StaffId by) =>
        Expect(await connection.ExecuteAsync(
            "update payment set round = @round, round_by_staff = @by, sent_by = null, sent_by_staff = null, sent_at = null where id = @payment",
            new { payment, round, by }, transaction), 1);

    public static async Task ReleaseAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, PaymentId payment, IReadOnlyCollection<long> rows, Actor actor, DateTimeOffset now)
    {
        Expect(await connection.ExecuteAsync("""
            update payment set sent_by = @Account, sent_by_staff = @Staff, sent_at = @now, cancel_asked_by_staff = null, cancel_reason = null
            where id = @payment and person_of(round_by_staff) <> person_of(@Staff) and status in (1, 3, 4)
            """, new { payment, actor.Account, actor.Staff, now }, transaction), 1);
        Expect(await connection.ExecuteAsync("""
            insert into payment_row_sent (payment_row_id, attempt, amount_fen, payee_account_masked, sent_by, sent_by_staff, sent_at)
            select id, attempt, amount_fen - paid_fen, payee_account_masked, @Account, @Staff, @now from payment_row where id = any(@rows)
            """, new { rows = rows.ToArray(), actor.Account, actor.Staff, now }, transaction), rows.Count);
    }

    /// <summary>
    /// The status that the rows come to. A paid one was paid on the day, by the document and by whom the last return was booked that
    /// paid one of its rows, whatever was taken out or came back after that; where the bank paid nothing, by whoever settles it now.
    /// </summary>
    public static Task SetStatusAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, PaymentId payment, PaymentStatus status, Actor actor, DateTimeOffset now) =>
        status switch
        {
            PaymentStatus.Paid => connection.ExecuteAsync("""
                update payment p set status = 2, paid_by = coalesce(r.booked_by, @Account), paid_by_staff = coalesce(r.booked_by_staff, @Staff),
                    paid_at = coalesce(r.booked_at, @now), paid_on = coalesce(r.paid_on, @today), bank_reference = coalesce(r.document, '回盘' || r.id)
                from (select) one
                left join (
                    select t.* from payment_return t join payment_return_row w on w.return_id = t.id join payment_row o on o.id = w.payment_row_id
                    where o.payment_id = @payment and o.state = 3 and w.is_booked and w.answer in (1, 3) order by t.paid_on desc, t.id desc limit 1) r on true
                where p.id = @payment and p.status in (1, 3, 4)
                """, new { payment, actor.Account, actor.Staff, now, today = CountyTime.DayOf(now) }, transaction),
            PaymentStatus.Cancelled => connection.ExecuteAsync("""
                update payment set status = 5, cancelled_by = @Account, cancelled_by_staff = @Staff, cancelled_at = @now, cancel_reason = '全部移出'
                where id = @payment and status in (3, 4)
                """, new { payment, actor.Account, actor.Staff, now }, transaction),
            _ => connection.ExecuteAsync("""
                update payment set status = @status, paid_by = null, paid_by_staff = null, paid_at = null, paid_on = null, bank_reference = null
                where id = @payment and status <> 5
                """, new { payment, status = (short)status }, transaction),
        };

    private static Task OpenAgainAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> rows) =>
        connection.ExecuteAsync("""
            update claim_line l set payment_id = null from payable y
            where y.claim_line_id = l.id and y.kind = 1 and y.payment_row_id = any(@rows) and y.state = 2 and l.state = 3;
            update payable set state = 1, payment_row_id = null where payment_row_id = any(@rows) and state = 2 and part_paid_fen = 0;
            """, new { rows = rows.ToArray() }, transaction);
}
