namespace Voucher.Server.Policies;

/// <summary>
/// A clerk drafts a pack from one that there is, changes it, and hands it in or takes it back. Only the drafter does, so that
/// "drafted by" names everybody who had a hand in it; others make a draft of their own from it.
/// </summary>
public sealed class DraftPolicy(NpgsqlDataSource database, PolicyDraftStore drafts, PolicyStore policies, TimeProvider clock)
{
    /// <summary>A new draft: the next version of the document, from tomorrow on.</summary>
    public async Task<Outcome<int>> CopyAsync(Policy source, Actor actor)
    {
        var tomorrow = CountyTime.DayOf(clock.GetUtcNow()).AddDays(1);
        var versions = (await policies.ListAsync()).Where(pack => pack.DocumentNo == source.DocumentNo).Select(pack => pack.Version);
        return await AddAsync(source with
        {
            Version = Math.Min(versions.DefaultIfEmpty(0).Max() + 1, PolicyCheck.LastVersion), EffectiveFrom = tomorrow,
            EffectiveUntil = source.EffectiveUntil is { } until && until >= tomorrow ? until : null,
        }, actor);
    }

    /// <summary>A draft as it is given, for a pack that came as a file.</summary>
    public async Task<Outcome<int>> AddAsync(Policy pack, Actor actor)
    {
        if (PolicyCheck.FaultsOf(pack) is { Count: > 0 } faults) return faults;
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var id = await drafts.AddAsync(connection, transaction, pack, actor, now);
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "policy.draft", $"policy-draft:{id}", Cite(pack),
            Ground.Under(Permission.EditPolicies));
        await transaction.CommitAsync();
        return id;
    }

    public Task<Outcome<Nothing>> ChangeAsync(int id, Policy pack, List<FieldError> faults, Actor actor) =>
        StepAsync(id, actor, "policy.change", [PolicyDraftStatus.Drafted], async (connection, transaction, _, now) =>
        {
            if (faults.Count > 0) return faults;
            await PolicyDraftStore.ChangeAsync(connection, transaction, id, pack, actor, now);
            return Nothing.Value;
        });

    public Task<Outcome<Nothing>> SubmitAsync(int id, Actor actor) =>
        StepAsync(id, actor, "policy.submit", [PolicyDraftStatus.Drafted], async (connection, transaction, draft, now) =>
        {
            if (await PolicyDate.RefuseAsync(policies, draft.Pack, CountyTime.DayOf(now)) is { } refusal) return refusal;
            if (await PolicyDate.VersionFaultAsync(policies, draft.Pack) is { } taken) return taken;
            await PolicyDraftStore.MoveAsync(connection, transaction, id, PolicyDraftStatus.Submitted, actor, now);
            return Nothing.Value;
        });

    public Task<Outcome<Nothing>> WithdrawAsync(int id, Actor actor) =>
        StepAsync(id, actor, "policy.withdraw", [PolicyDraftStatus.Drafted, PolicyDraftStatus.Submitted], async (connection, transaction, _, now) =>
        {
            await PolicyDraftStore.MoveAsync(connection, transaction, id, PolicyDraftStatus.Withdrawn, actor, now);
            return Nothing.Value;
        });

    private async Task<Outcome<Nothing>> StepAsync(
        int id, Actor actor, string action, PolicyDraftStatus[] from,
        Func<NpgsqlConnection, NpgsqlTransaction, PolicyDraft, DateTimeOffset, Task<Outcome<Nothing>>> act)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await drafts.LockAsync(connection, transaction, id) is not { } draft) return Refusal.Of(RefusalCode.NotFound);
        var rule = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        if (!from.Contains(draft.Status)) return Refusal.Under(rule, RefusalCode.PolicyWrongStep, draft.Status.Name());
        if (draft.DraftedByStaff != actor.Staff) return Refusal.Under(rule, RefusalCode.PolicyDraftOfAnother, draft.DraftedBy);
        var outcome = await act(connection, transaction, draft, now);
        if (outcome is not Outcome<Nothing>.Done) return outcome;
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, action, $"policy-draft:{id}", Cite(draft.Pack),
            Ground.Under(Permission.EditPolicies));
        await transaction.CommitAsync();
        return outcome;
    }

    /// <summary>How the trail names a pack.</summary>
    public static string Cite(Policy pack) => $"{pack.DocumentNo}（第{pack.Version}版）, from {CountyTime.Show(pack.EffectiveFrom)}";
}
