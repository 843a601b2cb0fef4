using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Accounts;

/// <summary>One's own account: roles, and a new password.</summary>
public sealed class AccountModel(ChangePassword changePassword, Speech speech) : PortalPage
{
    [BindProperty]
    public string? Current { get; set; }

    [BindProperty]
    public string? Wanted { get; set; }

    [BindProperty]
    public string? Again { get; set; }

    public bool Has(string field) => ModelState.TryGetValue(field, out var entry) && entry.Errors.Count > 0;

    public async Task<IActionResult> OnPostAsync()
    {
        ModelState.Clear();
        if (!Accept(await changePassword.ApplyAsync(Actor, Current, Wanted, Again), out var actor)) return Page();
        await HttpContext.SignInAsync(AccountSchemes.Cookie, actor.ToPrincipal(AccountSchemes.Cookie));
        Done = speech["密码已修改，其他设备上的登录已失效。", "The password has been changed; you are logged out everywhere else."];
        return RedirectToPage();
    }
}
