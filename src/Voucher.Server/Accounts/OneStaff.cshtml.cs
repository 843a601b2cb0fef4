using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Accounts;

/// <summary>One person: log-ins, roles given and taken, log-ins closed and opened again, and a merge with another entry proposed.</summary>
[Authorize(Policy = Permission.ReadAccounts)]
public sealed class OneStaffModel(StaffStore staff, ChangeRoles changeRoles, SwitchAccount switchAccount, MergeStaff merge) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public int Id { get; set; }

    [BindProperty]
    public int Account { get; set; }

    [BindProperty]
    public Role? Role { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    [BindProperty]
    public int Other { get; set; }

    public StaffMember Person { get; private set; } = null!;
    public IReadOnlyList<StaffMember> Others { get; private set; } = [];
    public bool MayEdit => Actor.May(Permission.EditAccounts) && Person.Id != Actor.Staff;

    public IEnumerable<string> Problems => ModelState.Values.SelectMany(entry => entry.Errors).Select(error => error.ErrorMessage).Distinct(StringComparer.Ordinal);

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public Task<IActionResult> OnPostGiveAsync() => DoAsync(() => changeRoles.RunAsync(Actor, new AccountId(Account), Role, gives: true, Reason), new("岗位已增加。", "The role is given."));

    public Task<IActionResult> OnPostTakeAsync() => DoAsync(() => changeRoles.RunAsync(Actor, new AccountId(Account), Role, gives: false, Reason), new("岗位已收回，立即生效。", "The role is withdrawn, at once."));

    public Task<IActionResult> OnPostCloseAsync() => DoAsync(() => switchAccount.RunAsync(Actor, new AccountId(Account), opens: false, Reason), new("账号已关闭，立即生效。", "The log-in is closed, at once."));

    public Task<IActionResult> OnPostReopenAsync() => DoAsync(() => switchAccount.RunAsync(Actor, new AccountId(Account), opens: true, Reason), new("账号已重新启用。", "The log-in is open again."));

    public Task<IActionResult> OnPostMergeAsync() => DoAsync(() => merge.ProposeAsync(Actor, new StaffId(Id), new StaffId(Other), Reason), new("已提出合并，请另一位同事办理。", "Proposed; another colleague decides."));

    private async Task<IActionResult> DoAsync<T>(Func<Task<Outcome<T>>> act, Words done)
    {
        if (!Actor.May(Permission.EditAccounts)) return Forbid();
        if (!ModelState.IsValid || !Accept(await act())) return await ShowAsync();
        Done = done.In(Speech.Language);
        return LocalRedirect($"/accounts/{Id}");
    }

    private async Task<IActionResult> ShowAsync()
    {
        var all = await staff.ListAsync();
        if (all.FirstOrDefault(person => person.Id.Value == Id) is not { } found) return NotFound();
        Person = found;
        Others = [.. all.Where(person => person.Id != found.Id)];
        return Page();
    }
}
