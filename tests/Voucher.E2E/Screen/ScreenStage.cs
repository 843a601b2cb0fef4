using Voucher.E2E.Browsers;

namespace Voucher.E2E.Screen;

/// <summary>A browser beside a terminal whose answers the test chooses.</summary>
public sealed class ScreenStage : IAsyncLifetime
{
    private BrowserShelf? _browsers;
    private IBrowser? _browser;

    public FakeAgent Agent { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _browsers = await BrowserShelf.OpenAsync();
        _browser = await _browsers.KioskWithoutCameraAsync();
        Agent = await FakeAgent.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_browsers is not null) await _browsers.DisposeAsync();
        if (Agent is not null) await Agent.DisposeAsync();
    }

    /// <summary>A desk at work, in a language (zh, en) and a light (bright, dark); fails when the browser complained of anything.</summary>
    /// <param name="mayLose">The test loses answers on their way to the page.</param>
    public async Task PlayAsync(Func<IPage, DeskHands, Task> play, string language = "zh", string theme = "bright", ViewportSize? size = null, bool mayLose = false)
    {
        Agent.Reset();
        await using var visitor = await Visitor.ArriveAsync(_browser!, Agent.Address, size);
        await visitor.Page.AddInitScriptAsync($$"""
            localStorage.getItem('voucher.mode') ?? Object.entries({ 'voucher.language': '{{language}}', 'voucher.theme': '{{theme}}', 'voucher.mode': '2' })
              .forEach(([key, value]) => localStorage.setItem(key, value));
            """);
        await visitor.Page.GotoAsync("/");
        var hands = new DeskHands(visitor.Page, Agent);
        await hands.ExpectReadyAsync();
        await play(visitor.Page, hands);
        visitor.AssertQuiet(mayLose);
    }
}
