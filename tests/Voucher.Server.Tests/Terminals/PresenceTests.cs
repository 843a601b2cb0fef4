using Voucher.Core.Wire;
using Voucher.Server.Operating;
using Voucher.Server.Terminals;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.Terminals;

public sealed class PresenceTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly ScanScene _scene = new(server);

    [Fact]
    public async Task One_that_holds_a_line_is_online_on_every_servers_page_until_it_hangs_up()
    {
        using var terminal = await _scene.PairAsync();
        await server.Get<Pulse>().BeatAsync(default);
        var line = await HubSocket.OpenAsync(server.Address, HubNames.TerminalHubPath, options =>
            options.SetRequestHeader("Authorization", terminal.Client.DefaultRequestHeaders.Authorization!.ToString()));
        await UntilAsync(terminal, isOnline: true);
        await server.Get<FleetUpkeep>().RunOnceAsync();
        Assert.True((await RowAsync(terminal)).IsOnline);
        line.Dispose();
        await UntilAsync(terminal, isOnline: false);
    }

    private async Task<FleetRow> RowAsync(TestTerminal terminal) => (await server.Get<FleetStore>().FindAsync(terminal.Id, server.Clock.GetUtcNow()))!;

    private async Task UntilAsync(TestTerminal terminal, bool isOnline)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await RowAsync(terminal)).IsOnline != isOnline) await Task.Delay(50, patience.Token);
    }
}
