using System.Text.RegularExpressions;
using Voucher.E2E.Browsers;
using Voucher.E2E.Camera;
using Voucher.E2E.County;
using Voucher.E2E.Keyboards;
using Voucher.E2E.Pages;
using static Microsoft.Playwright.Assertions;

namespace Voucher.E2E.Desk;

/// <summary>Vouchers are held to the camera while the line between the desk and the county is cut, dead or healed.</summary>
[Collection(nameof(CountyAtWork))]
public sealed partial class CutNetworkTests(CountyAtWork county, CabledTerminal terminal) : IClassFixture<CabledTerminal>, IAsyncDisposable
{
    /// <summary>A line that has died without a word is noticed within this.</summary>
    private static readonly TimeSpan DeadLineNoticed = TimeSpan.FromSeconds(10);

    /// <summary>A machine that did not let the terminal run for a second or two may make it late; one that is late every time is late.</summary>
    private const int MostDeadLines = 3;

    /// <summary>The terminal comes back within ten seconds, and is merged and told soon after.</summary>
    private const float ToldOfCaseMs = 60_000;

    private const int HolderDiffers = 402;
    private const int OnlineOnly = 208;

    private static readonly string[] Journey = ["Issued", "HandedOver", "Enrolled", "CheckedIn"];

    public async ValueTask DisposeAsync() => await terminal.HealAsync();

    [Fact]
    public Task Enrolment_and_check_in_by_camera_while_the_network_is_cut_are_confirmed_once_when_it_is_healed() => Scene.PlayAsync(county, "cut-network", async scene =>
    {
        var voucher = county.TakeVoucher();
        using var desk = await SitDownAsync(scene, voucher);
        await desk.Kiosk.ChooseAsync("enrol");

        // The cut comes in the middle: the voucher has been read, the card has not.
        desk.HoldUp();
        await Expect(desk.Kiosk.Identity).ToBeVisibleAsync();
        terminal.Cable.Cut();
        await desk.Kiosk.ConfirmIdentityAsync(voucher.Holder.IdNumber);
        await desk.Kiosk.ExpectVerdictAsync("provisional");
        await scene.Album.TakeAsync(desk.Page, "provisional-chinese");
        await Expect(desk.Title).ToHaveTextAsync("报到已记下");
        await desk.Kiosk.ExpectOnlineAsync(false);
        await desk.Kiosk.ExpectLinkAsync("离线");
        await desk.Kiosk.ExpectWaitingAsync(1);
        await desk.PutAwayAsync();

        await desk.Kiosk.SwitchLanguageAsync();
        await desk.Kiosk.ChooseAsync("check-in");
        desk.HoldUp();
        await desk.Kiosk.ExpectVerdictAsync("provisional");
        await scene.Album.TakeAsync(desk.Page, "provisional-english");
        await Expect(desk.Title).ToHaveTextAsync("Check-in noted");
        await desk.Kiosk.ExpectLinkAsync("Offline since");
        await desk.Kiosk.ExpectWaitingAsync(2);
        await desk.PutAwayAsync();
        Assert.DoesNotContain("Enrolled", await county.HistoryAsync(voucher));

        terminal.Cable.Heal();
        await Expect(desk.Kiosk.Notices.And(desk.Page.Locator(".is-accepted"))).ToHaveCountAsync(2, new() { Timeout = ToldOfCaseMs });
        await scene.Album.TakeAsync(desk.Page, "confirmed");
        await desk.Kiosk.ExpectNothingWaitsAsync();
        await desk.Kiosk.ExpectOnlineAsync(true);
        Assert.Equal(Journey, await county.HistoryAsync(voucher));
        await ExpectBooksBalanceAsync();
    });

    [Fact]
    public Task A_line_that_dies_without_a_word_is_noticed_within_ten_seconds_and_the_next_scan_is_provisional() => Scene.PlayAsync(county, "dead-line", async scene =>
    {
        var voucher = await county.TakeEnrolledVoucherAsync();
        using var desk = await SitDownAsync(scene, voucher);
        await desk.Kiosk.ChooseAsync("check-in");

        Assert.Contains(await KillLineUntilNoticedInTimeAsync(desk.Kiosk), took => took <= DeadLineNoticed);
        await desk.Kiosk.ExpectLinkAsync("离线");
        await scene.Album.TakeAsync(desk.Page, "noticed");
        desk.HoldUp();
        await desk.Kiosk.ExpectVerdictAsync("provisional");
        await scene.Album.TakeAsync(desk.Page, "provisional");
        await desk.Kiosk.ExpectWaitingAsync(1);
        await desk.PutAwayAsync();

        terminal.Cable.Heal();
        await desk.Kiosk.ExpectNothingWaitsAsync();
        await desk.Kiosk.ExpectOnlineAsync(true);
        Assert.Equal(Journey, await county.HistoryAsync(voucher));
        await ExpectBooksBalanceAsync();
    });

