using System.Text.Json.Nodes;
using static Microsoft.Playwright.Assertions;

namespace Voucher.E2E.Screen;

/// <summary>What somebody at the desk does without a mouse.</summary>
public sealed class DeskHands(IPage page, FakeAgent agent)
{
    private const string ShortCode = "123456789012";

    /// <summary>As many digits as a voucher has; the page leaves it to the program what they say.</summary>
    public static string AnyVoucher { get; } = new('7', 202);

    public ILocator Verdict => page.GetByTestId("verdict");

    /// <summary>The desk works, and its lists are there.</summary>
    public async Task ExpectReadyAsync()
    {
        await Expect(page.GetByTestId("mode-enrol")).ToBeVisibleAsync();
        await Expect(page.Locator("#recent li")).Not.ToHaveCountAsync(0);
        await Expect(page.Locator("#camera")).ToHaveAttributeAsync("data-state", "off");
    }

    public Task PressAsync(string key) => page.Keyboard.PressAsync(key);

    /// <summary>The short code, at a person's pace, with Enter: it works wherever the focus is.</summary>
    public async Task TypeShortCodeAsync()
    {
        var keyboard = await Keyboards.KeyboardScanner.PlugInAsync(page);
        foreach (var digit in ShortCode) await keyboard.TypeAsync(digit, Keyboards.InputMethod.None);
        await Expect(page.GetByTestId("short-code-input")).ToHaveValueAsync(ShortCode);
        await PressAsync("Enter");
    }

    /// <summary>One scan with the answer that the test has chosen, until its verdict is on the screen.</summary>
    public async Task ScanAsync(JsonObject verdict)
    {
        agent.Verdict = verdict;
        await page.EvaluateAsync($"() => {{ document.getElementById('short-code').value = '{ShortCode}'; document.getElementById('short-code-form').requestSubmit(); }}");
        await Expect(Verdict).ToHaveAttributeAsync("data-outcome", (string)verdict["outcome"]!);
        await Expect(Verdict).ToBeVisibleAsync();
    }

    /// <summary>
    /// A voucher under a USB scanner. All its keys come in one task of the page, so that no timer can run between them: what
    /// comes of a scan is looked at here; how keys arrive is <c>ScannerTests</c>'.
    /// </summary>
    public Task ScanVoucherAsync(string? digits = null) => page.EvaluateAsync("""
        digits => {
          const at = document.activeElement ?? document.body;
          for (const digit of digits)
            at.dispatchEvent(new KeyboardEvent('keydown', { code: `Digit${digit}`, key: digit, bubbles: true, cancelable: true }));
        }
        """, digits ?? AnyVoucher);

    /// <summary>The same key by key and with Enter, where the browser's own doing with a key counts.</summary>
    public async Task ScanVoucherKeyByKeyAsync() =>
        await (await Keyboards.KeyboardScanner.PlugInAsync(page)).ScanAsync(AnyVoucher, endsWithEnter: true);

    public ILocator Panel(string name) => page.Locator($"#panel-{name}");

    /// <summary>Opens a panel with its key.</summary>
    public async Task OpenAsync(string key, string panel)
    {
        await PressAsync(key);
        await Expect(Panel(panel)).ToBeVisibleAsync();
    }

    public async Task CloseAsync(string panel)
    {
        await PressAsync("Escape");
        await Expect(Panel(panel)).ToBeHiddenAsync();
    }
}
