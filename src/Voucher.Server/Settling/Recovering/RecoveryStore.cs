using Voucher.Core.Settling;

namespace Voucher.Server.Settling.Recovering;

/// <summary>A recovery under its lock.</summary>
public sealed record LockedRecovery(
    RecoveryId Id, RegionCode Region, InstitutionId? Institution, PersonId? Person, Recovery Machine, StaffId? DecidedBy, DateOnly PayBy);

/// <summary>One of its lines.</summary>
public sealed record LockedRecoveryLine(long Id, VoucherId? Voucher, long? ClaimLine, long? Payable, ClaimId? Claim, Fen Amount);

/// <summary>
/// Writes recoveries. Locks: claims, then payables, then recoveries by number, then the numbers of notices, ledger accounts and the
/// audit trail. Every update repeats the guard of the machine.
/// </summary>
public static class RecoveryStore
{
    private sealed record Row(
        RecoveryId Id, RegionCode Region, InstitutionId? InstitutionId, PersonId? PersonId, int State, StaffId ProposedByStaff, StaffId? DecidedByStaff,
        StaffId? ReversalByStaff, DateOnly PayBy, Fen Receivable, Fen PaidIn, Fen Netted, Fen Bound);

    /// <summary>Of the recovery <c>r</c>: what is to come back, and what has.</summary>
    public const string Sums = """
        cross join lateral (
            select coalesce(sum(p.amount_fen), 0)::bigint as receivable
            from recovery_line l join recovery_part p on p.recovery_line_id = l.id
            where l.recovery_id = r.id and p.from_kind = 5 and r.state in (2, 3)) w
        cross join lateral (select coalesce(sum(amount_fen), 0)::bigint as paid_in from recovery_pay_in where recovery_id = r.id) i
        cross join lateral (
            select coalesce(sum(amount_fen) filter (where state = 2), 0)::bigint as netted,
                   coalesce(sum(amount_fen) filter (where state = 1), 0)::bigint as bound
            from recovery_netting where recovery_id = r.id) n
        """;

