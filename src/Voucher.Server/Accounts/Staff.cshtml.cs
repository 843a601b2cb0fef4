using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Api;
using Voucher.Server.Portal;

namespace Voucher.Server.Accounts;

/// <summary>Everybody who works with the system, with their log-ins and roles, and the merges that wait for a second person.</summary>
[Authorize(Policy = Permission.ReadAccounts)]
public sealed class StaffModel(StaffStore staff, MergeStaff merge) : PortalPage
{
    [BindProperty(SupportsGet = true, Name = "q")]
    public string? Search { get; set; }

    public IReadOnlyList<StaffMember> People { get; private set; } = [];
    public IReadOnlyList<MergeLine> Merges { get; private set; } = [];
    public int Unidentified { get; private set; }

    public Task OnGetAsync() => LoadAsync();

    public async Task<IActionResult> OnPostDecideAsync(int id, bool merges)
    {
        if (!Actor.May(Permission.EditAccounts)) return Forbid();
        if (!Accept(await merge.DecideAsync(Actor, id, merges)))
        {
            await LoadAsync();
            return Page();
        }
        Done = merges ? new Words("已合并。", "Merged.").In(Speech.Language) : new Words("已退回。", "Refused.").In(Speech.Language);
        return LocalRedirect("/accounts");
    }

    private async Task LoadAsync()
    {
        var all = await staff.ListAsync();
        Unidentified = all.Count(person => !person.IsIdentified);
        if (string.IsNullOrWhiteSpace(Search) || !FieldReader.IsReadable(Search)) Search = null;
        People = [.. all.Where(person => StaffSearch.Matches(person, Search))];
        Merges = await staff.MergesAsync();
    }
}

/// <summary>By a part of the name or of a log-in.</summary>
public static class StaffSearch
{
    public static bool Matches(StaffMember person, string? text) =>
        text?.Trim() is not { Length: > 0 } wanted
        || person.Name.Contains(wanted, StringComparison.OrdinalIgnoreCase)
        || person.LogIns.Any(login => login.Login.Contains(wanted, StringComparison.OrdinalIgnoreCase));
}
