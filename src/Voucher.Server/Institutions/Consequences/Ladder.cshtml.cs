using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Policies;
using Voucher.Server.Portal;

namespace Voucher.Server.Institutions.Consequences;

/// <summary>One institution's ladder: on which rungs it stands, what that blocks, what waits, and everything that was.</summary>
[Authorize(Policy = Permission.ReadRecoveries)]
public sealed class LadderModel(
    ConsequenceReading consequences, ImposeConsequence impose, InstitutionStore institutions, PolicyStore policies, TimeProvider clock) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public int Id { get; set; }

    public Institution Known { get; private set; } = null!;
    public IReadOnlyList<ConsequenceRecord> Consequences { get; private set; } = [];
    public ILookup<ConsequenceId, ConsequenceStepRow> Steps { get; private set; } = null!;
    public IReadOnlyList<ConsequenceRung> Rungs { get; private set; } = [];
    public Policy Policy { get; private set; } = null!;
    public ConsequenceForm Form { get; private set; } = ConsequenceForm.Empty;

    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());
    public bool MayPropose => Actor.May(Permission.ProposeRecovery);
    public bool MayDecide => Actor.May(Permission.DecideRecovery);

    public string? FaultOf(string field) => ModelState[field]?.Errors.FirstOrDefault()?.ErrorMessage;

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public async Task<IActionResult> OnPostProposeAsync(ConsequenceForm form)
    {
        if (!MayPropose) return Forbid();
        Form = form;
        return Accept(await impose.ProposeAsync(new InstitutionId(Id), form, Actor)) ? Said(new("已提出，等待另一位同事决定。", "Proposed; another colleague decides.")) : await ShowAsync();
    }

    public Task<IActionResult> OnPostConfirmAsync(long one, string? text) => StepAsync(MayDecide, () => impose.ConfirmAsync(new(one), text, Actor));

    public Task<IActionResult> OnPostRejectAsync(long one, string? text) => StepAsync(MayDecide, () => impose.RejectAsync(new(one), text, Actor));

    public Task<IActionResult> OnPostWithdrawAsync(long one) => StepAsync(MayPropose, () => impose.WithdrawAsync(new(one), Actor));

    public Task<IActionResult> OnPostAnswerAsync(long one, string? text) => StepAsync(Actor.Institution is not null, () => impose.AnswerAsync(new(one), text, Actor));

    public Task<IActionResult> OnPostLiftAsync(long one, string? text) => StepAsync(MayPropose, () => impose.ProposeLiftAsync(new(one), text, Actor));

    public Task<IActionResult> OnPostExtendAsync(long one, string? text, DateOnly? dueOn) =>
        StepAsync(MayPropose, () => impose.ProposeExtendAsync(new(one), text, dueOn, Actor));

    public Task<IActionResult> OnPostConcludeAsync(long one, string? text) => StepAsync(MayPropose, () => impose.ConcludeAsync(new(one), text, Actor));

    private async Task<IActionResult> StepAsync(bool may, Func<Task<Outcome<Nothing>>> take)
    {
        if (!may) return Forbid();
        return Accept(await take()) ? Said(new("已登记。", "Recorded.")) : await ShowAsync();
    }

    private LocalRedirectResult Said(Words what)
    {
        Done = what.In(Speech.Language);
        return LocalRedirect($"/institutions/{Id}/consequences");
    }

    private async Task<IActionResult> ShowAsync()
    {
        var id = new InstitutionId(Id);
        if (!Actor.MayActFor(id) || await institutions.FindAsync(id) is not { } known) return NotFound();
        Known = known;
        Policy = await policies.InForceOrLastAsync(Today);
        Consequences = await consequences.ListAsync(Actor, id, Today, 0, PageSize);
        Steps = await consequences.StepsAsync(Consequences);
        Rungs = await consequences.RungsAsync(id, Today);
        return Page();
    }
}
