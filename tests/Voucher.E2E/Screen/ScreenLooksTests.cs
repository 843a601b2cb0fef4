using System.Globalization;
using System.Text.Json.Nodes;
using Voucher.E2E.Browsers;
using static Microsoft.Playwright.Assertions;

namespace Voucher.E2E.Screen;

/// <summary>Every verdict, panel and dialog, in both languages, both lights and both sizes: large enough, clear enough, all in sight.</summary>
public sealed class ScreenLooksTests(ScreenStage stage) : IClassFixture<ScreenStage>
{
    public static TheoryData<string, string, int> Looks { get; } = new()
    {
        { "zh", "bright", 1366 }, { "zh", "dark", 1366 }, { "en", "bright", 1366 }, { "en", "dark", 1366 },
        { "zh", "bright", 390 }, { "zh", "dark", 390 }, { "en", "bright", 390 }, { "en", "dark", 390 },
    };

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task All_that_the_screen_shows_is_large_enough_and_clear_enough(string language, string theme, int width)
    {
        var album = new Album(string.Create(CultureInfo.InvariantCulture, $"screen-{language}-{theme}-{width}"));
        var faults = new List<string>();
        await stage.PlayAsync(async (page, hands) =>
        {
            await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", theme);
            async Task LookAsync(string name)
            {
                await album.TakeAsync(page, name);
                foreach (var fault in await ScreenMeasures.SmallTargetsAsync(page)) faults.Add($"{name}: small target: {fault}");
                foreach (var fault in await ScreenMeasures.FaintTextsAsync(page)) faults.Add($"{name}: faint text: {fault}");
                foreach (var fault in await ScreenMeasures.CutOffAsync(page)) faults.Add($"{name}: cut off: {fault}");
            }

            await LookAsync("desk");
            await LookAtVerdictsAsync(hands, LookAsync);
            await LookAtPanelsAsync(hands, LookAsync);
            await LookAtQuestionsAsync(page, hands, LookAsync);
            await LookAtNewsAsync(page, hands, LookAsync);
        }, language, theme, new() { Width = width, Height = width == Visitor.Phone.Width ? Visitor.Phone.Height : Visitor.Desktop.Height }, mayLose: true);
        Assert.Empty(faults);
    }

    private static async Task LookAtVerdictsAsync(DeskHands hands, Func<string, Task> look)
    {
        foreach (var (name, verdict) in AgentAnswers.Verdicts)
        {
            await hands.ScanAsync(verdict);
            await look($"verdict-{name}");
            await hands.PressAsync("Escape");
            await Expect(hands.Verdict).ToBeHiddenAsync();
        }
    }

    private async Task LookAtPanelsAsync(DeskHands hands, Func<string, Task> look)
    {
        foreach (var (key, panel) in new[] { ("F6", "roster"), ("F7", "recent"), ("F8", "offline"), ("F10", "settings") })
        {
            await hands.OpenAsync(key, panel);
            await look(panel);
            await hands.CloseAsync(panel);
        }
        stage.Agent.Roster = null;
        await hands.OpenAsync("F6", "roster");
        await Expect(hands.Panel("roster").GetByTestId("roster-empty")).ToBeVisibleAsync();
        await look("roster-none");
        await hands.CloseAsync("roster");
    }

    private async Task LookAtQuestionsAsync(IPage page, DeskHands hands, Func<string, Task> look)
    {
        await hands.OpenAsync("F7", "recent");
        await page.Locator("#recent-all button").First.ClickAsync();
        await Expect(hands.Panel("correction")).ToBeVisibleAsync();
        await look("correction");
        await page.GetByTestId("correction-send").ClickAsync();
        await look("correction-which");
        await hands.PressAsync("Escape");
        await hands.CloseAsync("recent");

        stage.Agent.Reading = AgentAnswers.Reading(AgentAnswers.Cooking);
        await hands.ScanVoucherAsync();
        await Expect(page.GetByTestId("offer")).ToBeVisibleAsync();
        await look("offer");
        await hands.PressAsync("Escape");

        stage.Agent.Reading = AgentAnswers.Reading(programme: null);
        await hands.PressAsync("F1");
        await hands.ScanVoucherAsync();
        await Expect(page.GetByTestId("identity-input")).ToBeVisibleAsync();
        await look("identity");
        await hands.PressAsync("Escape");
    }

    private async Task LookAtNewsAsync(IPage page, DeskHands hands, Func<string, Task> look)
    {
        await hands.PressAsync("F2");
        stage.Agent.Tell(AgentAnswers.GoOffline);
        await Expect(page.GetByTestId("warnings")).ToBeVisibleAsync();
        await look("offline");
        await hands.OpenAsync("F8", "offline");
        await look("offline-panel");
        await hands.CloseAsync("offline");
        stage.Agent.TellLate((JsonObject)stage.Agent.Recent[3]!.DeepClone());
        await Expect(page.Locator(".notice")).ToBeVisibleAsync();
        await look("late");
        await page.Locator(".notice button").ClickAsync();

        await hands.PressAsync("F9");
        await Expect(page.GetByTestId("practice")).ToBeVisibleAsync();
        await look("practice");
        await hands.ScanAsync(AgentAnswers.Verdicts["accepted"]);
        await look("practice-verdict");
        await hands.PressAsync("Escape");
        await hands.PressAsync("F9");

        await LookAtTroublesAsync(page, hands, look);
    }

    private async Task LookAtTroublesAsync(IPage page, DeskHands hands, Func<string, Task> look)
    {
        stage.Agent.AnswersLost = int.MaxValue;
        await hands.ScanVoucherAsync();
        await Expect(hands.Verdict).ToBeVisibleAsync();
        await look("asked-again");
        await hands.PressAsync("Escape");
        await look("not-known");
        await hands.PressAsync("Escape");
        stage.Agent.AnswersLost = 0;

        stage.Agent.ScanProblem = AgentAnswers.Problem("本机磁盘写不进去，这次没有保存。", "This machine's disk cannot be written; it was not saved.");
        await hands.ScanVoucherAsync();
        await Expect(hands.Verdict).ToBeVisibleAsync();
        await look("disk-full");
        await hands.PressAsync("Escape");
        stage.Agent.ScanProblem = null;

        stage.Agent.Tell(AgentAnswers.GetOld);
        await Expect(page.Locator("#update")).ToBeVisibleAsync();
        await look("update-disk-and-old-lists");
        stage.Agent.Tell(AgentAnswers.Quarantine);
        await Expect(page.Locator("#pair-steps")).ToBeVisibleAsync();
        await look("quarantined");
        stage.Agent.Tell(state => (state["link"]!["standing"], state["pairing"], state["setup"], state["quarantine"]) = ("unpaired", null, null, null));
        await Expect(page.Locator("#pair-form")).ToBeVisibleAsync();
        await look("unpaired");
        stage.Agent.Tell(state => (state["damaged"], state["diskLow"]) = (true, true));
        await Expect(page.Locator("#pair-why")).ToBeVisibleAsync();
        await look("seal-missing");
        stage.Agent.Tell(state => state["noRoom"] = true);
        await Expect(page.Locator("#pair-wait")).ToBeVisibleAsync();
        await look("no-room-to-open");
    }
}
