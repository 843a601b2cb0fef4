using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Settling.Recovering;

/// <summary>A finding: which vouchers, how much, why. Two hundred vouchers are a paste, or a class by its number.</summary>
[Authorize(Policy = Permission.ProposeRecovery)]
public sealed class NewRecoveryModel(ProposeRecovery propose, TimeProvider clock) : PortalPage
{
    /// <summary>The usual term to pay in.</summary>
    private const int UsualTermDays = 30;

    public RecoveryForm Form { get; private set; } = RecoveryForm.Empty;

    public IReadOnlyList<(Recoverable Of, Fen Amount, string Reason)>? Preview { get; private set; }

    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());

    public string? FaultOf(string field) => ModelState[field]?.Errors.FirstOrDefault()?.ErrorMessage;

    public void OnGet() => Form = RecoveryForm.Empty with { PayBy = Today.AddDays(UsualTermDays) };

    /// <summary>Fills in all of a class or of an institution.</summary>
    public async Task<IActionResult> OnPostFillAsync(RecoveryForm form, long? training, int? institution)
    {
        ModelState.Clear();
        var lines = await propose.LinesOfAsync(training is { } id ? new ClassId(id) : null, institution is { } other ? new InstitutionId(other) : null, Actor);
        Form = form with { Lines = string.Join('\n', new[] { form.Lines?.TrimEnd(), lines }.Where(part => !string.IsNullOrEmpty(part))) };
        if (lines.Length == 0) ModelState.AddModelError("lines", new Words("没有可追回的券：请核对班级或机构编号", "Nothing to take back there: check the number").In(Speech.Language));
        return Page();
    }

    public async Task<IActionResult> OnPostPreviewAsync(RecoveryForm form)
    {
        ModelState.Clear();
        Form = form;
        if (Accept(await propose.PreviewAsync(form, Actor), out var preview)) Preview = preview;
        return Page();
    }

    public async Task<IActionResult> OnPostProposeAsync(RecoveryForm form)
    {
        Form = form;
        if (!Accept(await propose.RunAsync(form, Actor), out var id)) return Page();
        Done = new Words("已提出，等待另一位同事决定。", "Proposed; another colleague decides.").In(Speech.Language);
        return LocalRedirect($"/recoveries/{id}");
    }
}
