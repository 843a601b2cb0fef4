using Voucher.E2E.Browsers;
using Voucher.E2E.County;

namespace Voucher.E2E.Pages;

/// <summary>Getting into the portal.</summary>
public static class Portal
{
    /// <summary>Somebody at an office PC who has just logged in.</summary>
    public static async Task<Visitor> LogInAsync(IBrowser browser, CountyUnderTest county, string login)
    {
        var visitor = await Visitor.ArriveAsync(browser, county.Portal);
        await visitor.Page.GotoAsync("/log-in");
        await FillInAsync(visitor.Page, login);
        await visitor.Page.Locator("main form button").ClickAsync();
        await visitor.Page.ToLeaveAsync("/log-in");
        return visitor;
    }

    public static async Task FillInAsync(IPage page, string login)
    {
        await page.FillAsync("#login", login);
        await page.FillAsync("#password", CountyUnderTest.Password);
    }
}
