using System.Text.Json.Nodes;
using static Microsoft.Playwright.Assertions;

namespace Voucher.E2E.Screen;

/// <summary>The desk's work by the keyboard alone, and what the screen does with it.</summary>
public sealed class ScreenHandsTests(ScreenStage stage) : IClassFixture<ScreenStage>
{
    /// <summary>So long an Enter may still be the scanner's, and some.</summary>
    private const float LateEnterMs = 500;

    [Fact]
    public Task Everything_on_the_desk_and_in_every_panel_is_reached_with_Tab_and_the_focus_is_seen() => stage.PlayAsync(async (page, hands) =>
    {
        Assert.Empty(await ScreenMeasures.UnreachedAsync(page));
        foreach (var (key, panel) in new[] { ("F6", "roster"), ("F7", "recent"), ("F8", "offline"), ("F10", "settings") })
        {
            await hands.OpenAsync(key, panel);
            await StayInsideAsync(page, $"#panel-{panel}");
            await hands.CloseAsync(panel);
        }
    });

    [Fact]
    public Task A_correction_is_asked_for_without_a_mouse_and_nothing_is_undone() => stage.PlayAsync(async (page, hands) =>
    {
        await hands.OpenAsync("F7", "recent");
        await page.Locator("#recent-all button").First.FocusAsync();
        await hands.PressAsync("Enter");
        await Expect(hands.Panel("correction")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("correction-rule")).ToContainTextAsync("什么也不会撤销");
        await page.Locator("#panel-correction input[value=wrongPerson]").FocusAsync();
        await hands.PressAsync("Space");
        await hands.PressAsync("Tab");
        await Expect(page.GetByTestId("correction-note")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("room 12, Ms X");
        await hands.PressAsync("Enter");
        await Expect(page.GetByTestId("correction-send")).ToBeFocusedAsync();
        Assert.Empty(stage.Agent.Posted);
        await hands.PressAsync("Enter");

        await Expect(page.GetByTestId("correction-send")).ToBeHiddenAsync();
        await Expect(page.GetByTestId("correction-rule")).ToContainTextAsync("等县人社局决定");
        var (path, body) = Assert.Single(stage.Agent.Posted);
        Assert.Equal("/local/corrections", path);
        Assert.Equal("wrongPerson", (string)body!["reason"]!);
        Assert.Equal("room 12, Ms X", (string)body["note"]!);
        Assert.Equal((string)stage.Agent.Recent[0]!["scanId"]!, (string)body["scanId"]!);
        await hands.PressAsync("Escape");
        await Expect(hands.Panel("recent")).ToBeVisibleAsync();
    });

    [Fact]
    public Task The_modes_keys_and_Esc_do_the_same_at_the_desk_over_a_panel_and_in_a_note() => stage.PlayAsync(async (page, hands) =>
    {
        await hands.PressAsync("F3");
        await ExpectModeAsync(page, "check-out");
        await hands.OpenAsync("F6", "roster");
        await hands.PressAsync("F1");
        await ExpectModeAsync(page, "enrol");
        await Expect(hands.Panel("roster")).ToBeHiddenAsync();

        await WriteNoteAsync(page, hands, "early");
        await hands.PressAsync("Escape");
        await Expect(hands.Panel("correction")).ToBeHiddenAsync();
        await hands.CloseAsync("recent");

        await WriteNoteAsync(page, hands, "late");
        await hands.PressAsync("F2");
        await ExpectModeAsync(page, "check-in");
        await Expect(hands.Panel("correction")).ToBeHiddenAsync();
        Assert.Empty(stage.Agent.Posted);
    });

    private static Task ExpectModeAsync(IPage page, string mode) => Expect(page.GetByTestId($"mode-{mode}")).ToHaveAttributeAsync("aria-pressed", "true");

    private static async Task WriteNoteAsync(IPage page, DeskHands hands, string note)
    {
        await hands.OpenAsync("F7", "recent");
        await page.Locator("#recent-all button").First.ClickAsync();
        await page.GetByTestId("correction-note").FocusAsync();
        await page.Keyboard.TypeAsync(note);
        await Expect(page.GetByTestId("correction-note")).ToHaveValueAsync(note);
    }

    [Fact]
    public Task One_step_back_is_one_press_of_Esc_however_long_it_is_held() => stage.PlayAsync(async (page, hands) =>
    {
        await hands.OpenAsync("F7", "recent");
        await page.Locator("#recent-all button").First.ClickAsync();
        await Expect(hands.Panel("correction")).ToBeVisibleAsync();
        await page.Keyboard.DownAsync("Escape");
        await page.Keyboard.DownAsync("Escape");
        await page.Keyboard.UpAsync("Escape");
        await Expect(hands.Panel("recent")).ToBeVisibleAsync();
    });

    [Fact]
    public Task A_scan_while_a_note_is_being_written_is_read_and_leaves_the_note_as_it_was() => stage.PlayAsync(async (page, hands) =>
    {
        await hands.OpenAsync("F7", "recent");
        await page.Locator("#recent-all button").First.ClickAsync();
        await page.GetByTestId("correction-note").FocusAsync();
        await page.Keyboard.TypeAsync("early");
        await hands.ScanVoucherKeyByKeyAsync();
        await Expect(hands.Verdict).ToBeVisibleAsync();
        await hands.PressAsync("Escape");
        await Expect(page.GetByTestId("correction-note")).ToHaveValueAsync("early");
        Assert.Equal(DeskHands.AnyVoucher, (string)Assert.Single(stage.Agent.Posted).Body!["digits"]!);
    });

    [Fact]
    public Task A_scan_while_the_roster_is_open_is_read_and_the_roster_stays() => stage.PlayAsync(async (page, hands) =>
    {
        await hands.OpenAsync("F6", "roster");
        await Expect(page.Locator("#roster-people li").First).ToHaveClassAsync("roster-row is-missing");
        await hands.ScanVoucherAsync();
        await Expect(hands.Verdict).ToBeVisibleAsync();
        await hands.PressAsync("Escape");
        await Expect(hands.Panel("roster")).ToBeVisibleAsync();
    });

    [Fact]
    public Task A_voucher_of_another_class_is_offered_there_with_one_key_and_the_picker_stays() => stage.PlayAsync(async (page, hands) =>
    {
        stage.Agent.Reading = AgentAnswers.Reading(AgentAnswers.Cooking);
        // The scanner's own Enter is no answer; a person's is, once the scanner cannot be meant any more.
        await hands.ScanVoucherKeyByKeyAsync();
        await Expect(page.GetByTestId("offer-take")).ToBeFocusedAsync();
        await page.WaitForTimeoutAsync(LateEnterMs);
        Assert.Empty(stage.Agent.Posted);
        await hands.PressAsync("Enter");
        await Expect(hands.Verdict).ToBeVisibleAsync();
        Assert.Equal(2, (int)Assert.Single(stage.Agent.Posted).Body!["classId"]!);
        await Expect(page.GetByTestId("class-picker")).ToHaveValueAsync("1");
    });

    [Fact]
    public Task A_voucher_that_fits_is_asked_nothing() => stage.PlayAsync(async (page, hands) =>
    {
        stage.Agent.Reading = AgentAnswers.Reading(AgentAnswers.Welding);
        await hands.ScanVoucherAsync();
        await Expect(hands.Verdict).ToBeVisibleAsync();
        await Expect(page.GetByTestId("offer")).ToBeHiddenAsync();
    });

    [Fact]
    public Task A_typed_short_code_works_from_a_panel_that_is_open() => stage.PlayAsync(async (_, hands) =>
    {
        await hands.OpenAsync("F8", "offline");
        await hands.TypeShortCodeAsync();
        await Expect(hands.Verdict).ToBeVisibleAsync();
        Assert.Equal("/local/scan", Assert.Single(stage.Agent.Posted).Path);
    });

    [Fact]
    public Task Practice_sends_nothing_and_ends_by_itself() => stage.PlayAsync(async (page, hands) =>
    {
        await page.Clock.InstallAsync();
        await page.ReloadAsync();
        await hands.ExpectReadyAsync();
        await hands.PressAsync("F9");
        await hands.ScanVoucherAsync();
        await Expect(page.GetByTestId("verdict-title")).ToContainTextAsync("练习");
        Assert.Equal("/local/practice", Assert.Single(stage.Agent.Posted).Path);
        await page.Clock.FastForwardAsync("14:00");
        await Expect(page.GetByTestId("practice")).ToBeVisibleAsync();
        await page.Clock.FastForwardAsync("01:10");
        await Expect(page.GetByTestId("practice")).ToBeHiddenAsync();
        await hands.ScanVoucherAsync();
        await Expect(page.GetByTestId("verdict-title")).Not.ToContainTextAsync("练习");
        Assert.Equal("/local/scan", stage.Agent.Posted.Last().Path);
    });

    [Fact]
    public Task The_bar_says_offline_what_waits_since_when_and_how_old_the_lists_are() => stage.PlayAsync(async (page, hands) =>
    {
        await Expect(page.GetByTestId("waiting-count")).ToHaveTextAsync("0");
        stage.Agent.Tell(AgentAnswers.GoOffline);
        await Expect(page.GetByTestId("link-state")).ToHaveAttributeAsync("data-online", "false");
        await Expect(page.GetByTestId("waiting-count")).ToHaveTextAsync("31");
        await Expect(page.Locator("#waiting-since")).ToContainTextAsync("自");
        await Expect(page.GetByTestId("lists-at")).Not.ToBeEmptyAsync();
        await Expect(page.GetByTestId("warnings")).ToContainTextAsync("最多再办 4 个");
        await hands.OpenAsync("F8", "offline");
        await Expect(page.GetByTestId("offline-facts")).ToContainTextAsync("26 个，最多 30 个");
        // The verdict covers the desk, never the bar.
        await hands.ScanAsync(AgentAnswers.Verdicts["provisional"]);
        await Expect(page.GetByTestId("link-state")).ToBeInViewportAsync();
        Assert.True(await page.GetByTestId("link-state").EvaluateAsync<bool>(
            "pill => { const box = pill.getBoundingClientRect(); return pill.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)); }"));
    });

    [Fact]
    public async Task Lists_from_a_USB_stick_are_taken_and_a_refused_file_says_why()
    {
        await stage.PlayAsync(async (page, hands) =>
        {
            await hands.OpenAsync("F8", "offline");
            await page.GetByTestId("lists-file").SetInputFilesAsync(File("lists.vlist", 2000));
            await Expect(page.GetByTestId("lists-said")).ToContainTextAsync("已载入第 119 号名单");
            await page.GetByTestId("lists-file").SetInputFilesAsync(File("film.mp4", (4 * 1024 * 1024) + 1));
            await Expect(page.GetByTestId("lists-said")).ToContainTextAsync("超过 4 MB");
            Assert.Equal(2000, (long)Assert.Single(stage.Agent.Posted).Body!);
        });
    }

    [Fact]
    public Task The_light_of_the_room_is_kept_over_a_reload() => stage.PlayAsync(async (page, hands) =>
    {
        await hands.OpenAsync("F10", "settings");
        await page.GetByTestId("theme-dark").ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await page.ReloadAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await hands.OpenAsync("F10", "settings");
        await page.GetByTestId("theme-auto").ClickAsync();
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "bright");
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
    });

