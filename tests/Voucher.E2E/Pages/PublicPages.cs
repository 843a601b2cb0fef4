using static Microsoft.Playwright.Assertions;

namespace Voucher.E2E.Pages;

/// <summary>What anybody sees without a log-in: the training menu and the list of accredited institutions.</summary>
public sealed class PublicPages(IPage page)
{
    /// <summary>Programmes on the menu that are not narrowed away.</summary>
    public ILocator Programmes => page.Locator("article:visible");

    public ILocator Published => page.GetByTestId("published").Locator("tbody tr");

    /// <summary>As one types: nothing is sent.</summary>
    public async Task SearchAsync(string typed)
    {
        await page.Locator("input[name=q]").FillAsync("");
        await page.Locator("input[name=q]").PressSequentiallyAsync(typed);
    }

    public Task ExpectProgrammesAsync(params string[] names) => Expect(Programmes.Locator("h2 span")).ToHaveTextAsync(names);

    /// <summary>Of the text that one reads the menu by, in CSS pixels.</summary>
    public Task<double> SmallestTextAsync() => page.EvaluateAsync<double>("""
        () => Math.min(...[...document.querySelectorAll('main :is(h2, p, li, label, select, input, button)')]
          .filter(one => one.offsetParent).map(one => parseFloat(getComputedStyle(one).fontSize)))
        """);
}
