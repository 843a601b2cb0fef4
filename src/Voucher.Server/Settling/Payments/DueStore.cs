using Voucher.Core.Settling;

namespace Voucher.Server.Settling.Payments;

/// <summary>One thing that is owed.</summary>
/// <param name="Row">The transfer that pays it; <c>null</c> while it is open.</param>
/// <param name="Claim">None for an allowance that rests on no claim.</param>
public sealed record DuePayable(
    long Id, int Kind, int State, long? Row, long? Line, int? LineState, long? Claim, VoucherId? Voucher, InstitutionId? Institution, PersonId? Person,
    BudgetLineId BudgetLine, FundSourceId Source, Fen Amount, Fen PartPaid)
{
    private const int OpenState = 1, PaidState = 3;

    public Payees.PayeeOwner Owner => new(Institution, Person);

    public bool IsOpen => State == OpenState;

    /// <summary>What of it is paid.</summary>
    public Fen Paid => State == PaidState ? Amount : PartPaid;

    public OwedShare Share => new(Id, Amount, Paid);
}

/// <summary>Reads and locks what is owed, and writes what of it is paid.</summary>
public static class DueStore
{
    private const string Select = """
        select y.id, y.kind::int as kind, y.state::int as state, y.payment_row_id as row, l.id as line, l.state::int as line_state, l.claim_id as claim, v.id as voucher,
               y.institution_id as institution, y.person_id as person, y.budget_line_id as budget_line, g.fund_source_id as source,
               y.amount_fen as amount, y.part_paid_fen as part_paid
        from payable y
        join budget_line g on g.id = y.budget_line_id
        left join claim_line l on l.id = y.claim_line_id
        left join allowance a on a.id = y.allowance_id
        left join voucher v on v.id = coalesce(l.voucher_id, a.voucher_id)
        """;

