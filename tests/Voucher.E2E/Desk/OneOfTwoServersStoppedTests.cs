using Voucher.E2E.County;
using Voucher.E2E.Keyboards;

namespace Voucher.E2E.Desk;

/// <summary>The desk knows one address; behind it a plain proxy hands connections to two servers in turn.</summary>
[Collection(nameof(CountyAtWork))]
public sealed class OneOfTwoServersStoppedTests(CountyAtWork county) : IAsyncDisposable
{
    private const string Hub = "/hub/terminal";

    public async ValueTask DisposeAsync() => await county.Programs.StartWhatStoodStillAsync();

    [Fact]
    public Task The_desk_goes_on_when_the_server_it_talks_to_is_stopped_and_another_stands_beside_it() => Scene.PlayAsync(county, "one-of-two-stopped", async scene =>
    {
        var (before, after) = (await county.TakeEnrolledVoucherAsync(), await county.TakeEnrolledVoucherAsync());
        var (desk, kiosk) = await scene.OpenDeskAsync();
        await kiosk.ChooseAsync("check-in");
        var scanner = await KeyboardScanner.PlugInAsync(desk);
        await county.Programs.StopServerAsync();
        await kiosk.ExpectOnlineAsync(false);

        var first = await county.Programs.StartFurtherServerAsync();
        await using var firstEnd = first.Program;
        var second = await county.Programs.StartFurtherServerAsync();
        await using var secondEnd = second.Program;
        await using (var proxy = await RoundRobinProxy.StartAsync([first.Address, second.Address], county.Programs.Portal.Port))
        {
            await kiosk.ExpectOnlineAsync(true);
            await scanner.ScanAsync(before.Digits);
            await kiosk.ExpectVerdictAsync("accepted");
            await kiosk.WaitForReadyAsync();

            var talkedTo = proxy.Passed.Last(passed => passed.Path == Hub).Server;
            await (talkedTo == first.Address ? first : second).Program.StopAsync();
            await scanner.ScanAsync(after.Digits);
            await kiosk.ExpectNothingWaitsAsync();
            await kiosk.ExpectOnlineAsync(true);
            await CountyApi.UntilAsync(() => Task.FromResult(proxy.Passed.Last(passed => passed.Path == Hub).Server), server => server != talkedTo);
            // Nothing waits and the desk is online also before the keyboard's reader has handed the scan over: only the books tell.
            await CountyApi.UntilAsync(async () => string.Join(' ', await county.HistoryAsync(after)), kinds => kinds.Contains("CheckedIn", StringComparison.Ordinal));
            foreach (var voucher in new[] { before, after })
                Assert.Single(await county.HistoryAsync(voucher), kind => kind == "CheckedIn");
        }
    });
}
