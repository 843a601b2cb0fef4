using Voucher.Server.Institutions.Consequences;
using Voucher.Server.Policies;
using Voucher.Server.Settling.Claims;

namespace Voucher.Server.Settling.Reviewing;

/// <summary>
/// The institution has completed in the system what was asked for, and hands the line in again: what it rests on is read and frozen
/// anew, nothing is typed. The review's time runs on.
/// </summary>
public sealed class HandInAgain(NpgsqlDataSource database, PolicyStore policies, FreezeEvidence freeze, TimeProvider clock)
{
    public async Task<Outcome<Nothing>> RunAsync(Actor actor, ClaimId id, ClaimLineId lineId)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var claim = (await ClaimStore.LockAsync(connection, transaction, id)).SingleOrDefault();
        if (claim is null || actor.Institution != claim.Institution) return Refusal.Of(RefusalCode.NotFound);
        var policy = await policies.GetAsync(claim.Policy);
        if (await StandingRoles.RefuseAsync(connection, transaction, actor, Permission.SubmitClaim, policy) is { } gone) return gone;
        var now = clock.GetUtcNow();
        var today = CountyTime.DayOf(now);
        // What is blocked is what today's pack says, as for a new claim; the line itself goes by the pack of its claim.
        if (await ConsequenceStore.BlocksAsync(
                connection, transaction, claim.Institution, Blocked.Claims, today, await policies.InForceOrLastAsync(today)) is { } blocked) return blocked;
        if ((await ClaimStore.LinesAsync(connection, transaction, id)).SingleOrDefault(line => line.Id == lineId) is not { } line)
            return Refusal.Of(RefusalCode.NotFound);
        if (ClaimLineMachine.Decide(line.Line, new LineCommand.HandInAgain(), policy) is LineDecision.Refused(var refusal)) return refusal;
        var voucher = (await CandidateStore.LockAsync(connection, transaction, [line.Voucher])).Single();
        if (Claimability.RefuseApproval(voucher.Facts, policy) is { } stopped) return stopped.ToInstitution(line.Voucher);
        var frozen = (await freeze.OfAsync(connection, transaction, [voucher], policy, note: null)).Single();

        await LineStepStore.HandInAsync(connection, transaction, lineId, frozen, actor, now);
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "claim.hand-in-again", $"claim:{id}", $"line {lineId}",
            Ground.Of(policy.RuleOf(Clause.Voucher)));
        await transaction.CommitAsync();
        return Nothing.Value;
    }
}
