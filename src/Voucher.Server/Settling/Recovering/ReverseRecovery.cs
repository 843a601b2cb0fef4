using Voucher.Core.Settling;
using Voucher.Server.Api;
using Voucher.Server.Policies;
using Voucher.Server.Settling.Claims;

namespace Voucher.Server.Settling.Recovering;

/// <summary>
/// A wrong decision is reversed by two persons, as a step more: one proposes, another confirms or lets the decision stand; neither has had a
/// part in the settlement that was taken back. Nothing is deleted; the books show the way there and back.
/// </summary>
public sealed class ReverseRecovery(NpgsqlDataSource database, PolicyStore policies, TimeProvider clock)
{
    public Task<Outcome<Nothing>> ProposeAsync(RecoveryId id, string? reason, Actor actor) =>
        RunAsync(id, reason, actor, new RecoveryCommand.ProposeReversal(actor.Person), RecoveryStep.ProposeReversal);

    public Task<Outcome<Nothing>> ConfirmAsync(RecoveryId id, string? reason, Actor actor) =>
        RunAsync(id, reason, actor, new RecoveryCommand.ConfirmReversal(actor.Person), RecoveryStep.ConfirmReversal);

    public Task<Outcome<Nothing>> DropAsync(RecoveryId id, string? reason, Actor actor) =>
        RunAsync(id, reason, actor, new RecoveryCommand.DropReversal(actor.Person), RecoveryStep.DropReversal);

    private Task<Outcome<Nothing>> RunAsync(RecoveryId id, string? reason, Actor actor, RecoveryCommand command, RecoveryStep step) =>
        Database.Deadlock.RunAsync(() => OnceAsync(id, reason, actor, command, step));

    private async Task<Outcome<Nothing>> OnceAsync(RecoveryId id, string? reason, Actor actor, RecoveryCommand command, RecoveryStep step)
    {
        var read = new FieldReader();
        var why = read.Text("reason", reason, Reasons.Longest, isOptional: step != RecoveryStep.ProposeReversal);
        if (read.Errors.Count > 0) return read.Errors;
        if (!actor.IsCounty) return Refusal.Of(RefusalCode.NotFound);
        var now = clock.GetUtcNow();
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await StandingRoles.RefuseAsync(connection, transaction, actor, step == RecoveryStep.ProposeReversal ? Permission.ProposeRecovery : Permission.DecideRecovery, policy) is { } gone) return gone;
        var lines = await RecoveryStore.LinesAsync(connection, transaction, id);
        var claims = await ClaimStore.LockAsync(connection, transaction, [.. lines.Select(line => line.Claim).OfType<ClaimId>().Distinct()]);
        var payables = await RecoverableStore.LockAsync(
            connection, transaction, [.. lines.Select(line => line.ClaimLine).OfType<long>()], [.. lines.Select(line => line.Payable).OfType<long>()]);
        if (await RecoveryStore.LockAsync(connection, transaction, id) is not { } known) return Refusal.Of(RefusalCode.NotFound);
        if (known.Machine.Decide(command, policy) is Outcome<Recovery>.Refused(var no)) return no;
        if (step != RecoveryStep.DropReversal && Duties.Refuse(policy, actor.Staff, await RecoveryDuties.OfAsync(connection, transaction, id)) is { } same) return same;
        var next = known.Machine.Decide(command, policy).OrThrow();
        var rule = policy.RuleOf(Clause.Recovery);
        await RecoveryStore.AppendAsync(connection, transaction, id, step, null, why, rule, actor.Account, now);
        if (step == RecoveryStep.ProposeReversal) await RecoveryStore.ProposeReversalAsync(connection, transaction, known, actor);
        else if (step == RecoveryStep.DropReversal) await RecoveryStore.MoveAsync(connection, transaction, known, next);
        else if (await UndoAsync(connection, transaction, known, lines, claims, payables, policy, actor, now) is { } refusal) return refusal;
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, ActionOf(step), $"recovery:{id}", $"{why}; {rule}", Ground.Of(rule, why));
        await transaction.CommitAsync();
        return Nothing.Value;
    }

    private static async Task<Refusal?> UndoAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, LockedRecovery known, IReadOnlyList<LockedRecoveryLine> lines,
        IReadOnlyList<LockedClaim> claims, IReadOnlyList<HeldPayable> payables, Policy policy, Actor actor, DateTimeOffset now)
    {
        var parts = await RecoveryPosting.PartsAsync(connection, transaction, known.Id);
        await RecoveryStore.ReverseAsync(connection, transaction, known, actor, now);
        var paidClaims = claims.Where(claim => claim.Status == ClaimStatus.Paid).Select(claim => claim.Id).ToHashSet();
        var claimOf = lines.Where(line => line.ClaimLine is not null).ToDictionary(line => line.ClaimLine!.Value, line => line.Claim!.Value);
        if (await RecoveryPosting.UndoAsync(connection, transaction, parts, payables, paidClaims, claimOf, policy, now) is { } refusal) return refusal;
        return await LedgerBook.PostAsync(
            connection, transaction, LedgerTransactionKind.Correct, $"correct:recovery:{known.Id}", policy.RuleOf(Clause.Recovery),
            [.. parts.Select(part => part.Undone)], actor.Account, now);
    }

    private static string ActionOf(RecoveryStep step) => step switch
    {
        RecoveryStep.ProposeReversal => "recovery.propose-reversal",
        RecoveryStep.ConfirmReversal => "recovery.reverse",
        _ => "recovery.keep",
    };
}