    [Fact]
    public Task Completion_is_refused_while_the_network_is_cut_and_nothing_of_it_waits() => Scene.PlayAsync(county, "completion-offline", async scene =>
    {
        var voucher = await county.TakeEnrolledVoucherAsync();
        using var desk = await SitDownAsync(scene, voucher);
        await desk.Kiosk.ChooseAsync("complete");
        terminal.Cable.Cut();
        await desk.Kiosk.ExpectOnlineAsync(false);

        desk.HoldUp();
        await desk.Kiosk.ExpectVerdictAsync("refused", OnlineOnly);
        await TakeInBothLanguagesAsync(scene, desk, "refused");
        await desk.PutAwayAsync();
        await desk.Kiosk.ExpectNothingWaitsAsync();

        terminal.Cable.Heal();
        await desk.Kiosk.ExpectOnlineAsync(true);
        Assert.DoesNotContain("Completed", await county.HistoryAsync(voucher));
        await ExpectBooksBalanceAsync();
    });

    [Fact]
    public Task The_healed_network_answers_what_the_camera_reads_at_once_and_in_both_languages() => Scene.PlayAsync(county, "healed-network", async scene =>
    {
        var voucher = county.TakeVoucher();
        using var desk = await SitDownAsync(scene, voucher);
        terminal.Cable.Cut();
        await desk.Kiosk.ExpectOnlineAsync(false);
        terminal.Cable.Heal();
        await desk.Kiosk.ExpectOnlineAsync(true);

        await desk.Kiosk.ChooseAsync("enrol");
        desk.HoldUp();
        await desk.Kiosk.ConfirmIdentityAsync(county.SomebodyElse.IdNumber);
        await desk.Kiosk.ExpectVerdictAsync("refused", HolderDiffers);
        await TakeInBothLanguagesAsync(scene, desk, "refused");
        await desk.PutAwayAsync();

        desk.HoldUp();
        await desk.Kiosk.ConfirmIdentityAsync(voucher.Holder.IdNumber);
        await desk.Kiosk.ExpectVerdictAsync("accepted");
        await scene.Album.TakeAsync(desk.Page, "accepted-chinese");
        await desk.PutAwayAsync();

        await desk.Kiosk.SwitchLanguageAsync();
        await desk.Kiosk.ChooseAsync("check-in");
        desk.HoldUp();
        await desk.Kiosk.ExpectVerdictAsync("accepted");
        await scene.Album.TakeAsync(desk.Page, "accepted-english");
        Assert.Equal(Journey, await county.HistoryAsync(voucher));
    });

    [Fact]
    public async Task Two_desks_that_enrolled_one_voucher_while_the_network_was_cut_show_one_case_number_when_it_is_healed()
    {
        await using var elsewhere = await OtherPlace.OpenAsync(county);
        await Scene.PlayAsync(county, "one-case", scene => ContestAsync(scene, elsewhere));
    }

    /// <summary>How long the terminal took each time, by its own clock: the page hears of it later. The line is dead at the end.</summary>
    private async Task<IReadOnlyList<TimeSpan>> KillLineUntilNoticedInTimeAsync(KioskPage kiosk)
    {
        var took = new List<TimeSpan>();
        do
        {
            if (took.Count > 0) await terminal.HealAsync();
            await kiosk.ExpectOnlineAsync(true);
            var died = TimeProvider.System.GetUtcNow();
            terminal.Cable.Freeze();
            await kiosk.ExpectOnlineAsync(false);
            var link = (await county.AskTerminalAsync("/local/state", kiosk: terminal.Kiosk)).GetProperty("link");
            took.Add(link.GetProperty("since").GetDateTimeOffset() - died);
        }
        while (took[^1] > DeadLineNoticed && took.Count < MostDeadLines);
        return took;
    }

