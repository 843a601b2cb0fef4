using Voucher.Core.Settling;

namespace Voucher.Server.Settling.Recovering;

/// <summary>One settlement of which something may be taken back: an approved or paid claim line, or a paid allowance of a trainee.</summary>
/// <param name="ClaimLine">Of an institution's; <c>null</c> for an allowance.</param>
/// <param name="Payable">Of an allowance; <c>null</c> for a claim line.</param>
/// <param name="Amount">As it was settled.</param>
/// <param name="Payment">The payment with the bank in which some of it is; then nothing is decided.</param>
public sealed record Recoverable(
    long? ClaimLine, long? Payable, VoucherId Voucher, ClaimId? Claim, InstitutionId? Institution, string InstitutionName, PersonId Person, string Holder,
    string ClassName, Fen Amount, Fen Retained, Fen Owed, Fen Paid, long? Payment)
{
    public RecoveryShares Held => new(Retained, Owed, Paid);
}

/// <summary>A payable under its lock, with what was taken back of it.</summary>
/// <param name="Payment">With whose bank it is; <c>null</c> when it is in none under way.</param>
/// <param name="IsFrozen">By an objection that is not decided.</param>
public sealed record HeldPayable(
    long Id, long? ClaimLine, int Kind, int State, BudgetLineId BudgetLine, Fen Amount, Fen Taken, long? Payment, bool IsFrozen);

/// <summary>Reads what may be taken back.</summary>
public static class RecoverableStore
{
    /// <summary>Of the payable <c>y</c>, what decisions that stand have taken back.</summary>
    private const string TakenOf = """
        coalesce((select sum(p.amount_fen) from recovery_part p
                  join recovery_line rl on rl.id = p.recovery_line_id
                  join recovery rr on rr.id = rl.recovery_id and rr.state in (2, 3)
                  where p.payable_id = y.id and p.from_kind = 5), 0)::bigint
        """;

    /// <summary>Of what was kept back nothing is held any more once it was released (it is owed or paid then) or forfeited, or the line rejected.</summary>
    private const string SelectLines = $"""
        select l.id as claim_line, null::bigint as payable, l.voucher_id as voucher, l.claim_id as claim, c.institution_id as institution,
               i.name as institution_name, v.person_id as person, o.name as holder, coalesce(k.name, '') as class_name, l.amount_fen as amount,
               case when l.state = 4 or exists (select from retained_standing s where s.claim_line_id = l.id and s.state in (4, 5)) then 0
                    else l.retained_fen - l.retained_clawed_back_fen end as retained,
               h.owed, h.paid, h.payment
        from claim_line l
        join claim c on c.id = l.claim_id
        join institution i on i.id = c.institution_id
        join voucher v on v.id = l.voucher_id
        join person o on o.id = v.person_id
        left join enrolment n on n.voucher_id = l.voucher_id and n.is_active
        left join training_class k on k.id = n.class_id
        cross join lateral (
            select coalesce(sum(y.amount_fen) filter (where y.state = 1), 0)::bigint as owed,
                   coalesce(sum(y.amount_fen - {TakenOf}) filter (where y.state = 3), 0)::bigint as paid,
                   min(r.payment_id) filter (where y.state = 2) as payment
            from payable y left join payment_row r on r.id = y.payment_row_id
            where y.claim_line_id = l.id and y.kind in (1, 2)) h
        """;

    /// <summary>Claim lines of these vouchers that were approved or paid.</summary>
    public static async Task<IReadOnlyList<Recoverable>> OfVouchersAsync(NpgsqlConnection connection, IReadOnlyCollection<VoucherId> vouchers) =>
        [.. await connection.QueryAsync<Recoverable>(
            $"{SelectLines} where l.voucher_id = any(@ids) and l.state in (3, 5) order by l.id", new { ids = Ids(vouchers) })];

    /// <summary>All of a class or of an institution of which anything is left to take back.</summary>
    public static async Task<IReadOnlyList<Recoverable>> OfAsync(NpgsqlConnection connection, ClassId? training, InstitutionId? institution, int most) =>
        [.. (await connection.QueryAsync<Recoverable>($"""
            {SelectLines}
            where l.state in (3, 5) and (@training::bigint is null or k.id = @training) and (@institution::int is null or c.institution_id = @institution)
            order by l.id limit @most
            """, new { training, institution, most })).Where(line => line.Held.Total > Fen.Zero)];

    /// <summary>Allowances that the vouchers' holders were paid for these vouchers, or are being paid. A holder who was merged is one person.</summary>
    public static async Task<IReadOnlyList<Recoverable>> AllowancesAsync(NpgsqlConnection connection, IReadOnlyCollection<VoucherId> vouchers) =>
        [.. await connection.QueryAsync<Recoverable>($"""
            select null::bigint as claim_line, y.id as payable, v.id as voucher, l.claim_id as claim, null::int as institution, '' as institution_name,
                   o.id as person, o.name as holder, coalesce(k.name, '') as class_name, y.amount_fen as amount,
                   0::bigint as retained, 0::bigint as owed, case y.state when 3 then y.amount_fen - {TakenOf} else 0 end as paid,
                   case y.state when 2 then r.payment_id end as payment
            from voucher v
            join allowance w on w.voucher_id = v.id
            join payable y on y.allowance_id = w.id and y.state in (2, 3)
            join person q on q.id = y.person_id
            join person o on o.id = coalesce(q.merged_into, q.id)
            left join payment_row r on r.id = y.payment_row_id
            left join claim_line l on l.id = y.claim_line_id
            left join training_class k on k.id = w.class_id
            where v.id = any(@ids) order by y.id
            """, new { ids = Ids(vouchers) })];

    /// <summary>The claim lines of a recovery, read again under the locks of their claims.</summary>
    public static async Task<IReadOnlyList<Recoverable>> OfLinesAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> claimLines) =>
        [.. await connection.QueryAsync<Recoverable>($"{SelectLines} where l.id = any(@ids) order by l.id", new { ids = claimLines.ToArray() }, transaction)];

    /// <summary>Locks the payables of claim lines and single payables, by id; what was taken back of each is read after the lock.</summary>
    public static async Task<IReadOnlyList<HeldPayable>> LockAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> claimLines, IReadOnlyCollection<long> payables)
    {
        var given = new { claimLines = claimLines.ToArray(), payables = payables.ToArray() };
        const string which = "(y.claim_line_id = any(@claimLines) and y.kind in (1, 2) or y.id = any(@payables))";
        await connection.ExecuteAsync($"select from payable y where {which} order by y.id for update", given, transaction);
        return [.. await connection.QueryAsync<HeldPayable>($"""
            select y.id, y.claim_line_id as claim_line, y.kind::int as kind, y.state::int as state, y.budget_line_id as budget_line, y.amount_fen as amount, {TakenOf} as taken,
                   case y.state when 2 then r.payment_id end as payment, coalesce(s.standing = 2, false) as is_frozen
            from payable y
            left join payment_row r on r.id = y.payment_row_id
            left join payable_publication s on s.payable_id = y.id
            where {which} order by y.id
            """, given, transaction)];
    }

    private static long[] Ids(IReadOnlyCollection<VoucherId> vouchers) => [.. vouchers.Select(voucher => voucher.Value)];
}