    /// <summary>Numbers of the open payables of a source to institutions or to people, oldest first.</summary>
    public static async Task<IReadOnlyList<long>> OpenOfSourceAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, FundSourceId source, bool toPeople, int most) =>
        [.. await connection.QueryAsync<long>("""
            select y.id from payable y join budget_line g on g.id = y.budget_line_id
            where g.fund_source_id = @source and y.state = 1 and (y.person_id is not null) = @toPeople order by y.id limit @most
            """, new { source, toPeople, most }, transaction)];

    /// <summary>Numbers of the payables of claims to institutions or to people, open or not.</summary>
    public static async Task<IReadOnlyList<long>> OfClaimsAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<ClaimId> claims, bool toPeople) =>
        [.. await connection.QueryAsync<long>("""
            select y.id from payable y join claim_line l on l.id = y.claim_line_id
            where l.claim_id = any(@claims) and y.state <> 4 and (y.person_id is not null) = @toPeople order by y.id
            """, new { claims = claims.Select(claim => claim.Value).ToArray(), toPeople }, transaction)];

    public static async Task<IReadOnlyList<ClaimId>> ClaimsOfAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> payables) =>
        [.. await connection.QueryAsync<ClaimId>("""
            select distinct l.claim_id from payable y join claim_line l on l.id = y.claim_line_id where y.id = any(@payables) order by l.claim_id
            """, new { payables = payables.ToArray() }, transaction)];

    /// <summary>Locks the payables, smallest number first.</summary>
    public static async Task<IReadOnlyList<DuePayable>> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> payables) =>
        [.. await connection.QueryAsync<DuePayable>(
            $"{Select} where y.id = any(@payables) order by y.id for update of y", new { payables = payables.ToArray() }, transaction)];

    /// <summary>Those of which decisions that stand have taken paid money back, in part or in whole: what the bank returns of them now is not simply owed again.</summary>
    public static async Task<IReadOnlySet<long>> TakenBackAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> payables) =>
        (await connection.QueryAsync<long>("""
            select p.payable_id from recovery_part p
            join recovery_line l on l.id = p.recovery_line_id
            join recovery r on r.id = l.recovery_id and r.state in (2, 3)
            where p.payable_id = any(@payables) and p.from_kind = 5
            """, new { payables = payables.ToArray() }, transaction)).ToHashSet();

    /// <summary>What the payments pay as it stands, without locks: to show, not to decide on.</summary>
    public static async Task<IReadOnlyList<DuePayable>> LookAtPaymentsAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<PaymentId> payments) =>
        [.. await connection.QueryAsync<DuePayable>(
            $"{Select} join payment_row r on r.id = y.payment_row_id where r.payment_id = any(@payments) order by y.id",
            new { payments = payments.Select(payment => payment.Value).ToArray() }, transaction)];

    /// <summary>Locks what the payments pay, smallest number first.</summary>
    public static async Task<IReadOnlyList<DuePayable>> LockOfPaymentsAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<PaymentId> payments)
    {
        var ids = new { payments = payments.Select(payment => payment.Value).ToArray() };
        await connection.ExecuteAsync("""
            select from claim where id in (
                select l.claim_id from payable y join payment_row r on r.id = y.payment_row_id join claim_line l on l.id = y.claim_line_id
                where r.payment_id = any(@payments)) order by id for update
            """, ids, transaction);
        return [.. await connection.QueryAsync<DuePayable>(
            $"{Select} join payment_row r on r.id = y.payment_row_id where r.payment_id = any(@payments) order by y.id for update of y", ids, transaction)];
    }

    /// <summary>Whoever proposed or verified the accounts that rows pay to.</summary>
    public static async Task<IReadOnlyList<(Words Duty, StaffId? By)>> PayeeDutiesAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<int> accounts)
    {
        var rows = await connection.QueryAsync<(StaffId? ProposedBy, StaffId? VerifiedBy)>(
            "select distinct proposed_by_staff, verified_by_staff from payee_account where id = any(@accounts)", new { accounts = accounts.ToArray() }, transaction);
        return [.. rows.SelectMany(row => new (Words, StaffId?)[] { (Payees.PayeeWords.Proposal, row.ProposedBy), (Payees.PayeeWords.Verification, row.VerifiedBy) })];
    }

    /// <summary>Writes how much of each payable is paid now, and the claims and lines that follow from it.</summary>
    public static async Task SetPaidAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<(long Payable, Fen Paid)> shares)
    {
        var values = new { ids = shares.Select(share => share.Payable).ToArray(), paid = shares.Select(share => share.Paid.Value).ToArray() };
        var written = await connection.ExecuteAsync("""
            update payable y set state = case when s.paid = y.amount_fen then 3 else 2 end, part_paid_fen = case when s.paid = y.amount_fen then 0 else s.paid end
            from unnest(@ids, @paid) as s (id, paid) where y.id = s.id and y.state in (2, 3)
            """, values, transaction);
        Expect(written, shares.Count);
        // A line is paid with its institution's share; one that goes wholly to the trainee, with the last of the trainee's.
        await connection.ExecuteAsync("""
            update claim_line l
            set state = case when w.is_paid then 5 else 3 end,
                payment_id = case when w.is_paid then coalesce(l.payment_id, w.payment) when w.is_trainees then null else l.payment_id end
            from (select y.claim_line_id as line, bool_and(y.state = 3) as is_paid, bool_and(y.kind = 3) as is_trainees, max(r.payment_id) as payment
                  from payable y left join payment_row r on r.id = y.payment_row_id
                  where y.state <> 4 and y.claim_line_id in (select claim_line_id from payable where id = any(@ids))
                    and (y.kind = 1 or y.kind = 3 and not exists (select from payable i where i.claim_line_id = y.claim_line_id and i.kind = 1))
                  group by y.claim_line_id) w
            where l.id = w.line and l.state in (3, 5);
            update claim c set status = case when exists (select from claim_line o where o.claim_id = c.id and o.state in (2, 3, 6, 8, 9)) then 2 else 4 end
            where c.status in (2, 4) and c.id in (select l.claim_id from claim_line l join payable y on y.claim_line_id = l.id where y.id = any(@ids));
            """, values, transaction);
    }
}
