using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Accounts;

[AllowAnonymous]
public sealed class LogInModel(LogIn logIn) : PortalPage
{
    [BindProperty]
    public string? Login { get; set; }

    [BindProperty]
    public string? Password { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    public bool Has(string field) => ModelState.TryGetValue(field, out var entry) && entry.Errors.Count > 0;

    public async Task<IActionResult> OnPostAsync()
    {
        ModelState.Clear();
        if (!Accept(await logIn.TryAsync(Login, Password), out var actor)) return Page();
        await HttpContext.SignInAsync(AccountSchemes.Cookie, actor.ToPrincipal(AccountSchemes.Cookie));
        return LocalRedirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl! : "/");
    }
}
