using Voucher.Server.Api;
using Voucher.Server.Institutions;
using Voucher.Server.Institutions.Consequences;
using Voucher.Server.Policies;
using Voucher.Server.Programmes;
using Voucher.Server.Terminals;

namespace Voucher.Server.Classes;

/// <summary>
/// The county approves a class, which freezes its rate and lets terminals enrol for it, or refuses it with a reason
/// (谁审批谁负责: who decided and under which rule goes to the audit trail).
/// </summary>
public sealed class DecideClass(
    NpgsqlDataSource database, ClassStore classes, InstitutionStore institutions, ProgrammeStore programmes, PolicyStore policies,
    TerminalNotices terminals, TimeProvider clock)
{
    public async Task<Outcome<Nothing>> ApproveAsync(ClassId id, Actor actor)
    {
        var now = clock.GetUtcNow();
        if (await policies.InForceOnAsync(CountyTime.DayOf(now)) is not { } policy) return Refusal.Of(RefusalCode.NoRuleInForce);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await classes.FindForUpdateAsync(connection, transaction, id, actor) is not { } known) return Refusal.Of(RefusalCode.NotFound);
        await RateStore.HoldProgrammeAsync(connection, transaction, known.ProgrammeId);
        var terms = ProgrammeTerms.Of((await programmes.FindAsync(known.ProgrammeId))!);
        var refusal = await RefuseStepAsync(connection, transaction, known, actor, policy) ?? await RefuseClassAsync(known, terms, policy)
            ?? await ConsequenceStore.BlocksAsync(connection, transaction, known.InstitutionId, Blocked.Classes, CountyTime.DayOf(now), policy);
        if (refusal is not null) return refusal;
        var subsidy = terms.Under(policy);
        await ClassStore.ApproveAsync(connection, transaction, id, policy.Id, subsidy, actor.Account, now);
        var detail = $"rate {subsidy.Amount}: {subsidy.Arithmetic.Zh}，{subsidy.Rule}; {policy.RuleOf(Clause.Responsibility)}";
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "class.approve", $"class:{id}", detail,
            Ground.Of(policy.RuleOf(Clause.Responsibility)));
        await transaction.CommitAsync();
        await terminals.SetupChangedAsync(known.InstitutionId);
        return Nothing.Value;
    }

    public async Task<Outcome<Nothing>> RefuseAsync(ClassId id, string? reason, Actor actor)
    {
        var read = new FieldReader();
        var text = read.Text("reason", reason, Reasons.Longest);
        if (read.Errors.Count > 0) return read.Errors;
        var now = clock.GetUtcNow();
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await classes.FindForUpdateAsync(connection, transaction, id, actor) is not { } known) return Refusal.Of(RefusalCode.NotFound);
        if (await RefuseStepAsync(connection, transaction, known, actor, policy) is { } refusal) return refusal;
        await ClassStore.RefuseAsync(connection, transaction, id, text, actor.Account, now);
        var detail = $"{text}; {policy.RuleOf(Clause.Responsibility)}";
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "class.refuse", $"class:{id}", detail,
            Ground.Of(policy.RuleOf(Clause.Responsibility), text));
        await transaction.CommitAsync();
        return Nothing.Value;
    }

    private static async Task<Refusal?> RefuseStepAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, TrainingClass known, Actor actor, Policy policy)
    {
        if (known.Status != ClassStatus.Submitted) return Refusal.Under(policy, RefusalCode.WrongStep, known.Status.Name());
        return await ClassStore.CreatorAsync(connection, transaction, known.Id) == actor.Staff
            ? Refusal.Under(policy, RefusalCode.SamePerson, new Words("申报班级", "handed in the class"))
            : null;
    }

    private async Task<Refusal?> RefuseClassAsync(TrainingClass known, ProgrammeTerms terms, Policy policy)
    {
        var institution = await institutions.FindAsync(known.InstitutionId);
        var allowed = await institutions.TermsOnAsync(known.InstitutionId, known.ProgrammeCode, known.StartsOn);
        var sessions = await classes.SessionsAsync(known.Id);
        return ClassRules.Refuse(policy, institution!, allowed, known.StartsOn, known.EndsOn, known.Capacity, sessions.Count)
            ?? WorkTrainingRule.Refuse(policy, terms.Kind, known.StartsOn, known.EndsOn) ?? terms.Refuse(policy);
    }
}
