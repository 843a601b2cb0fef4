using Voucher.Server.Api;

namespace Voucher.Server.Institutions.Accrediting;

/// <summary>
/// Stops an institution: at once by one person, for good only with a second one (<see cref="JudgeAccreditation.ConfirmAsync"/>).
/// Its terminals are told in the same breath. Running classes go on; no further enrolment, no new class.
/// </summary>
public sealed class StopInstitution(TakeStep steps, TimeProvider clock)
{
    /// <param name="until">Last day of the suspension; <c>null</c>: until it is lifted.</param>
    public async Task<Outcome<Nothing>> SuspendAsync(AccreditationId id, DateOnly? until, string? reason, Actor actor)
    {
        var read = new FieldReader();
        var why = read.Text("reason", reason, Reasons.Longest);
        DateOnly? last = until is null ? null : read.Day("until", until);
        if (read.IsClean("until") && last < CountyTime.DayOf(clock.GetUtcNow())) read.Fault("until", new("不能早于今天", "Must not be before today"));
        if (read.Errors.Count > 0) return read.Errors;
        return await steps.RunAsync(id, AccreditationCommand.Suspend, actor, why, step => AccreditationStepStore.SuspendAsync(step, last));
    }

    public Task<Outcome<Nothing>> LiftAsync(AccreditationId id, string? reason, Actor actor) =>
        steps.RunForReasonAsync(id, AccreditationCommand.Lift, actor, reason, AccreditationStepStore.LiftAsync);

    public Task<Outcome<Nothing>> ProposeWithdrawalAsync(AccreditationId id, string? reason, Actor actor) =>
        steps.RunForReasonAsync(id, AccreditationCommand.ProposeWithdrawal, actor, reason, AccreditationStepStore.ProposeWithdrawalAsync);
}
