using Voucher.E2E.County;
using Voucher.E2E.Keyboards;
using static Microsoft.Playwright.Assertions;

namespace Voucher.E2E.Desk;

/// <summary>The program on the desk's PC hangs or ends in the middle of a scan: nobody knows what came of it, and it is one scan all the same.</summary>
[Collection(nameof(CountyAtWork))]
public sealed class LostProgramTests(CountyAtWork county) : IAsyncDisposable
{
    private const string AskedAgain = "正在再问本机程序";
    private const float LongestMs = 60_000;

    public async ValueTask DisposeAsync() => await county.Programs.StartWhatStoodStillAsync();

    [Fact]
    public Task A_scan_taken_by_a_program_that_hangs_is_asked_again_and_recorded_once() => Scene.PlayAsync(county, "program-hangs", async scene =>
    {
        var voucher = await county.TakeEnrolledVoucherAsync();
        var (desk, kiosk) = await scene.OpenDeskAsync();
        await kiosk.ChooseAsync("check-in");
        var scanner = await KeyboardScanner.PlugInAsync(desk);
        // With another class to choose from, the code is read first: the scan itself must be what hangs.
        await desk.RouteAsync("**/local/scan", async route =>
        {
            await county.Programs.FreezeTerminalAsync();
            await route.ContinueAsync();
        }, new() { Times = 1 });
        await scanner.ScanAsync(voucher.Digits);
        await Expect(desk.GetByTestId("verdict-title")).ToHaveTextAsync(AskedAgain, new() { Timeout = LongestMs });
        await scene.Album.TakeAsync(desk, "asked-again");
        await county.Programs.ThawTerminalAsync();
        await Expect(desk.GetByTestId("verdict-title")).Not.ToHaveTextAsync(AskedAgain, new() { Timeout = LongestMs });
        scene.ForgetComplaints();
        await ExpectCheckedInOnceAsync(kiosk, voucher);
    });

    [Fact]
    public Task A_scan_during_which_the_program_was_killed_is_taken_by_the_next_one() => Scene.PlayAsync(county, "program-killed", async scene =>
    {
        var voucher = await county.TakeEnrolledVoucherAsync();
        var (desk, kiosk) = await scene.OpenDeskAsync();
        await kiosk.ChooseAsync("check-in");
        var scanner = await KeyboardScanner.PlugInAsync(desk);
        await desk.RouteAsync("**/local/scan", async route =>
        {
            await county.Programs.KillTerminalAsync();
            await route.ContinueAsync();
        }, new() { Times = 1 });
        await scanner.ScanAsync(voucher.Digits);
        await Expect(desk.GetByTestId("verdict-title")).ToHaveTextAsync(AskedAgain, new() { Timeout = LongestMs });
        await county.Programs.StartTerminalAsync();
        await Expect(desk.GetByTestId("verdict-title")).Not.ToHaveTextAsync(AskedAgain, new() { Timeout = LongestMs });
        scene.ForgetComplaints();
        await ExpectCheckedInOnceAsync(kiosk, voucher);
    });

    private async Task ExpectCheckedInOnceAsync(Pages.KioskPage kiosk, PaperVoucher voucher)
    {
        await kiosk.ExpectNothingWaitsAsync();
        await kiosk.ExpectOnlineAsync(true);
        await CountyApi.UntilAsync(async () => string.Join(' ', await county.HistoryAsync(voucher)), kinds => kinds.Contains("CheckedIn", StringComparison.Ordinal));
        Assert.Single(await county.HistoryAsync(voucher), kind => kind == "CheckedIn");
    }
}
