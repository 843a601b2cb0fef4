using Voucher.Server.Api;
using Voucher.Server.Policies;
using Voucher.Server.Settling;

namespace Voucher.Server.Issuing.Revoking;

/// <summary>Another person approves that many vouchers are revoked, or turns it down with a reason.</summary>
public sealed class DecideRevocation(NpgsqlDataSource database, PolicyStore policies, RevocationWorker worker, County county, TimeProvider clock)
{
    public Task<Outcome<Revocation>> ApproveAsync(long id, Actor by) => RunAsync(id, RevocationStatus.UnderWay, null, by);

    public async Task<Outcome<Revocation>> RefuseAsync(long id, string? reason, Actor by)
    {
        if (Reasons.Fault(reason) is { } fault) return fault;
        return string.IsNullOrWhiteSpace(reason)
            ? Refusal.Under(await policies.InForceOrLastAsync(CountyTime.DayOf(clock.GetUtcNow())), RefusalCode.ReasonMissing)
            : await RunAsync(id, RevocationStatus.Refused, reason.Trim(), by);
    }

    private async Task<Outcome<Revocation>> RunAsync(long id, RevocationStatus status, string? reason, Actor by)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await RevocationStore.LockAsync(connection, transaction, county.Region, id) is not { } revocation) return Refusal.Of(RefusalCode.NotFound);
        var now = clock.GetUtcNow();
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        if (revocation.Status != RevocationStatus.Proposed) return Refusal.Under(policy, RefusalCode.RevocationWrongStep, revocation.Status.Name());
        if (Duties.Refuse(policy, by.Staff, [(Duties.RevocationProposal, revocation.ProposedByStaff)]) is { } same) return same;
        await RevocationStore.DecideAsync(connection, transaction, id, status, reason, by, now);
        await AuditTrail.AppendAsync(
            connection, transaction, now, by.Account, status == RevocationStatus.Refused ? "revocation.refuse" : "revocation.approve", $"revocation:{id}",
            $"count:{revocation.StillTaken} of:{revocation.Vouchers}", Ground.Of(policy.RuleOf(Clause.Voucher), reason));
        await transaction.CommitAsync();
        worker.Wake();
        return (await RevocationStore.FindAsync(connection, county.Region, id))!;
    }
}
