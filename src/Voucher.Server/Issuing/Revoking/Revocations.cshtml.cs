using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Issuing.Revoking;

/// <summary>Revocations of many vouchers: those to decide on, those under way, and what came of the others.</summary>
[Authorize(Policy = Permission.ReadBatches)]
public sealed class RevocationsModel(
    NpgsqlDataSource database, DecideRevocation decide, IAuthorizationService authorization, County county) : PortalPage
{
    [BindProperty(SupportsGet = true, Name = "p")]
    public int PageNumber { get; set; } = 1;

    public IReadOnlyList<Revocation> List { get; private set; } = [];

    public int Total { get; private set; }

    public bool IsUnderWay => List.Any(one => one.Status == RevocationStatus.UnderWay);

    public Task OnGetAsync() => LoadAsync();

    public Task<IActionResult> OnPostApproveAsync(long id) => ActAsync(
        () => decide.ApproveAsync(id, Actor), ("已批准，正在作废。", "Approved; the vouchers are being revoked."));

    public Task<IActionResult> OnPostRefuseAsync(long id, string? reason) => ActAsync(
        () => decide.RefuseAsync(id, reason, Actor), ("已退回。", "Turned down."));

    private async Task<IActionResult> ActAsync(Func<Task<Outcome<Revocation>>> act, (string Zh, string En) said)
    {
        if (!(await authorization.AuthorizeAsync(User, Permission.ApproveBatch)).Succeeded) return Forbid();
        if (!ModelState.IsValid) return NotFound();
        if (!Accept(await act()))
        {
            await LoadAsync();
            return Page();
        }
        Done = Speech.IsEnglish ? said.En : said.Zh;
        return Redirect("/issuing/revocations");
    }

    private async Task LoadAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        Total = await RevocationStore.CountAsync(connection, county.Region);
        PageNumber = Math.Clamp(PageNumber, 1, Math.Max(1, (Total + PageSize - 1) / PageSize));
        List = await RevocationStore.ListAsync(connection, county.Region, (PageNumber - 1) * PageSize, PageSize);
    }
}