    private async Task ContestAsync(Scene scene, OtherPlace elsewhere)
    {
        var voucher = county.TakeVoucher();
        using var here = await SitDownAsync(scene, voucher);
        var (page, there) = await scene.OpenDeskAsync(address: elsewhere.Kiosk, className: OtherPlace.ClassName);
        var scanner = await KeyboardScanner.PlugInAsync(page);
        foreach (var kiosk in new[] { here.Kiosk, there }) await kiosk.ChooseAsync("enrol");

        terminal.Cable.Cut();
        elsewhere.Cable.Cut();
        foreach (var kiosk in new[] { here.Kiosk, there }) await kiosk.ExpectOnlineAsync(false);
        here.HoldUp();
        await here.Kiosk.ConfirmIdentityAsync(voucher.Holder.IdNumber);
        await here.Kiosk.ExpectVerdictAsync("provisional");
        await here.PutAwayAsync();
        await scanner.ScanAsync(voucher.Digits);
        await there.ConfirmIdentityAsync(voucher.Holder.IdNumber);
        await there.ExpectVerdictAsync("provisional");
        await there.WaitForReadyAsync();

        // One of them is back first, and is told that all is well.
        terminal.Cable.Heal();
        await Expect(here.Kiosk.Notices.And(here.Page.Locator(".is-accepted"))).ToBeVisibleAsync(new() { Timeout = ToldOfCaseMs });
        await here.Kiosk.ExpectNothingWaitsAsync();
        elsewhere.Cable.Heal();
        var number = await CaseOnAsync(here.Page, here.Kiosk);
        Assert.Equal(number, await CaseOnAsync(page, there));
        await there.ExpectNothingWaitsAsync();
        await TakeOfBothAsync(scene, here.Page, page, "chinese");
        foreach (var kiosk in new[] { here.Kiosk, there }) await kiosk.SwitchLanguageAsync();
        await TakeOfBothAsync(scene, here.Page, page, "english");

        var found = Assert.Single((await county.Api.GetAsync("reviewer", "/api/conflicts?open=true")).EnumerateArray(), one => one.GetProperty("caseNumber").GetString() == number);
        Assert.Equal((voucher.Number, 2), (found.GetProperty("voucherNumber").GetString()!.Replace(" ", "", StringComparison.Ordinal), found.GetProperty("claims").GetArrayLength()));
        Assert.Equal("Contested", (await county.HistoryAsync(voucher))[^1]);
        await ExpectBooksBalanceAsync();
    }

    /// <summary>The number of the case that the desk is told of, which stays until somebody has seen it.</summary>
    private static async Task<string> CaseOnAsync(IPage page, KioskPage kiosk)
    {
        var held = kiosk.Notices.And(page.Locator(".is-held"));
        await Expect(held).ToContainTextAsync(CaseNumber(), new() { Timeout = ToldOfCaseMs });
        return CaseNumber().Match(await held.InnerTextAsync()).Value;
    }

    private static async Task TakeOfBothAsync(Scene scene, IPage here, IPage there, string language)
    {
        await scene.Album.TakeAsync(here, $"case-here-{language}");
        await scene.Album.TakeAsync(there, $"case-there-{language}");
    }

    [GeneratedRegex("ZY[0-9]{6}", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex CaseNumber();

    /// <summary>A desk behind the cable, with the voucher on its holder's phone at hand.</summary>
    private async Task<CameraDesk> SitDownAsync(Scene scene, PaperVoucher voucher)
    {
        var path = (await county.Api.GetAsync("clerk", $"/api/vouchers/{voucher.Number}")).GetProperty("phonePath").GetString()!;
        var phone = await scene.ArriveAsync(Visitor.Phone);
        await phone.GotoAsync(path);
        await Expect(phone.GetByTestId("phone-qr")).ToBeInViewportAsync(new() { Ratio = 1 });
        var photographs = new PhotoDesk(await county.OfficeAsync());
        var picture = await photographs.OfAsync(
            await phone.ScreenshotAsync(), new Clip { Width = Visitor.Phone.Width, Height = Visitor.Phone.Height }, degrees: 4);
        var camera = new FakeCamera(county.Programs.Folder, await photographs.EmptyAsync());
        var (page, kiosk) = await scene.OpenDeskAsync(await county.Browsers.KioskAsync(camera), terminal.Kiosk);
        await kiosk.ExpectCameraAsync();
        return new CameraDesk(page, kiosk, camera, picture);
    }

    /// <summary>The verdict that stands on the screen; afterwards it is Chinese again.</summary>
    private static async Task TakeInBothLanguagesAsync(Scene scene, CameraDesk desk, string name)
    {
        await scene.Album.TakeAsync(desk.Page, $"{name}-chinese");
        await desk.Kiosk.SwitchLanguageAsync();
        await scene.Album.TakeAsync(desk.Page, $"{name}-english");
        await desk.Kiosk.SwitchLanguageAsync();
    }

    private async Task ExpectBooksBalanceAsync() =>
        Assert.Empty((await county.Api.GetAsync("auditor", "/api/invariants")).GetProperty("violations").EnumerateArray());

    private sealed record CameraDesk(IPage Page, KioskPage Kiosk, FakeCamera Camera, CameraPicture Voucher) : IDisposable
    {
        public ILocator Title => Page.Locator("#verdict-title");

        public void HoldUp() => Camera.Show(Voucher);

        /// <summary>Until the voucher counts as new when it is held up again, and the desk is ready for it.</summary>
        public async Task PutAwayAsync()
        {
            Camera.TakeAway();
            await Kiosk.PutVerdictAwayAsync();
            await Kiosk.ExpectNothingInViewAsync();
        }

        public void Dispose() => Camera.Dispose();
    }
}
