using System.Text.RegularExpressions;
using static Microsoft.Playwright.Assertions;

namespace Voucher.E2E.Browsers;

/// <summary>
/// Waiting for the page that a click leads to. The address and the document are asked again and again:
/// <c>WaitForURLAsync</c> waits for a single load event instead, and under load it has been seen to miss it.
/// </summary>
public static class Arrival
{
    /// <summary>Until the page has an address with this path in it and is wholly loaded.</summary>
    public static async Task ToBeAtAsync(this IPage page, string path)
    {
        await Expect(page).ToHaveURLAsync(With(path));
        await LoadedAsync(page);
    }

    /// <summary>Until the page has left this path for another one and is wholly loaded.</summary>
    public static async Task ToLeaveAsync(this IPage page, string path)
    {
        await Expect(page).Not.ToHaveURLAsync(With(path));
        await LoadedAsync(page);
    }

    private static Regex With(string path) => new(Regex.Escape(path), RegexOptions.None, TimeSpan.FromSeconds(1));

    private static Task LoadedAsync(IPage page) => page.WaitForFunctionAsync("() => document.readyState === 'complete'");
}
