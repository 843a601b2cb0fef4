using Voucher.Server.Api;
using Voucher.Server.Policies;
using Voucher.Server.Settling.Recovering;

namespace Voucher.Server.Institutions.Consequences;

/// <summary>Takes the steps of the ladder: put forward by one person, decided by another, each added to the history, none removed.</summary>
public sealed class ImposeConsequence(NpgsqlDataSource database, InstitutionStore institutions, PolicyStore policies, County county, TimeProvider clock)
{
    public async Task<Outcome<ConsequenceId>> ProposeAsync(InstitutionId institution, ConsequenceForm form, Actor actor)
    {
        if (!actor.IsCounty || await institutions.FindAsync(institution) is null) return Refusal.Of(RefusalCode.NotFound);
        var now = clock.GetUtcNow();
        var today = CountyTime.DayOf(now);
        var (rung, finding, demand, dueOn, errors) = form.Read(today);
        if (errors.Count > 0) return errors;
        var policy = await policies.InForceOrLastAsync(today);
        var first = Consequence.Of(rung, actor.Staff, dueOn);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await StandingRoles.RefuseAsync(connection, transaction, actor, Permission.ProposeRecovery, policy) is { } gone) return gone;
        try
        {
            var id = await ConsequenceStore.InsertAsync(
                connection, transaction, county.Region, institution, first, finding, demand, form.RecoveryId is { } recovery ? new RecoveryId(recovery) : null, policy.Id, now);
            await ConsequenceStore.AppendAsync(connection, transaction, id, ConsequenceStep.Propose, "", dueOn, policy.RuleOf(Clause.Consequences), actor, now);
            await AuditTrail.AppendAsync(
                connection, transaction, now, actor.Account, "consequence.propose", $"consequence:{id}", $"institution:{institution} {rung}; {policy.RuleOf(Clause.Consequences)}",
                Ground.Of(policy.RuleOf(Clause.Consequences)));
            await transaction.CommitAsync();
            return id;
        }
        catch (PostgresException taken) when (taken is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: ConsequenceStore.OnceARung })
        {
            return Refusal.Under(policy, RefusalCode.ConsequenceOpen, rung.Name());
        }
    }

    public Task<Outcome<Nothing>> ConfirmAsync(ConsequenceId id, string? text, Actor actor) => StepAsync(id, ConsequenceStep.Confirm, text, null, actor, isOptional: true);

    public Task<Outcome<Nothing>> RejectAsync(ConsequenceId id, string? text, Actor actor) => StepAsync(id, ConsequenceStep.Reject, text, null, actor);

    public Task<Outcome<Nothing>> WithdrawAsync(ConsequenceId id, Actor actor) => StepAsync(id, ConsequenceStep.Withdraw, null, null, actor, isOptional: true);

    /// <summary>What the institution has done, with the numbers of its documents.</summary>
    public Task<Outcome<Nothing>> AnswerAsync(ConsequenceId id, string? text, Actor actor) => StepAsync(id, ConsequenceStep.Answer, text, null, actor);

    public Task<Outcome<Nothing>> ProposeLiftAsync(ConsequenceId id, string? text, Actor actor) => StepAsync(id, ConsequenceStep.ProposeLift, text, null, actor);

    public async Task<Outcome<Nothing>> ProposeExtendAsync(ConsequenceId id, string? text, DateOnly? dueOn, Actor actor)
    {
        var read = new FieldReader();
        var due = read.Day("dueOn", dueOn);
        if (read.IsClean("dueOn") && ConsequenceForm.OutsideTerm(due, CountyTime.DayOf(clock.GetUtcNow()))) read.Fault("dueOn", ConsequenceForm.Term);
        return read.Errors.Count > 0 ? read.Errors : await StepAsync(id, ConsequenceStep.ProposeExtend, text, due, actor);
    }

    /// <summary>The licensing authority's answer, with its document's number.</summary>
    public Task<Outcome<Nothing>> ConcludeAsync(ConsequenceId id, string? text, Actor actor) => StepAsync(id, ConsequenceStep.Conclude, text, null, actor);

    private async Task<Outcome<Nothing>> StepAsync(ConsequenceId id, ConsequenceStep step, string? given, DateOnly? dueOn, Actor actor, bool isOptional = false)
    {
        var read = new FieldReader();
        var text = read.Text("text", given, ConsequenceForm.LongestText, isOptional);
        if (read.Errors.Count > 0) return read.Errors;
        var now = clock.GetUtcNow();
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await StandingRoles.RefuseAsync(connection, transaction, actor, PermissionFor(step), policy) is { } gone) return gone;
        var known = await ConsequenceStore.LockAsync(connection, transaction, id);
        // The answer is the institution's, every other step the county's.
        if (known is null || (step == ConsequenceStep.Answer ? actor.Institution != known.Institution : !actor.IsCounty)) return Refusal.Of(RefusalCode.NotFound);
        if (known.Machine.Decide(step, actor.Person, policy, dueOn) is Outcome<Consequence>.Refused(var no)) return no;
        var today = CountyTime.DayOf(now);
        if (known.Machine.RefuseTerm(step, today, policy) is { } over) return over;
        var next = known.Machine.Decide(step, actor.Person, policy, dueOn).OrThrow();
        NoticeNumber? notice = known.Machine.State == ConsequenceState.Proposed && next.State == ConsequenceState.InForce
            ? await NoticeNumber.NextAsync(connection, transaction, county.Region, NoticeNumber.KindOf(next.Rung), today.Year)
            : null;
        await ConsequenceStore.MoveAsync(connection, transaction, known, next, notice, actor.Staff, now);
        var rule = policy.RuleOf(Clause.Consequences);
        // The day that the second person agreed to stands in their step: what is served says it for good, whatever is extended later.
        await ConsequenceStore.AppendAsync(connection, transaction, id, step, text, step == ConsequenceStep.Confirm ? next.DueOn : dueOn, rule, actor, now);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, ActionOf(step), $"consequence:{id}",
            $"institution:{known.Institution} {next.Rung}: {known.Machine.State} → {next.State} ({next.Pending}){(notice is null ? "" : $" {notice}")}; {rule}",
            Ground.Of(rule));
        await transaction.CommitAsync();
        return Nothing.Value;
    }

    private static string PermissionFor(ConsequenceStep step) => step switch
    {
        ConsequenceStep.Confirm or ConsequenceStep.Reject => Permission.DecideRecovery,
        ConsequenceStep.Answer => Permission.SubmitClaim,
        _ => Permission.ProposeRecovery,
    };

    private static string ActionOf(ConsequenceStep step) => step switch
    {
        ConsequenceStep.Confirm => "consequence.confirm",
        ConsequenceStep.Reject => "consequence.reject",
        ConsequenceStep.Withdraw => "consequence.withdraw",
        ConsequenceStep.Answer => "consequence.answer",
        ConsequenceStep.ProposeLift => "consequence.propose-lift",
        ConsequenceStep.ProposeExtend => "consequence.propose-extend",
        ConsequenceStep.Conclude => "consequence.conclude",
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "Unknown step."),
    };
}
