using Voucher.Server.Api;
using Voucher.Server.Policies;
using Voucher.Server.Terminals;

namespace Voucher.Server.Institutions.Accrediting;

/// <summary>
/// The way of every step: lock, ask the machine, write, append to history and trail, bring the institution's standing up to it,
/// all in one transaction; then its terminals are told.
/// </summary>
public sealed class TakeStep(
    NpgsqlDataSource database, AccreditationStore accreditations, InstitutionStandingStore standings, PolicyStore policies, TerminalNotices terminals, TimeProvider clock)
{
    /// <param name="actor"><c>null</c> only where time itself takes the step.</param>
    /// <param name="write">What the step changes; a refusal undoes all.</param>
    public async Task<Outcome<Nothing>> RunAsync(
        AccreditationId id, AccreditationCommand command, Actor? actor, string reason, Func<Step, Task<Refusal?>> write)
    {
        var now = clock.GetUtcNow();
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await accreditations.FindForUpdateAsync(connection, transaction, id, actor) is not { } known) return Refusal.Of(RefusalCode.NotFound);
        if (RestsOnRule(command, known.Machine.Proposal) && !policy.IsInForceOn(CountyTime.DayOf(now))) return Refusal.Of(RefusalCode.NoRuleInForce);
        var decided = known.Machine.Decide(command, actor?.Person, policy);
        if (decided is Outcome<Accreditation>.Refused(var no)) return no;
        var step = new Step(
            connection, transaction, known, decided.OrThrow(), command, actor?.Staff, actor?.Account, reason, policy.RuleOf(Clause.Institutions), now);
        await AccreditationStepStore.AppendAsync(step);
        if (await write(step) is { } refusal) return refusal;
        await FinishAsync(step);
        return Nothing.Value;
    }

    /// <summary>As <see cref="RunAsync(AccreditationId, AccreditationCommand, Actor, string, Func{Step, Task{Refusal}})"/>, where nothing else can refuse.</summary>
    public Task<Outcome<Nothing>> RunAsync(AccreditationId id, AccreditationCommand command, Actor? actor, string reason, Func<Step, Task> write) =>
        RunAsync(id, command, actor, reason, async step =>
        {
            await write(step);
            return null;
        });

    /// <summary>Asks for a reason first.</summary>
    public async Task<Outcome<Nothing>> RunForReasonAsync(
        AccreditationId id, AccreditationCommand command, Actor actor, string? reason, Func<Step, Task> write, bool isOptional = false)
    {
        var read = new FieldReader();
        var why = read.Text("reason", reason, Reasons.Longest, isOptional);
        return read.Errors.Count > 0 ? read.Errors : await RunAsync(id, command, actor, why, write);
    }

    private async Task FinishAsync(Step step)
    {
        var known = step.Known;
        var touchesStanding = IsLive(known.State) || IsLive(step.Next.State);
        if (touchesStanding) await standings.ProjectAsync(step.Connection, step.Transaction, known.InstitutionId, step.Today);
        var detail = $"institution:{known.InstitutionId} {known.Year}: {known.State} → {step.Next.State}{(step.Next.Proposal == AccreditationProposal.None ? "" : $" ({step.Next.Proposal})")}; {step.Rule}";
        await AuditTrail.AppendAsync(
            step.Connection, step.Transaction, step.Now, step.Account, ActionOf(step.Command), $"accreditation:{known.Id}", detail, Ground.Of(step.Rule));
        await step.Transaction.CommitAsync();
        if (touchesStanding) await terminals.SetupChangedAsync(known.InstitutionId);
    }

    /// <summary>
    /// What an institution may do only under a rule of the day: to hand in, to be granted, to go on after a suspension. All else draws
    /// up, records, turns down or stops, and goes by the last rule on a day without one: fraud waits for no document.
    /// </summary>
    private static bool RestsOnRule(AccreditationCommand command, AccreditationProposal proposal) =>
        command is AccreditationCommand.Submit or AccreditationCommand.ProposeGrant or AccreditationCommand.Lift
        || (command == AccreditationCommand.Confirm && proposal == AccreditationProposal.Grant);

    private static bool IsLive(AccreditationState state) => state is AccreditationState.Granted or AccreditationState.Suspended;

    private static string ActionOf(AccreditationCommand command) => command switch
    {
        AccreditationCommand.Change => "accreditation.change",
        AccreditationCommand.Submit => "accreditation.submit",
        AccreditationCommand.SendBack => "accreditation.send-back",
        AccreditationCommand.Inspect => "accreditation.inspect",
        AccreditationCommand.ProposeGrant => "accreditation.propose-grant",
        AccreditationCommand.ProposeRefusal => "accreditation.propose-refusal",
        AccreditationCommand.Confirm => "accreditation.confirm",
        AccreditationCommand.Return => "accreditation.return",
        AccreditationCommand.Suspend => "accreditation.suspend",
        AccreditationCommand.Lift => "accreditation.lift",
        AccreditationCommand.ProposeWithdrawal => "accreditation.propose-withdrawal",
        AccreditationCommand.TakeBack => "accreditation.take-back",
        AccreditationCommand.Lapse => "accreditation.lapse",
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Unknown step."),
    };
}
