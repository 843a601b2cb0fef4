using Voucher.Server.Api;
using Voucher.Server.Policies;

namespace Voucher.Server.Programmes.Teaching;

/// <summary>A second person approves a document or refuses it with a reason (谁审批谁负责).</summary>
public sealed class DecideTeaching(NpgsqlDataSource database, TeachingStore store, PolicyStore policies, TimeProvider clock)
{
    public Task<Outcome<Nothing>> ApproveAsync(int id, Actor actor) => DecideAsync(id, TeachingStatus.Approved, null, actor);

    public async Task<Outcome<Nothing>> RefuseAsync(int id, string? reason, Actor actor)
    {
        var read = new FieldReader();
        var text = read.Text("reason", reason, Reasons.Longest);
        return read.Errors.Count > 0 ? read.Errors : await DecideAsync(id, TeachingStatus.Refused, text, actor);
    }

    private async Task<Outcome<Nothing>> DecideAsync(int id, TeachingStatus verdict, string? reason, Actor actor)
    {
        var now = clock.GetUtcNow();
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        if (verdict == TeachingStatus.Approved && !policy.IsInForceOn(CountyTime.DayOf(now))) return Refusal.Of(RefusalCode.NoRuleInForce);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await store.LockAsync(connection, transaction, id) is not (var status, var author)) return Refusal.Of(RefusalCode.NotFound);
        if (status != TeachingStatus.HandedIn) return Refusal.Under(policy, RefusalCode.TeachingWrongStep, status.Name());
        if (author == actor.Staff) return Refusal.Under(policy, RefusalCode.SamePerson, new Words("提交教学材料", "handed in the teaching document"));
        await TeachingStore.DecideAsync(connection, transaction, id, verdict, reason, actor, now);
        var action = verdict == TeachingStatus.Approved ? "teaching.approve" : "teaching.refuse";
        var detail = reason is null ? $"{policy.RuleOf(Clause.Teaching)}" : $"{reason}; {policy.RuleOf(Clause.Teaching)}";
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, action, $"document:{id}", detail,
            Ground.Of(policy.RuleOf(Clause.Teaching), reason));
        await transaction.CommitAsync();
        return Nothing.Value;
    }
}
