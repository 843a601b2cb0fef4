using Microsoft.AspNetCore.Mvc;

namespace Voucher.Server.Portal;

/// <summary>Leads each person to where their work begins: the first entry of their menu.</summary>
public sealed class HomeModel : PortalPage
{
    public IActionResult OnGet() => LocalRedirect(Menu.For(Actor).First().Path);
}
