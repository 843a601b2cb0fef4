using System.Collections;
using Voucher.E2E.Camera;

namespace Voucher.E2E.Browsers;

/// <summary>Chromium as it is installed on this machine; Playwright only drives it and never downloads one.</summary>
public sealed class BrowserShelf : IAsyncDisposable
{
    /// <summary>Nothing that leaves the machine by itself; root (in containers) has no sandbox.</summary>
    private static readonly string[] Quiet =
    [
        "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--lang=zh-CN",
    ];

    private readonly IPlaywright _playwright;
    private readonly string _chromium;
    private readonly List<IBrowser> _browsers = [];

    private BrowserShelf(IPlaywright playwright, string chromium) => (_playwright, _chromium) = (playwright, chromium);

    public static async Task<BrowserShelf> OpenAsync()
    {
        // Five seconds, Playwright's own measure, is too short where two cores also build and run the other tests.
        Assertions.SetDefaultExpectTimeout(Visitor.PatienceMs);
        return new(await Playwright.CreateAsync(), Requires.Chromium());
    }

    /// <summary>A browser as on an office PC.</summary>
    public Task<IBrowser> OfficeAsync() => LaunchAsync(Quiet);

    /// <summary>A browser as beside a terminal, with a camera that may be used without asking.</summary>
    public Task<IBrowser> KioskAsync(FakeCamera camera) => LaunchAsync(
    [
        .. Quiet, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", $"--use-file-for-fake-video-capture={camera.Path}",
    ]);

    /// <summary>A browser beside a terminal without any camera.</summary>
    public Task<IBrowser> KioskWithoutCameraAsync() => LaunchAsync([.. Quiet, "--use-fake-ui-for-media-stream"]);

    public async ValueTask DisposeAsync()
    {
        foreach (var browser in _browsers) await browser.DisposeAsync();
        _playwright.Dispose();
    }

    /// <summary>So that the browser's own parts, such as date fields, look as they do in the county.</summary>
    private static Dictionary<string, string> ChineseDesktop() => new(
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(entry => KeyValuePair.Create((string)entry.Key, (string?)entry.Value ?? "")),
        StringComparer.Ordinal) { ["LANGUAGE"] = "zh_CN" };

    private async Task<IBrowser> LaunchAsync(string[] arguments)
    {
        var browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = _chromium, Args = arguments, Headless = true, Env = ChineseDesktop() });
        _browsers.Add(browser);
        return browser;
    }
}
