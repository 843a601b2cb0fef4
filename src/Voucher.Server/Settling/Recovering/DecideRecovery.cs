using Voucher.Core.Settling;
using Voucher.Server.Api;
using Voucher.Server.Policies;
using Voucher.Server.Settling.Claims;

namespace Voucher.Server.Settling.Recovering;

/// <summary>
/// 追回决定, by a second person who had no part in the settlement: what was paid becomes receivable, what was owed or kept back is free
/// again. Each part points at the settlement that it reverses.
/// </summary>
public sealed class DecideRecovery(NpgsqlDataSource database, PolicyStore policies, TimeProvider clock)
{
    public async Task<Outcome<Nothing>> WithdrawAsync(RecoveryId id, Actor actor) =>
        await CloseAsync(id, new RecoveryCommand.Withdraw(actor.Person), RecoveryStep.Withdraw, "", actor);

    public async Task<Outcome<Nothing>> RejectAsync(RecoveryId id, string? reason, Actor actor)
    {
        var read = new FieldReader();
        var why = read.Text("reason", reason, Reasons.Longest);
        return read.Errors.Count > 0 ? read.Errors : await CloseAsync(id, new RecoveryCommand.Reject(actor.Person), RecoveryStep.Reject, why, actor);
    }

    public Task<Outcome<NoticeNumber>> ConfirmAsync(RecoveryId id, string? reason, Actor actor) =>
        Database.Deadlock.RunAsync(() => ConfirmOnceAsync(id, reason, actor));

    private async Task<Outcome<NoticeNumber>> ConfirmOnceAsync(RecoveryId id, string? reason, Actor actor)
    {
        var read = new FieldReader();
        var why = read.Text("reason", reason, Reasons.Longest, isOptional: true);
        if (read.Errors.Count > 0) return read.Errors;
        if (!actor.IsCounty) return Refusal.Of(RefusalCode.NotFound);
        var now = clock.GetUtcNow();
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await StandingRoles.RefuseAsync(connection, transaction, actor, Permission.DecideRecovery, policy) is { } gone) return gone;
        var lines = await RecoveryStore.LinesAsync(connection, transaction, id);
        await ClaimStore.LockAsync(connection, transaction, [.. lines.Select(line => line.Claim).OfType<ClaimId>().Distinct()]);
        var payables = await RecoverableStore.LockAsync(connection, transaction, Of(lines, line => line.ClaimLine), Of(lines, line => line.Payable));
        if (await RecoveryStore.LockAsync(connection, transaction, id) is not { } known) return Refusal.Of(RefusalCode.NotFound);
        // First what the machine alone would say, so that a second decider hears of the state and not of the money.
        if (known.Machine.Decide(new RecoveryCommand.Confirm(actor.Person, Fen.Zero), policy) is Outcome<Recovery>.Refused(var no)) return no;
        if (Duties.Refuse(policy, actor.Staff, await RecoveryDuties.OfAsync(connection, transaction, id)) is { } same) return same;
        if (Divide(lines, payables, await RecoverableStore.OfLinesAsync(connection, transaction, Of(lines, line => line.ClaimLine)), policy, out var parts) is { } refusal)
            return refusal;

