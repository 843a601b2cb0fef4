using static Microsoft.Playwright.Assertions;

namespace Voucher.E2E.Screen;

/// <summary>The program took the scan and its answer never reached the page: what the desk is told is true all the time.</summary>
public sealed class LostAnswerTests(ScreenStage stage) : IClassFixture<ScreenStage>
{
    private const int ForEver = 1000;
    private const float BetweenScansMs = 600;

    /// <summary>In the middle between the second scan's coming out, two seconds after its last key, and the page's asking again after ten.</summary>
    private static readonly TimeSpan AnswerComesLate = TimeSpan.FromSeconds(6);

    private static string AnotherVoucher { get; } = new string('8', 200) + "14";

    private List<string> Ids => [.. stage.Agent.Posted.Select(posted => (string)posted.Body!["scanId"]!)];

    [Fact]
    public Task A_scan_whose_answer_is_lost_is_asked_again_under_its_own_id_and_its_verdict_comes() => PlayAsync(async (page, hands) =>
    {
        await ScanAndLoseTheAnswerAsync(page, hands);
        await Expect(hands.Verdict).ToContainTextAsync("还不知道这次扫码有没有保存");
        stage.Agent.AnswersLost = 0;
        await Expect(page.GetByTestId("verdict-title")).ToHaveTextAsync("签到成功");
        Assert.True(Ids.Count > 1);
        Assert.Single(Ids.Distinct());
    });

    [Fact]
    public Task While_it_is_asked_again_the_screen_stays_and_nothing_else_is_taken() => PlayAsync(async (page, hands) =>
    {
        await ScanAndLoseTheAnswerAsync(page, hands);
        await hands.Verdict.ClickAsync(new() { Position = new() { X = 20, Y = 20 } });
        await hands.PressAsync("F7");
        await hands.ScanVoucherAsync();
        await Expect(hands.Verdict).ToContainTextAsync("还不知道这次扫码有没有保存");
        await page.WaitForTimeoutAsync(BetweenScansMs);
        await page.Keyboard.PressAsync("5");
        await page.WaitForTimeoutAsync(BetweenScansMs);
        await hands.ScanVoucherAsync(AnotherVoucher);
        await Expect(hands.Verdict).ToContainTextAsync("另一张没有受理");
        stage.Agent.AnswersLost = 0;
        await Expect(page.GetByTestId("verdict-title")).ToHaveTextAsync("签到成功");
        await hands.PressAsync("Escape");
        await Expect(hands.Verdict).ToBeHiddenAsync();
        Assert.Single(Ids.Distinct());
    });

    [Fact]
    public Task A_desk_that_does_not_wait_is_told_that_nobody_knows_and_the_same_voucher_is_the_same_scan() => PlayAsync(async (page, hands) =>
    {
        await ScanAndLoseTheAnswerAsync(page, hands);
        await DoNotWaitAsync(page, hands);
        stage.Agent.AnswersLost = 0;
        await hands.ScanVoucherAsync();
        await Expect(page.GetByTestId("verdict-title")).ToHaveTextAsync("签到成功");
        Assert.Single(Ids.Distinct());
    });

    [Fact]
    public Task An_answer_that_comes_in_the_stream_of_events_is_shown_at_once() => PlayAsync(async (page, hands) =>
    {
        await ScanAndLoseTheAnswerAsync(page, hands);
        TellThatItWasRefused();
        await Expect(hands.Verdict).ToHaveAttributeAsync("data-refusal", "304");
        await Expect(page.Locator(".notice")).ToHaveCountAsync(0);
    });

    [Fact]
    public Task After_an_answer_that_came_late_the_same_voucher_is_another_scan() => PlayAsync(async (page, hands) =>
    {
        await ScanAndLoseTheAnswerAsync(page, hands);
        await DoNotWaitAsync(page, hands);
        TellThatItWasRefused();
        await Expect(page.Locator(".notice")).ToHaveCountAsync(1);
        stage.Agent.AnswersLost = 0;
        await hands.ScanVoucherAsync();
        await Expect(page.GetByTestId("verdict-title")).ToHaveTextAsync("签到成功");
        Assert.Equal(2, Ids.Distinct().Count());
    });

    [Fact]
    public Task A_voucher_that_is_shown_twice_before_the_answer_is_one_scan() => PlayAsync(async (page, hands) =>
    {
        stage.Agent.AnswersAfter = AnswerComesLate;
        await hands.ScanVoucherAsync();
        await page.WaitForTimeoutAsync(BetweenScansMs);
        await hands.ScanVoucherAsync();
        await Expect(page.GetByTestId("verdict-title")).ToHaveTextAsync("签到成功");
        await page.WaitForTimeoutAsync(2 * BetweenScansMs);
        Assert.Single(Ids);
    });

    [Fact]
    public Task A_pairing_code_is_asked_once_and_the_page_says_that_it_does_not_know() => PlayAsync(async (page, _) =>
    {
        stage.Agent.Tell(state => (state["link"]!["standing"], state["pairing"], state["setup"]) = ("unpaired", null, null));
        await page.GetByTestId("pair-server").FillAsync("https://hr.example.gov.cn");
        await page.GetByTestId("pair-code").FillAsync("482913");
        await page.GetByTestId("pair-name").FillAsync("前台1号");
        stage.Agent.PairingIsLost = true;
        await page.GetByTestId("pair-submit").ClickAsync();
        await Expect(page.Locator("#pair-code-error")).ToContainTextAsync("不知道配对成了没有");
        await Expect(page.GetByTestId("pair-submit")).ToBeEnabledAsync();
        Assert.Equal("/local/pair", Assert.Single(stage.Agent.Posted).Path);
    });

    private void TellThatItWasRefused()
    {
        var verdict = (System.Text.Json.Nodes.JsonObject)AgentAnswers.Verdicts["refused"].DeepClone();
        verdict["scanId"] = Ids[0];
        stage.Agent.TellLate(verdict);
    }

    private async Task ScanAndLoseTheAnswerAsync(IPage page, DeskHands hands)
    {
        stage.Agent.AnswersLost = ForEver;
        await hands.ScanVoucherAsync();
        await Expect(page.GetByTestId("verdict-title")).ToHaveTextAsync("正在再问本机程序");
    }

    private static async Task DoNotWaitAsync(IPage page, DeskHands hands)
    {
        await hands.PressAsync("Escape");
        await Expect(page.GetByTestId("verdict-title")).ToHaveTextAsync("还不知道有没有保存");
        await hands.PressAsync("Escape");
    }

    private Task PlayAsync(Func<IPage, DeskHands, Task> play) => stage.PlayAsync(play, mayLose: true);
}
