using static Microsoft.Playwright.Assertions;

namespace Voucher.E2E.Pages;

/// <summary>The one page at the front desk.</summary>
public sealed class KioskPage(IPage page)
{
    /// <summary>A refusal stands for ten seconds before it goes by itself.</summary>
    private const float LongestVerdictMs = 20_000;

    /// <summary>The terminal tries again after ten seconds at most, and then asks what is waiting.</summary>
    private const float LongestReunionMs = 40_000;

    public ILocator Verdict => page.GetByTestId("verdict");

    public ILocator Reason => page.GetByTestId("verdict-reason");

    public ILocator Holder => page.GetByTestId("verdict-holder");

    public ILocator Identity => page.GetByTestId("identity-input");

    public ILocator Waiting => page.GetByTestId("waiting-count");

    public ILocator ShortCode => page.GetByTestId("short-code-input");

    /// <summary>Answers that came when nobody stood waiting.</summary>
    public ILocator Notices => page.Locator("#notices .notice");

    public async Task<string> PairAsync(string code, string name)
    {
        await page.GotoAsync("/");
        await page.GetByTestId("pair-code").FillAsync(code);
        await page.GetByTestId("pair-name").FillAsync(name);
        await page.GetByTestId("pair-submit").ClickAsync();
        await Expect(page.GetByTestId("pair-fingerprint")).Not.ToBeEmptyAsync();
        return await page.GetByTestId("pair-fingerprint").InnerTextAsync();
    }

    /// <summary>Until the desk is ready to scan.</summary>
    public async Task WaitForWorkAsync()
    {
        await Expect(page.GetByTestId("mode-enrol")).ToBeVisibleAsync();
        await ExpectOnlineAsync(true);
    }

    public Task ExpectOnlineAsync(bool online) => Expect(page.GetByTestId("link-state"))
        .ToHaveAttributeAsync("data-online", online ? "true" : "false", new() { Timeout = LongestReunionMs });

    /// <summary>Until the classes of the institution have reached the terminal.</summary>
    public Task ExpectClassAsync(string name) => Expect(page.GetByTestId("class-picker")).ToContainTextAsync(name);

    /// <summary>Until the camera is on.</summary>
    public Task ExpectCameraAsync() => Expect(page.Locator("#camera")).ToHaveAttributeAsync("data-state", "on");

    /// <param name="mode">enrol, check-in, check-out or complete.</param>
    public Task ChooseAsync(string mode) => page.GetByTestId($"mode-{mode}").ClickAsync();

    public async Task ConfirmIdentityAsync(string number)
    {
        await Identity.FillAsync(number);
        await page.GetByTestId("identity-confirm").ClickAsync();
    }

    /// <param name="outcome">accepted, provisional, refused, held or waiting.</param>
    public async Task ExpectVerdictAsync(string outcome, int refusal = 0)
    {
        // In one look: a green verdict goes after four seconds.
        await Expect(page.Locator($"[data-testid=verdict][data-outcome={outcome}]")).ToBeVisibleAsync();
        if (refusal != 0) await Expect(Verdict).ToHaveAttributeAsync("data-refusal", $"{refusal}");
    }

    /// <summary>The desk is ready again by itself.</summary>
    public Task WaitForReadyAsync() => Expect(Verdict).ToBeHiddenAsync(new() { Timeout = LongestVerdictMs });

    /// <summary>As somebody in a hurry does. It may be gone by itself already, which is as good; a click would wait for it to come back.</summary>
    public async Task PutVerdictAwayAsync()
    {
        await page.Keyboard.PressAsync("Escape");
        await WaitForReadyAsync();
    }

    /// <summary>What was taken away from the camera has been gone for so long that it counts as new when shown again.</summary>
    public Task ExpectNothingInViewAsync() => Expect(page.Locator("#camera")).ToHaveAttributeAsync("data-in-view", "0");

    /// <summary>So many scans are on the terminal's disk and not yet answered.</summary>
    public Task ExpectWaitingAsync(int count) => Expect(Waiting.And(page.Locator(":visible"))).ToHaveTextAsync($"{count}", new() { Timeout = LongestReunionMs });

    /// <summary>What was waiting has been answered.</summary>
    public Task ExpectNothingWaitsAsync() => ExpectWaitingAsync(0);

    /// <summary>The program on the desk's PC answers, or does not.</summary>
    public Task ExpectLinkAsync(string words) => Expect(page.Locator("#link-text")).ToContainTextAsync(words, new() { Timeout = LongestReunionMs });

    public Task SwitchLanguageAsync() => page.ClickAsync("#language");
}
