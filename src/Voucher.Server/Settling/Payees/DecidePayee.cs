using Voucher.Server.Api;
using Voucher.Server.Policies;
using Voucher.Server.Register;

namespace Voucher.Server.Settling.Payees;

/// <summary>A second person verifies a proposed account, or ends one; a verified one is usable after the waiting time of the pack.</summary>
public sealed class DecidePayee(NpgsqlDataSource database, PolicyStore policies, PersonalData personalData, County county, TimeProvider clock)
{
    /// <returns>The day from which the account is used.</returns>
    public async Task<Outcome<DateOnly>> VerifyAsync(Actor actor, int id)
    {
        if (!actor.IsCounty || !actor.May(Permission.VerifyPayee)) return Refusal.Of(RefusalCode.NotAllowed);
        var now = clock.GetUtcNow();
        if (await policies.InForceOnAsync(CountyTime.DayOf(now)) is not { } policy) return Refusal.Of(RefusalCode.NoRuleInForce);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await StandingRoles.RefuseAsync(connection, transaction, actor, Permission.VerifyPayee, policy) is { } gone) return gone;
        if (await PayeeStore.LockAsync(connection, transaction, county.Region, id) is not { } account) return Refusal.Of(RefusalCode.NotFound);
        if (account.IsEnded || account.IsVerified)
            return Refusal.Under(policy, RefusalCode.PayeeWrongStep, (account.IsEnded ? PayeeState.Ended : PayeeState.InUse).Name());
        if (Duties.Refuse(policy, actor.Staff, [(PayeeWords.Proposal, account.ProposedByStaff)]) is { } refusal) return refusal;
        // Never before one that was verified earlier: the newest word on an account is the one that counts.
        var waited = CountyTime.DayOf(now).AddDays(policy.Parameters.AccountWaitDays);
        var usableFrom = await PayeeStore.LatestUsableAsync(connection, transaction, account.Owner) is { } latest && latest > waited ? latest : waited;
        await PayeeStore.VerifyAsync(connection, transaction, id, usableFrom, actor, now);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "payee.verify", account.Owner.Subject,
            $"account {id} {account.AccountMasked}, usable from {CountyTime.Show(usableFrom)}", Ground.Of(policy.RuleOf(Clause.Payment)));
        await transaction.CommitAsync();
        return usableFrom;
    }

    /// <summary>
    /// Sends a proposal back, or ends an account that must not be used any more. What waits in payments to go there is not handed over:
    /// it has to be cancelled or given back, and made anew. The account that this one replaced does not come back.
    /// </summary>
    /// <returns>How many transfers wait to go to the account.</returns>
    public async Task<Outcome<int>> EndAsync(Actor actor, int id, string? reason)
    {
        if (!actor.IsCounty || !actor.May(Permission.VerifyPayee)) return Refusal.Of(RefusalCode.NotAllowed);
        if (Reasons.Fault(reason) is { } errors) return errors;
        if (string.IsNullOrWhiteSpace(reason)) return Refusal.Of(RefusalCode.ReasonMissing);
        var now = clock.GetUtcNow();
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await StandingRoles.RefuseAsync(connection, transaction, actor, Permission.VerifyPayee, policy) is { } gone) return gone;
        if (await PayeeStore.LockAsync(connection, transaction, county.Region, id) is not { } account) return Refusal.Of(RefusalCode.NotFound);
        if (account.IsEnded) return Refusal.Of(RefusalCode.PayeeWrongStep, PayeeState.Ended.Name());
        await PayeeStore.EndAsync(connection, transaction, id, reason.Trim(), actor, now);
        var waiting = await PayeeStore.WaitingRowsAsync(connection, transaction, id);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "payee.end", account.Owner.Subject,
            $"account {id} {account.AccountMasked}, {waiting} transfers wait: {reason.Trim()}", reason.Trim());
        await transaction.CommitAsync();
        return waiting;
    }

    /// <summary>The whole number, for somebody who says why; the trail keeps who, when and why.</summary>
    public async Task<Outcome<string>> ShowAsync(Actor actor, int id, string? reason)
    {
        if (!actor.IsCounty || !actor.May(Permission.ReadPayees)) return Refusal.Of(RefusalCode.NotAllowed);
        if (string.IsNullOrWhiteSpace(reason)) return Refusal.Of(RefusalCode.ReasonMissing);
        if (Unmasking.ProblemOf(reason) is { } problem) return new List<FieldError> { new("reason", problem) };
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await PayeeStore.LockAsync(connection, transaction, county.Region, id) is not { } account) return Refusal.Of(RefusalCode.NotFound);
        await AuditTrail.AppendAsync(
            connection, transaction, clock.GetUtcNow(), actor.Account, "payee.unmask", account.Owner.Subject, $"account {id}: {reason.Trim()}", reason.Trim());
        await transaction.CommitAsync();
        return personalData.Open(account.AccountSealed);
    }
}
