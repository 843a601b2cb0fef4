using Voucher.Core.Wire;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Terminals;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.Terminals;

public sealed class KeyListWatchTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task A_terminal_on_the_line_is_told_of_a_key_list_that_another_process_has_published()
    {
        using var terminal = await new ScanScene(server).PairAsync();
        using var line = await HubSocket.OpenAsync(server.Address, HubNames.TerminalHubPath, options =>
            options.SetRequestHeader("Authorization", terminal.Client.DefaultRequestHeaders.Authorization!.ToString()));
        await server.Get<KeyListWatch>().LookAsync();

        await using var other = await server.StartAnotherAsync();
        await ((IssuingKeys)other.Services.GetService(typeof(IssuingKeys))!).RotateAsync();
        server.Clock.Advance(IssuingKeys.KeepRing);
        await server.Get<KeyListWatch>().LookAsync();

        while ((await line.ReadAsync()).GetProperty("target").GetString() != HubNames.SetupChanged) { }
        Assert.Equal(2, (await server.Get<IssuingKeys>().RingAsync()).Version);
        await other.StopAsync(CancellationToken.None);
    }
}
