using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Policies;
using Voucher.Server.Portal;
using Voucher.Server.Supervising;

namespace Voucher.Server.Classes;

/// <summary>One class: its plan, decision, roster with results, withdrawals and spot checks.</summary>
[Authorize(Policy = Permission.ReadClasses)]
public sealed class OneClassModel(
    ClassStore classes, AttendanceSheets sheets, RosterStore roster, SpotCheckStore checks, PolicyStore policies, RateStore rates,
    DecideClass decide, RecordAssessments record, WithdrawTrainee withdraw, RecordSpotCheck spotCheck, TimeProvider clock) : PortalPage
{
    public TrainingClass Known { get; private set; } = null!;

    public AttendanceSheet Sheet { get; private set; } = null!;

    public IReadOnlyList<Trainee> Roster { get; private set; } = [];

    public IReadOnlyList<SpotCheck> SpotChecks { get; private set; } = [];

    public int PracticePercent { get; private set; }

    public FrozenRate? Rate { get; private set; }

    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());

    public async Task<IActionResult> OnGetAsync(long id)
    {
        if (await classes.FindAsync(new ClassId(id), Actor) is not { } known) return NotFound();
        Known = known;
        Sheet = await sheets.SheetOfAsync(known.Id);
        Roster = await roster.ListAsync(known.Id);
        SpotChecks = await checks.ListAsync(known.Id);
        PracticePercent = (await policies.InForceOrLastAsync(Today)).Parameters.PracticePercent;
        Rate = (await rates.FindAsync([known.Id])).GetValueOrDefault(known.Id);
        return Page();
    }

    public async Task<IActionResult> OnPostApproveAsync(long id) =>
        !Actor.May(Permission.ApproveClass) ? Forbid()
        : await AfterAsync(id, await decide.ApproveAsync(new ClassId(id), Actor), new("班级已审定", "The class is approved"));

    public async Task<IActionResult> OnPostRefuseAsync(long id, string? reason) =>
        !Actor.May(Permission.ApproveClass) ? Forbid()
        : await AfterAsync(id, await decide.RefuseAsync(new ClassId(id), reason, Actor), new("班级已退回", "The class is refused"));

    public async Task<IActionResult> OnPostAssessAsync(long id, List<AssessmentForm> assessments)
    {
        if (!Actor.May(Permission.RecordAssessment)) return Forbid();
        if (!ModelState.IsValid) return await OnGetAsync(id); // A score that is no number: its field is marked.
        var filled = assessments.Index().Where(one => !one.Item.IsBlank).ToList();
        var outcome = await record.RunAsync(new ClassId(id), [.. filled.Select(one => one.Item)], Actor, "assessments");
        return await AfterAsync(id, AtFormRows(outcome, [.. filled.Select(one => one.Index)]), new("成绩已保存", "Results are saved"));
    }

    public async Task<IActionResult> OnPostWithdrawAsync(long id, string? withdrawNumber, string? withdrawReason)
    {
        if (!Actor.May(Permission.WithdrawTrainee)) return Forbid();
        var outcome = await withdraw.RunAsync(new ClassId(id), withdrawNumber, withdrawReason, Actor);
        return await AfterAsync(
            id,
            Renamed(outcome, field => field == "reason" ? "withdrawReason" : "withdrawNumber"),
            new("已办理退学", "The trainee is withdrawn"));
    }

    public async Task<IActionResult> OnPostSpotCheckAsync(long id, SpotCheckForm check) =>
        !Actor.May(Permission.SpotCheck) ? Forbid()
        : await AfterAsync(id, await spotCheck.RunAsync(new ClassId(id), check, Actor), new("抽查已记录", "The spot check is recorded"));

    /// <summary>What was chosen in the row before an error sent the form back.</summary>
    public bool? PassedTyped(int row) =>
        ModelState.TryGetValue($"assessments[{row}].passed", out var entry) && bool.TryParse(entry.AttemptedValue, out var passed) ? passed : null;

    /// <summary>Empty rows were left out; errors go back to the rows of the form.</summary>
    private static Outcome<int> AtFormRows(Outcome<int> outcome, int[] rows) => Renamed(outcome, field =>
    {
        for (var i = rows.Length - 1; i >= 0; i--)
            if (field.StartsWith($"assessments[{i}].", StringComparison.Ordinal))
                return field.Replace($"assessments[{i}].", $"assessments[{rows[i]}].", StringComparison.Ordinal);
        return field;
    });

    private static Outcome<T> Renamed<T>(Outcome<T> outcome, Func<string, string> name) => outcome is Outcome<T>.BadInput(var errors)
        ? errors.Select(error => error with { Field = name(error.Field) }).ToList()
        : outcome;

    private async Task<IActionResult> AfterAsync<T>(long id, Outcome<T> outcome, Words done)
    {
        if (outcome is Outcome<T>.Refused({ Code: RefusalCode.NotFound })) return NotFound();
        if (!Accept(outcome)) return await OnGetAsync(id);
        Done = done.In(Speech.Language);
        return LocalRedirect($"/classes/{id}");
    }
}
