using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Policies;

/// <summary>The county's packs, past, present and to come, and the drafts of further ones.</summary>
[Authorize(Policy = Permission.ReadPolicies)]
public sealed class PoliciesModel(PolicyStore policies, PolicyDraftStore drafts, DraftPolicy draft, TimeProvider clock) : PortalPage
{
    public IReadOnlyList<Policy> Packs { get; private set; } = [];

    public IReadOnlyList<PolicyDraft> Drafts { get; private set; } = [];

    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());

    public DateOnly? FirstWithoutRule => PolicyCalendar.FirstWithoutRule(Packs, Today);

    public PolicyStanding StandingOf(Policy pack) => PolicyCalendar.StandingOf(pack, Packs, Today);

    public Task OnGetAsync() => LoadAsync();

    /// <param name="source">Number of a pack, name of a shipped one, or <c>draft-</c> and the number of a draft.</param>
    public async Task<IActionResult> OnPostDraftAsync(string? source)
    {
        if (!Actor.May(Permission.EditPolicies)) return Forbid();
        if (await SourceAsync(source ?? "") is not { } pack)
        {
            ModelState.AddModelError("source", T("请选择底稿", "Choose what to start from"));
            await LoadAsync();
            return Page();
        }
        if (Accept(await draft.CopyAsync(pack, Actor), out var id))
        {
            Done = T("已建立草案，请修改后提交。", "The draft is there: change it and hand it in.");
            return LocalRedirect($"/policies/drafts/{id}/edit");
        }
        await LoadAsync();
        return Page();
    }

    private async Task<Policy?> SourceAsync(string source)
    {
        await LoadAsync();
        const string prefix = "draft-";
        if (source.StartsWith(prefix, StringComparison.Ordinal))
            return Number(source[prefix.Length..]) is { } known ? (await drafts.FindAsync(known))?.Pack : null;
        if (ShippedPolicies.Find(source) is { } shipped) return shipped.ToPolicy(Packs[0].Region);
        return Packs.FirstOrDefault(pack => pack.Id.Value == Number(source));
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string T(string zh, string en) => Speech.IsEnglish ? en : zh;

    private async Task LoadAsync()
    {
        Packs = await policies.ListAsync();
        if (Actor.IsCounty) Drafts = await drafts.ListAsync();
    }
}
