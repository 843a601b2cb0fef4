using Microsoft.AspNetCore.Mvc;

namespace Voucher.Server.Issuing.Judging;

/// <summary>What the part of a person's page shows: the verdict for the chosen trade or programme, or why there is none.</summary>
public sealed record MayHaveVoucherView(PersonId Person, Choices Choices, int Scope, EligibilityVerdict? Verdict, Refusal? Refusal);

/// <summary>
/// "May this person have a voucher, for this programme?" as a part of the person's page; the choice is in the address, since
/// it names a programme and nobody.
/// </summary>
public sealed class MayHaveVoucher(NpgsqlDataSource database, AskEligibility ask, County county) : ViewComponent
{
    public async Task<IViewComponentResult> InvokeAsync(PersonId person)
    {
        var scope = ushort.TryParse(HttpContext.Request.Query["scope"], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var chosen) ? chosen : 0;
        var outcome = await ask.RunAsync(person, scope);
        var verdict = (outcome as Outcome<EligibilityVerdict>.Done)?.Value;
        var refusal = (outcome as Outcome<EligibilityVerdict>.Refused)?.Refusal;
        await using var connection = await database.OpenConnectionAsync();
        return View("/Issuing/Judging/_MayHaveVoucher.cshtml", new MayHaveVoucherView(person, await ChoiceStore.ScopesAsync(connection, county.Region), scope, verdict, refusal));
    }
}
