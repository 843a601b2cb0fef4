using Voucher.Server.Api;
using Voucher.Server.Settling;

namespace Voucher.Server.Policies;

/// <summary>Another person puts a submitted draft in force from its date, or refuses it with a reason.</summary>
public sealed class DecidePolicy(NpgsqlDataSource database, PolicyDraftStore drafts, PolicyStore policies, TimeProvider clock)
{
    private static readonly Words Drafting = new("拟定政策草案", "drafted the policy");

    public async Task<Outcome<PolicyId>> ApproveAsync(int id, Actor actor)
    {
        var now = clock.GetUtcNow();
        var today = CountyTime.DayOf(now);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await drafts.LockAsync(connection, transaction, id) is not { } draft) return Refusal.Of(RefusalCode.NotFound);
        var rule = await policies.InForceOrLastAsync(today);
        if ((RefuseStep(draft, actor, rule) ?? await PolicyDate.RefuseAsync(policies, draft.Pack, today)) is { } refusal) return refusal;
        if (PolicyCheck.FaultsOf(draft.Pack) is { Count: > 0 } faults) return faults;
        if (await PolicyStore.InsertAsync(connection, transaction, draft.Pack) is not { } pack) return PolicyDate.VersionTaken.ToList();
        await PolicyDraftStore.DecideAsync(connection, transaction, id, pack, null, actor, now);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "policy.approve", $"policy:{pack}", $"draft {id}; {DraftPolicy.Cite(draft.Pack)}",
            DraftPolicy.Cite(draft.Pack));
        await transaction.CommitAsync();
        policies.Forget();
        return pack;
    }

    public async Task<Outcome<Nothing>> RefuseAsync(int id, string? reason, Actor actor)
    {
        var read = new FieldReader();
        var text = read.Text("reason", reason, Reasons.Longest);
        if (read.Errors.Count > 0) return read.Errors;
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await drafts.LockAsync(connection, transaction, id) is not { } draft) return Refusal.Of(RefusalCode.NotFound);
        if (RefuseStep(draft, actor, await policies.InForceOrLastAsync(CountyTime.DayOf(now))) is { } refusal) return refusal;
        await PolicyDraftStore.DecideAsync(connection, transaction, id, null, text, actor, now);
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "policy.refuse", $"policy-draft:{id}", text, text);
        await transaction.CommitAsync();
        return Nothing.Value;
    }

    private static Refusal? RefuseStep(PolicyDraft draft, Actor actor, Policy rule) =>
        draft.Status != PolicyDraftStatus.Submitted
            ? Refusal.Under(rule, RefusalCode.PolicyWrongStep, draft.Status.Name())
            : Duties.Refuse(rule, actor.Staff, [(Drafting, draft.DraftedByStaff)]);
}