        var receivable = parts.Where(part => part.From == LedgerAccountKind.Paid).Aggregate(Fen.Zero, (sum, part) => sum + part.Amount);
        if (Recovery.RefuseTerm(known.PayBy, CountyTime.DayOf(now), receivable, policy) is { } over) return over;
        var next = known.Machine.Decide(new RecoveryCommand.Confirm(actor.Person, receivable), policy).OrThrow();
        var notice = await NoticeNumber.NextAsync(connection, transaction, known.Region, NoticeKind.Recovery, CountyTime.DayOf(now).Year);
        await RecoveryStore.DecideAsync(connection, transaction, known, next, notice, actor, now);
        await RecoveryPosting.WriteAsync(connection, transaction, parts, now);
        var rule = policy.RuleOf(Clause.Recovery);
        await RecoveryStore.AppendAsync(connection, transaction, id, RecoveryStep.Decide, receivable, why, rule, actor.Account, now);
        var shortage = await LedgerBook.PostAsync(
            connection, transaction, LedgerTransactionKind.Reverse, $"recovery:{id}", rule, [.. parts.Select(part => part.Move)], actor.Account, now);
        if (shortage is not null) throw new InvalidOperationException($"Recovery {id}: the books hold less than its settlements say.");
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "recovery.decide", $"recovery:{id}", $"{notice}: {lines.Count} lines, {receivable} yuan receivable; {rule}",
            Ground.Of(rule, why));
        await transaction.CommitAsync();
        return notice;
    }

    private static long[] Of(IReadOnlyList<LockedRecoveryLine> lines, Func<LockedRecoveryLine, long?> number) => [.. lines.Select(number).OfType<long>()];

    /// <summary>Each line from the settlements that are left of it now; the refusal names the first voucher of which too little is left.</summary>
    private static Refusal? Divide(
        IReadOnlyList<LockedRecoveryLine> lines, IReadOnlyList<HeldPayable> payables, IReadOnlyList<Recoverable> settlements, Policy policy,
        out IReadOnlyList<RecoveryPart> parts)
    {
        List<RecoveryPart> all = [];
        parts = all;
        var ofLine = settlements.ToDictionary(settlement => settlement.ClaimLine!.Value);
        var held = payables.ToLookup(payable => payable.ClaimLine);
        foreach (var line in lines)
        {
            var own = line.Payable is { } allowance ? payables.Where(payable => payable.Id == allowance).ToList() : [.. held[line.ClaimLine].Where(payable => payable.Kind != 3)];
            // An objection is decided first: what it freezes would slip away from it, and the rest be paid while it is open.
            if (own.Exists(payable => payable is { State: 1, IsFrozen: true }))
                return Refusal.Under(policy, RefusalCode.ObjectionOpen, new Words($"券 {line.Voucher}", $"Voucher {line.Voucher}"));
            var settlement = line.ClaimLine is { } number ? ofLine[number] : null;
            if ((settlement is null ? own[0].Payment : settlement.Payment) is { } payment)
                return Refusal.Under(policy, RefusalCode.RecoveryInPayment, line.Voucher!, Payments.PaymentFile.NumberOf(new PaymentId(payment)));
            var left = settlement?.Held ?? new RecoveryShares(Fen.Zero, Fen.Zero, own[0].State == 3 ? own[0].Amount - own[0].Taken : Fen.Zero);
            if (RecoveryShares.Of(line.Amount, left) is not { } shares)
                return Refusal.Under(policy, RefusalCode.RecoveryExceeds, line.Voucher!, line.Amount.ToGroupedYuan(), left.Total.ToGroupedYuan());
            all.AddRange(RecoveryPosting.PartsOf(line, shares, shares.Retained > Fen.Zero ? BudgetLineOf(own) : default, own));
        }
        return null;
    }

    /// <summary>What was kept back of a line lies on the budget line of its payables.</summary>
    private static BudgetLineId BudgetLineOf(List<HeldPayable> own) => own[0].BudgetLine;

    private async Task<Outcome<Nothing>> CloseAsync(RecoveryId id, RecoveryCommand command, RecoveryStep step, string reason, Actor actor)
    {
        if (!actor.IsCounty) return Refusal.Of(RefusalCode.NotFound);
        var now = clock.GetUtcNow();
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await StandingRoles.RefuseAsync(connection, transaction, actor, step == RecoveryStep.Withdraw ? Permission.ProposeRecovery : Permission.DecideRecovery, policy) is { } gone) return gone;
        if (await RecoveryStore.LockAsync(connection, transaction, id) is not { } known) return Refusal.Of(RefusalCode.NotFound);
        if (known.Machine.Decide(command, policy) is Outcome<Recovery>.Refused(var no)) return no;
        if (step == RecoveryStep.Reject && Duties.Refuse(policy, actor.Staff, await RecoveryDuties.OfAsync(connection, transaction, id)) is { } same) return same;
        var next = known.Machine.Decide(command, policy).OrThrow();
        if (step == RecoveryStep.Reject) await RecoveryStore.DecideAsync(connection, transaction, known, next, notice: null, actor, now);
        else await RecoveryStore.MoveAsync(connection, transaction, known, next);
        await RecoveryStore.AppendAsync(connection, transaction, id, step, null, reason, policy.RuleOf(Clause.Recovery), actor.Account, now);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, step == RecoveryStep.Reject ? "recovery.reject" : "recovery.withdraw", $"recovery:{id}", reason,
            Ground.Of(policy.RuleOf(Clause.Recovery), reason));
        await transaction.CommitAsync();
        return Nothing.Value;
    }
}