    [Fact]
    public Task A_late_refusal_is_told_over_an_open_panel_and_holds_nobody_up() => stage.PlayAsync(async (page, hands) =>
    {
        await hands.OpenAsync("F6", "roster");
        stage.Agent.TellLate((JsonObject)stage.Agent.Recent[2]!.DeepClone());
        await Expect(page.Locator(".notice.is-refused")).ToContainTextAsync("此券已用完");
        await page.Locator("#language").ClickAsync();
        await Expect(page.Locator(".notice.is-refused")).ToContainTextAsync("This voucher has been used");
        await page.Locator(".notice button").ClickAsync();
        await Expect(page.Locator(".notice")).ToHaveCountAsync(0);
        await Expect(hands.Panel("roster")).ToBeVisibleAsync();
    });

    private static async Task StayInsideAsync(IPage page, string panel)
    {
        var unreached = await ScreenMeasures.UnreachedAsync(page);
        // Round inside the panel: the bar above it is reached with its own keys.
        Assert.DoesNotContain(unreached, fault => fault.StartsWith("focus", StringComparison.Ordinal));
        Assert.Equal(0, await page.EvaluateAsync<int>("panel => [...window.unreached].filter(one => one.closest(panel)).length", panel));
        Assert.True(await page.EvaluateAsync<bool>("panel => document.activeElement.closest(panel) !== null", panel));
    }

    private static FilePayload File(string name, int bytes) => new() { Name = name, MimeType = "application/octet-stream", Buffer = new byte[bytes] };
}
