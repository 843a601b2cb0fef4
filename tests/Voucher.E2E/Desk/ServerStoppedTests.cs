using Voucher.E2E.County;
using Voucher.E2E.Keyboards;
using static Microsoft.Playwright.Assertions;

namespace Voucher.E2E.Desk;

/// <summary>The desk goes on while the county's server is away, and even when its own PC fails meanwhile.</summary>
[Collection(nameof(CountyAtWork))]
public sealed class ServerStoppedTests(CountyAtWork county) : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await county.Programs.StartWhatStoodStillAsync();

    [Fact]
    public Task A_scan_made_while_the_server_is_stopped_waits_and_is_accepted_once() => Scene.PlayAsync(county, "server-stopped", async scene =>
    {
        var voucher = await county.TakeEnrolledVoucherAsync();
        var (desk, kiosk) = await scene.OpenDeskAsync();
        await kiosk.ChooseAsync("check-in");
        var scanner = await KeyboardScanner.PlugInAsync(desk);

        await county.Programs.StopServerAsync();
        await kiosk.ExpectOnlineAsync(false);
        await scene.Album.TakeAsync(desk, "offline");
        await scanner.ScanAsync(voucher.Digits);
        await kiosk.ExpectVerdictAsync("provisional");
        await kiosk.ExpectWaitingAsync(1);
        await scene.Album.TakeAsync(desk, "saved");
        await kiosk.WaitForReadyAsync();

        await county.Programs.StartServerAsync();
        await kiosk.ExpectNothingWaitsAsync();
        await kiosk.ExpectOnlineAsync(true);
        await Expect(kiosk.Notices.And(desk.Locator(".is-accepted"))).ToBeVisibleAsync();
        await scene.Album.TakeAsync(desk, "confirmed");

        Assert.Single(await county.HistoryAsync(voucher), kind => kind == "CheckedIn");
        await ExpectBooksBalanceAsync();
    });

    [Fact]
    public Task Scans_that_wait_outlive_a_power_cut_of_the_terminal() => Scene.PlayAsync(county, "terminal-killed", async scene =>
    {
        var (before, after) = (await county.TakeEnrolledVoucherAsync(), await county.TakeEnrolledVoucherAsync());
        var (desk, kiosk) = await scene.OpenDeskAsync();
        await kiosk.ChooseAsync("check-in");
        var scanner = await KeyboardScanner.PlugInAsync(desk);

        await county.Programs.KillServerAsync();
        await kiosk.ExpectOnlineAsync(false);
        await scanner.ScanAsync(before.Digits);
        await kiosk.ExpectVerdictAsync("provisional");
        await county.Programs.KillTerminalAsync();
        await kiosk.ExpectLinkAsync("本机程序没有运行");
        await scene.Album.TakeAsync(desk, "terminal-gone");

        await county.Programs.StartTerminalAsync();
        await kiosk.ExpectLinkAsync("离线");
        await kiosk.ExpectWaitingAsync(1);
        await kiosk.WaitForReadyAsync();
        scene.ForgetComplaints();
        await scanner.ScanAsync(after.Digits);
        await kiosk.ExpectVerdictAsync("provisional");
        await kiosk.ExpectWaitingAsync(2);
        await scene.Album.TakeAsync(desk, "terminal-back");

        await county.Programs.StartServerAsync();
        await kiosk.ExpectNothingWaitsAsync();
        await kiosk.ExpectOnlineAsync(true);
        foreach (var voucher in new[] { before, after })
            Assert.Single(await county.HistoryAsync(voucher), kind => kind == "CheckedIn");
        await ExpectBooksBalanceAsync();
    });

    private async Task ExpectBooksBalanceAsync() =>
        Assert.Empty((await county.Api.GetAsync("auditor", "/api/invariants")).GetProperty("violations").EnumerateArray());
}