    public static async Task<RecoveryId> InsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, RecoveryEntry entry,
        IReadOnlyList<(Recoverable Of, Fen Amount, string Reason)> lines, PolicyId policy, Actor actor, DateTimeOffset now)
    {
        var first = lines[0].Of;
        var id = await connection.QuerySingleAsync<RecoveryId>("""
            insert into recovery (region, institution_id, person_id, state, source, finding, documents, pay_by, amount_fen, policy_id,
                                  proposed_by, proposed_by_staff, proposed_at)
            values (@region, @institution, @person, 1, @source, @Finding, @Documents, @PayBy, @amount, @policy, @Account, @Staff, @now)
            returning id
            """,
            new
            {
                region, institution = entry.FromTrainee ? null : first.Institution, person = entry.FromTrainee ? (PersonId?)first.Person : null,
                source = (short)entry.Source, entry.Finding, entry.Documents, entry.PayBy,
                amount = lines.Aggregate(Fen.Zero, (sum, line) => sum + line.Amount), policy, actor.Account, actor.Staff, now,
            }, transaction);
        await connection.ExecuteAsync("""
            insert into recovery_line (recovery_id, voucher_id, claim_line_id, payable_id, amount_fen, reason)
            select @id, line.* from unnest(@vouchers, @claimLines, @payables, @amounts, @reasons) line
            """,
            new
            {
                id,
                vouchers = lines.Select(line => line.Of.Voucher.Value).ToArray(),
                claimLines = lines.Select(line => line.Of.ClaimLine).ToArray(),
                payables = lines.Select(line => line.Of.Payable).ToArray(),
                amounts = lines.Select(line => line.Amount.Value).ToArray(),
                reasons = lines.Select(line => line.Reason).ToArray(),
            }, transaction);
        return id;
    }

    /// <summary>Locks the recovery, then reads what has come back: read in one statement, that could be from before the wait.</summary>
    public static async Task<LockedRecovery?> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RecoveryId id)
    {
        await connection.ExecuteAsync("select from recovery where id = @id for update", new { id }, transaction);
        var row = await connection.QuerySingleOrDefaultAsync<Row>($"""
            select r.id, r.region, r.institution_id, r.person_id, r.state::int as state, r.proposed_by_staff, r.decided_by_staff, r.reversal_by_staff, r.pay_by,
                   w.receivable, i.paid_in, n.netted, n.bound
            from recovery r {Sums} where r.id = @id
            """, new { id }, transaction);
        return row is null ? null : new LockedRecovery(
            row.Id, row.Region, row.InstitutionId, row.PersonId,
            new Recovery((RecoveryState)row.State, row.ProposedByStaff, row.Receivable, row.PaidIn, row.Netted, row.Bound,
                (RecoveryState)row.State == RecoveryState.Reversed ? null : row.ReversalByStaff),
            row.DecidedByStaff, row.PayBy);
    }

    /// <summary>They never change once proposed, so that they may be read before any lock.</summary>
    public static async Task<IReadOnlyList<LockedRecoveryLine>> LinesAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RecoveryId id) =>
        [.. await connection.QueryAsync<LockedRecoveryLine>("""
            select l.id, l.voucher_id as voucher, l.claim_line_id as claim_line, l.payable_id as payable, c.claim_id as claim, l.amount_fen as amount
            from recovery_line l left join claim_line c on c.id = l.claim_line_id
            where l.recovery_id = @id order by l.id
            """, new { id }, transaction)];

    /// <summary>Writes the new state over the one that was seen.</summary>
    public static async Task MoveAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, LockedRecovery known, Recovery next) =>
        Expect(await connection.ExecuteAsync(
            "update recovery set state = @to, reversal_by_staff = @reversal, reversal_by = case when @reversal::int is null then null else reversal_by end where id = @Id and state = @from",
            new { known.Id, from = (short)known.Machine.State, to = (short)next.State, reversal = next.ReversalProposedBy }, transaction), 1);

    /// <summary>The decision of the second person. A notice goes out only where something is taken back.</summary>
    public static async Task DecideAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, LockedRecovery known, Recovery next, NoticeNumber? notice, Actor actor, DateTimeOffset now) =>
        Expect(await connection.ExecuteAsync("""
            update recovery set state = @to, decided_by = @Account, decided_by_staff = @Staff, decided_at = @now, notice_year = @year, notice_no = @no
            where id = @Id and state = 1 and person_of(proposed_by_staff) <> person_of(@Staff)
            """, new { known.Id, to = (short)next.State, actor.Account, actor.Staff, now, year = notice?.Year, no = notice?.No }, transaction), 1);

    public static async Task ProposeReversalAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, LockedRecovery known, Actor actor) =>
        Expect(await connection.ExecuteAsync("""
            update recovery set reversal_by = @Account, reversal_by_staff = @Staff where id = @Id and state in (2, 3) and reversal_by_staff is null
            """, new { known.Id, actor.Account, actor.Staff }, transaction), 1);

    public static async Task ReverseAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, LockedRecovery known, Actor actor, DateTimeOffset now) =>
        Expect(await connection.ExecuteAsync("""
            update recovery set state = 6, reversed_by = @Account, reversed_by_staff = @Staff, reversed_at = @now
            where id = @Id and state in (2, 3) and person_of(reversal_by_staff) <> person_of(@Staff)
            """, new { known.Id, actor.Account, actor.Staff, now }, transaction), 1);

    /// <summary>One more entry of the recovery's history; its lock is held.</summary>
    public static Task AppendAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RecoveryId id, RecoveryStep step, Fen? amount, string reason, Rule rule,
        AccountId? account, DateTimeOffset now) =>
        connection.ExecuteAsync("""
            insert into recovery_step (recovery_id, number, step, amount_fen, reason, rule, account_id, staff_id, at)
            select @id, coalesce(max(number), 0) + 1, @step, @amount, @reason, @rule, @account, (select person_of(staff_id) from account where id = @account), @now
            from recovery_step where recovery_id = @id
            """, new { id, step = (short)step, amount, reason, rule = rule.ToString(), account, now }, transaction);

    /// <summary>What is still to come back, and in no payment under way, by budget line.</summary>
    public static async Task<IReadOnlyList<OpenRecovery>> FreeAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyCollection<RecoveryId> recoveries) =>
        [.. await connection.QueryAsync<OpenRecovery>("""
            select recovery, line, sum(fen)::bigint as free from (
                select l.recovery_id as recovery, p.budget_line_id as line, p.amount_fen as fen
                from recovery_line l join recovery_part p on p.recovery_line_id = l.id and p.from_kind = 5 where l.recovery_id = any(@ids)
                union all
                select i.recovery_id, k.budget_line_id, -k.amount_fen
                from recovery_pay_in i join recovery_pay_in_line k on k.pay_in_id = i.id where i.recovery_id = any(@ids)
                union all
                select recovery_id, budget_line_id, -amount_fen from recovery_netting where state in (1, 2) and recovery_id = any(@ids)) parts
            group by recovery, line having sum(fen) > 0 order by recovery, line
            """, new { ids = recoveries.Select(recovery => recovery.Value).ToArray() }, transaction)];
}
