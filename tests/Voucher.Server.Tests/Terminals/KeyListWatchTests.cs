using System.Net.WebSockets;
using System.Text;
using Voucher.Core.Wire;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Terminals;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.Terminals;

public sealed class KeyListWatchTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_terminal_on_the_line_is_told_of_a_key_list_that_another_process_has_published()
    {
        using var patience = new CancellationTokenSource(Patience);
        using var terminal = await new ScanScene(server).PairAsync();
        using var line = await OpenLineAsync(terminal, patience.Token);
        await server.Get<KeyListWatch>().LookAsync();

        await using var other = await server.StartAnotherAsync();
        await ((IssuingKeys)other.Services.GetService(typeof(IssuingKeys))!).RotateAsync();
        server.Clock.Advance(IssuingKeys.KeepRing);
        await server.Get<KeyListWatch>().LookAsync();

        while (!(await HearAsync(line, patience.Token)).Contains(HubNames.SetupChanged, StringComparison.Ordinal)) { }
        Assert.Equal(2, (await server.Get<IssuingKeys>().RingAsync()).Version);
        await other.StopAsync(patience.Token);
    }

    /// <summary>The hub over a bare WebSocket, past the handshake.</summary>
    private async Task<ClientWebSocket> OpenLineAsync(TestTerminal terminal, CancellationToken stop)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", terminal.Client.DefaultRequestHeaders.Authorization!.ToString());
        await socket.ConnectAsync(new UriBuilder(server.Address) { Scheme = "ws", Path = HubNames.TerminalHubPath }.Uri, stop);
        await socket.SendAsync(Encoding.UTF8.GetBytes("""{"protocol":"json","version":1}""" + '\u001e'), WebSocketMessageType.Text, endOfMessage: true, stop);
        await HearAsync(socket, stop);
        return socket;
    }

    private static async Task<string> HearAsync(ClientWebSocket socket, CancellationToken stop)
    {
        var buffer = new byte[4096];
        var heard = await socket.ReceiveAsync(buffer, stop);
        return Encoding.UTF8.GetString(buffer, 0, heard.Count);
    }
}
