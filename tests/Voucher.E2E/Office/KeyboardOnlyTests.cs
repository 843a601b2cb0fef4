using Voucher.E2E.Browsers;
using Voucher.E2E.County;
using Voucher.E2E.Pages;
using static Microsoft.Playwright.Assertions;

namespace Voucher.E2E.Office;

/// <summary>The portal without a mouse: Tab, Enter and what one types.</summary>
[Collection(nameof(CountyAtWork))]
public sealed class KeyboardOnlyTests(CountyAtWork county)
{
    private const int MostTabs = 60;

    [Fact]
    public Task Logging_in_the_menu_and_approving_a_batch_need_no_mouse() => Scene.PlayAsync(county, "keyboard-only", async scene =>
    {
        const string name = "待审批次";
        var batch = await county.DraftAsync(name, CountyAtWork.OtherList);
        var page = await scene.ArriveAsync();
        await page.GotoAsync("/log-in");
        await LogInAsync(page);

        await TabToAsync(page, page.Locator("#menu").GetByRole(AriaRole.Link, new() { Name = "发券", Exact = true }));
        await scene.Album.TakeAsync(page, "menu");
        await page.Keyboard.PressAsync("Enter");
        await page.ToBeAtAsync("/issuing");

        await SkipToContentAsync(page);
        await TabToAsync(page, page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }));
        await page.Keyboard.PressAsync("Enter");
        await page.ToBeAtAsync($"/issuing/batches/{batch}");

        await TabToAsync(page, page.GetByTestId("batch-approve"));
        await scene.Album.TakeAsync(page, "to-approve");
        await page.Keyboard.PressAsync("Enter");
        await Expect(new BatchPages(page).Status).ToHaveAttributeAsync("data-status", "Issued");
        await scene.Album.TakeAsync(page, "approved");
    });

    /// <summary>The cursor stands in the first field.</summary>
    private static async Task LogInAsync(IPage page)
    {
        await Expect(page.Locator("#login")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("approver");
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator("#password")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(CountyUnderTest.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.ToLeaveAsync("/log-in");
    }

    /// <summary>The first Tab of a page offers a way past its menu.</summary>
    private static async Task SkipToContentAsync(IPage page)
    {
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator(".skip-link")).ToBeFocusedAsync();
        await Expect(page.Locator(".skip-link")).ToBeInViewportAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#main")).ToBeFocusedAsync();
    }

    /// <summary>Tab by Tab, and each step can be seen.</summary>
    private static async Task TabToAsync(IPage page, ILocator target)
    {
        await Expect(target).ToBeVisibleAsync();
        for (var tabs = 0; tabs < MostTabs; tabs++)
        {
            await page.Keyboard.PressAsync("Tab");
            await AssertFocusIsSeenAsync(page);
            if (await target.EvaluateAsync<bool>("element => element === document.activeElement")) return;
        }
        Assert.Fail($"{MostTabs} times Tab do not reach {target}.");
    }

    private static async Task AssertFocusIsSeenAsync(IPage page)
    {
        var unseen = await page.EvaluateAsync<string?>("""
            () => {
              const { activeElement: at } = document;
              if (!at || at === document.body) return null;
              const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(at);
              return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none' ? null : at.outerHTML;
            }
            """);
        Assert.True(unseen is null, $"It cannot be seen that the focus is on {unseen}");
    }
}
