using Voucher.Server.Fraud;
using Voucher.Server.Journals.Conflicts;
using Voucher.Server.Policies;
using Voucher.Server.Register.Matching;
using Voucher.Server.Settling.Claims;

namespace Voucher.Server.Settling.Payments;

/// <summary>Finance puts approved claims into one payment, from which the bank's file is made. A claim is in one payment only.</summary>
public sealed class MakePayment(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock)
{
    /// <summary>The most claims of one payment.</summary>
    public const int MostClaims = 500;

    public async Task<Outcome<PaymentId>> RunAsync(Actor actor, IReadOnlyList<long>? claimIds)
    {
        var chosen = claimIds?.Distinct().Select(id => new ClaimId(id)).ToList() ?? [];
        if (chosen.Count is 0 or > MostClaims)
            return new List<FieldError> { new("claimIds", new($"请选择1至{MostClaims}张申报单", $"Choose 1 to {MostClaims} claims")) };
        var now = clock.GetUtcNow();
        if (await policies.InForceOnAsync(CountyTime.DayOf(now)) is not { } policy) return Refusal.Of(RefusalCode.NoRuleInForce);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var claims = await ClaimStore.LockAsync(connection, transaction, chosen);
        if (claims.Count != chosen.Count || !claims.All(claim => actor.MayActFor(claim.Institution))) return Refusal.Of(RefusalCode.NotFound);
        var lines = await PaymentStore.ApprovedLinesAsync(connection, transaction, chosen);
        if (Refuse(claims, lines, actor, policy) is { } refusal) return refusal;
        if (await HoldStore.AmongClaimsAsync(connection, transaction, chosen) is { } hold) return Refusal.Under(policy, RefusalCode.VoucherHeld, hold.Details());
        if (await MatchBlockStore.AmongClaimsAsync(connection, transaction, chosen, policy) is { } matched) return matched;
        if (await ConflictDecisionStore.AmongClaimsAsync(connection, transaction, chosen) is { } contested) return contested.Refuse(policy);
        if (await PaymentStore.WithoutPayeeAsync(connection, transaction, chosen) is { } institution)
            return Refusal.Under(policy, RefusalCode.PayeeMissing, institution);

        var payment = await PaymentStore.InsertAsync(connection, transaction, county.Region, lines, actor, now);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "payment.make", $"payment:{payment}", $"{claims.Count} claims, {lines.Count} vouchers",
            ground: policy.RuleOf(Clause.Payment).ToString());
        await transaction.CommitAsync();
        return payment;
    }

    private static Refusal? Refuse(IReadOnlyList<LockedClaim> claims, IReadOnlyList<DueLine> lines, Actor actor, Policy policy)
    {
        if (claims.FirstOrDefault(claim => claim.Status != ClaimStatus.Approved) is { } early)
            return Refusal.Under(policy, RefusalCode.WrongStep, early.Status.Name());
        if (lines.Any(line => line.Payment is not null))
            return Refusal.Under(policy, RefusalCode.WrongStep, PaymentWords.InPayment);
        return Duties.Refuse(policy, actor.Staff, lines.SelectMany(line => line.Duties()));
    }
}
