using Voucher.Server.Api;

namespace Voucher.Server.Institutions.Accrediting;

/// <summary>What one person proposes to grant.</summary>
/// <param name="Capacity">Approved scale of a class (确定培训规模), 1–1000.</param>
/// <param name="ProgrammeCodes">Of those applied for.</param>
/// <param name="From">As <paramref name="Until"/>: within the year and the licence, not in the past, after an earlier accreditation of the year; left out, the longest that all allow.</param>
public sealed record GrantForm(int? Capacity, int[]? ProgrammeCodes, DateOnly? From, DateOnly? Until, string? Reason);

/// <summary>A grant that was read.</summary>
public sealed record GrantEntry(int Capacity, int[] ProgrammeCodes, DateOnly From, DateOnly Until);

/// <summary>The county looks at an application: sends it back, inspects, proposes a verdict; a second person confirms or turns it down.</summary>
public sealed class JudgeAccreditation(AccreditationStore accreditations, TakeStep steps, TimeProvider clock)
{
    public const int LongestFinding = 500;

    public Task<Outcome<Nothing>> SendBackAsync(AccreditationId id, string? reason, Actor actor) =>
        steps.RunForReasonAsync(id, AccreditationCommand.SendBack, actor, reason, AccreditationStepStore.MoveAsync);

    /// <param name="on">The day of the visit; not in the future.</param>
    public async Task<Outcome<Nothing>> InspectAsync(AccreditationId id, DateOnly? on, string? finding, Actor actor)
    {
        var read = new FieldReader();
        var day = read.Day("on", on);
        var found = read.Text("finding", finding, LongestFinding);
        if (read.IsClean("on") && day > CountyTime.DayOf(clock.GetUtcNow())) read.Fault("on", new("不能晚于今天", "Must not be after today"));
        if (read.Errors.Count > 0) return read.Errors;
        return await steps.RunAsync(id, AccreditationCommand.Inspect, actor, found, step => AccreditationStepStore.InspectAsync(step, day));
    }

    public async Task<Outcome<Nothing>> ProposeGrantAsync(AccreditationId id, GrantForm form, Actor actor)
    {
        if (await accreditations.DetailAsync(id, actor) is not { } known) return Refusal.Of(RefusalCode.NotFound);
        var (entry, why, errors) = Read(form, known, await EarliestAsync(known.Record));
        if (errors.Count > 0) return errors;
        return await steps.RunAsync(id, AccreditationCommand.ProposeGrant, actor, why, step => AccreditationStepStore.ProposeGrantAsync(step, entry));
    }

    public Task<Outcome<Nothing>> ProposeRefusalAsync(AccreditationId id, string? reason, Actor actor) =>
        steps.RunForReasonAsync(id, AccreditationCommand.ProposeRefusal, actor, reason, AccreditationStepStore.ProposeRefusalAsync);

    /// <summary>The second person agrees: with a verdict, a suspension or a withdrawal.</summary>
    public async Task<Outcome<Nothing>> ConfirmAsync(AccreditationId id, string? reason, Actor actor)
    {
        var read = new FieldReader();
        var why = read.Text("reason", reason, Reasons.Longest, isOptional: true);
        return read.Errors.Count > 0 ? read.Errors : await steps.RunAsync(id, AccreditationCommand.Confirm, actor, why, ConfirmAsync);
    }

    private static async Task<Refusal?> ConfirmAsync(Step step)
    {
        if (step.Known is { Proposal: AccreditationProposal.Grant, ValidUntil: { } until } && until < step.Today)
            return Refusal.Of(RefusalCode.AccreditationWrongStep, new Words("拟认定的有效期已过，请退回重新提出", "the proposed period is over: turn it down and propose anew"));
        await (step.Known.Proposal switch
        {
            AccreditationProposal.Grant => AccreditationStepStore.GrantAsync(step),
            AccreditationProposal.Refuse => AccreditationStepStore.RefuseAsync(step),
            AccreditationProposal.Suspend => AccreditationStepStore.ConfirmSuspensionAsync(step),
            _ => WithdrawAsync(step),
        });
        return null;
    }

    private static async Task WithdrawAsync(Step step)
    {
        await AccreditationStepStore.WithdrawAsync(step);
        foreach (var other in await AccreditationStepStore.WithdrawOthersAsync(step))
            await AuditTrail.AppendAsync(
                step.Connection, step.Transaction, step.Now, step.Account, "accreditation.confirm", $"accreditation:{other}", $"withdrawn with accreditation:{step.Known.Id}; {step.Rule}",
                Ground.Of(step.Rule));
    }

    public Task<Outcome<Nothing>> ReturnAsync(AccreditationId id, string? reason, Actor actor) =>
        steps.RunForReasonAsync(id, AccreditationCommand.Return, actor, reason, UndoAsync);

    /// <summary>Takes out of the row what was put forward.</summary>
    public static Task UndoAsync(Step step) => step.Next.State switch
    {
        AccreditationState.Inspected => AccreditationStepStore.DropVerdictAsync(step),
        AccreditationState.Granted => AccreditationStepStore.LiftAsync(step),
        _ => AccreditationStepStore.DropWithdrawalAsync(step),
    };

    /// <summary>Today, or the day after an accreditation of the same year ends.</summary>
    private async Task<DateOnly> EarliestAsync(AccreditationRecord record)
    {
        var today = CountyTime.DayOf(clock.GetUtcNow());
        return await accreditations.LastDayAsync(record.InstitutionId, record.Year) is { } end && end >= today ? end.AddDays(1) : today;
    }

    private static (GrantEntry Entry, string Reason, List<FieldError> Errors) Read(GrantForm form, AccreditationDetail known, DateOnly earliest)
    {
        var read = new FieldReader();
        var (first, last) = known.Record.Dossier.LongestPeriod();
        if (first < earliest) first = earliest;
        var from = form.From is null ? first : read.Day("from", form.From);
        var until = form.Until is null ? last : read.Day("until", form.Until);
        var entry = new GrantEntry(
            read.Number("capacity", form.Capacity, 1, InstitutionForm.LargestCapacity), [.. (form.ProgrammeCodes ?? []).Distinct()], from, until);
        var reason = read.Text("reason", form.Reason, Reasons.Longest, isOptional: true);
        if (read.IsClean("from") && (from < first || from > last)) read.Fault("from", Within(first, last));
        if (read.IsClean("until") && read.IsClean("from") && (until < from || until > last)) read.Fault("until", Within(from, last));
        var requested = known.Programmes.Where(programme => programme.IsRequested).Select(programme => programme.Code).ToHashSet();
        if (entry.ProgrammeCodes.Length == 0) read.Fault("programmeCodes", new("请至少选一个项目", "Choose at least one programme"));
        else if (!entry.ProgrammeCodes.All(requested.Contains))
            read.Fault("programmeCodes", new("只能从申请的项目中选", "Only programmes that were applied for"));
        return (entry, reason, read.Errors);
    }

    private static Words Within(DateOnly first, DateOnly last) => new(
        $"应在本年度和许可证有效期内，不早于今天，也不与已有的认定重叠：{CountyTime.Show(first)} 至 {CountyTime.Show(last)}",
        $"Within the year and the licence, not in the past and after what is accredited already: {CountyTime.Show(first)} to {CountyTime.Show(last)}");
}
