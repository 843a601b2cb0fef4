using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Vouchers.Reissuing;

/// <summary>Reissues that a second person reviews, and what was decided on earlier ones.</summary>
[Authorize(Policy = Permission.ReadBatches)]
public sealed class ReissuesModel(NpgsqlDataSource database, DecideReissue decide, IAuthorizationService authorization, County county) : PortalPage
{
    [BindProperty(SupportsGet = true, Name = "p")]
    public int PageNumber { get; set; } = 1;

    public IReadOnlyList<ReissueRequest> List { get; private set; } = [];

    public int Total { get; private set; }

    public Task OnGetAsync() => LoadAsync();

    public Task<IActionResult> OnPostApproveAsync(long id) => ActAsync(
        () => decide.ApproveAsync(id, Actor), ("已复核并补发，请经办打印新券。", "Reviewed and replaced; the clerk prints the new voucher."));

    public Task<IActionResult> OnPostRefuseAsync(long id, string? reason) => ActAsync(
        () => decide.RefuseAsync(id, reason, Actor), ("已退回。", "Turned down."));

    private async Task<IActionResult> ActAsync(Func<Task<Outcome<VoucherId>>> act, (string Zh, string En) said)
    {
        if (!(await authorization.AuthorizeAsync(User, Permission.ApproveBatch)).Succeeded) return Forbid();
        if (!ModelState.IsValid) return NotFound();
        if (!Accept(await act()))
        {
            await LoadAsync();
            return Page();
        }
        Done = Speech.IsEnglish ? said.En : said.Zh;
        return Redirect("/issuing/reissues");
    }

    private async Task LoadAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        Total = await ReissueStore.CountAsync(connection, county.Region);
        PageNumber = Math.Clamp(PageNumber, 1, Math.Max(1, (Total + PageSize - 1) / PageSize));
        List = await ReissueStore.ListAsync(connection, county.Region, (PageNumber - 1) * PageSize, PageSize);
    }
}
