using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Voucher.Core.Wire;
using Voucher.Server.Terminals;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.Terminals;

public sealed class ProtocolTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private static readonly string TooOld = (Protocol.OldestAccepted - 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
    private readonly ScanScene _scene = new(server);

    [Theory]
    [InlineData(null, 1)]
    [InlineData("", 1)]
    [InlineData("abc", 1)]
    [InlineData("-3", 1)]
    [InlineData("99999999999", 1)]
    [InlineData("0", 0)]
    [InlineData("2", 2)]
    [InlineData("7", 7)]
    public void A_terminal_that_does_not_say_counts_as_the_first(string? said, int number) => Assert.Equal(number, Protocol.Read(said));

    [Fact]
    public async Task The_log_in_tells_what_the_server_speaks_and_an_old_terminal_is_let_in_and_shown_as_old()
    {
        using var terminal = await _scene.PairAsync();
        using var answer = await LogInAsync(terminal, protocol: null);
        var login = (await answer.Content.ReadFromJsonAsync<TerminalLoginAnswer>())!;
        Assert.NotNull(login.AccessToken);
        Assert.Equal((Protocol.Current, Protocol.OldestAccepted), (login.Protocol, login.OldestProtocol));
        Assert.Contains(await TroublesAsync(terminal), trouble => trouble.Kind == TroubleKind.ProgramOld);
        using var updated = await LogInAsync(terminal, Protocol.Current.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.DoesNotContain(await TroublesAsync(terminal), trouble => trouble.Kind == TroubleKind.ProgramOld);
    }

    [Fact]
    public async Task One_that_is_too_old_is_told_so_and_gets_no_token()
    {
        using var terminal = await _scene.PairAsync();
        using var answer = await LogInAsync(terminal, TooOld);
        Assert.Equal(HttpStatusCode.UpgradeRequired, answer.StatusCode);
        Assert.Equal($"Voucher/{Protocol.Current}", answer.Headers.Upgrade.ToString());
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("urn:voucher:protocol", problem.GetProperty("type").GetString());
        Assert.Equal((Protocol.Current, Protocol.OldestAccepted), (problem.GetProperty("protocol").GetInt32(), problem.GetProperty("oldestProtocol").GetInt32()));
        Assert.Contains(await TroublesAsync(terminal), trouble => trouble.Kind == TroubleKind.TooOld);
    }

    [Fact]
    public async Task One_that_is_too_old_and_revoked_hears_that_it_is_revoked()
    {
        using var terminal = await _scene.PairAsync();
        using var clerk = await server.LogInAsync("clerk");
        using var revoked = await clerk.PostAsync($"/api/terminals/{terminal.Id}/revoke", null);
        using var answer = await LogInAsync(terminal, TooOld);
        var login = (await answer.Content.ReadFromJsonAsync<TerminalLoginAnswer>())!;
        Assert.Equal((TerminalStatus.Revoked, null), (login.Status, login.AccessToken));
    }

    [Fact]
    public async Task A_stranger_is_not_told_of_protocols()
    {
        using var terminal = await _scene.PairAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var answer = await LogInAsync(terminal, TooOld, key);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("0", false)]
    [InlineData("1", true)]
    [InlineData("2", true)]
    public async Task The_hub_is_closed_to_one_that_is_too_old(string protocol, bool isLetIn)
    {
        using var terminal = await _scene.PairAsync();
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", terminal.Client.DefaultRequestHeaders.Authorization!.ToString());
        var address = new UriBuilder(server.Address) { Scheme = "ws", Path = HubNames.TerminalHubPath, Query = $"{Protocol.Query}={protocol}" };
        await socket.ConnectAsync(address.Uri, default);
        await socket.SendAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"json\",\"version\":1}\u001e"), WebSocketMessageType.Text, true, default);
        Assert.Equal(isLetIn, await HearsAPingAsync(socket));
    }

    /// <summary>After the greeting; one that is not let in is hung up on instead.</summary>
    private static async Task<bool> HearsAPingAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            while (true)
            {
                var part = await socket.ReceiveAsync(buffer, patience.Token);
                if (part.MessageType == WebSocketMessageType.Close) return false;
                var text = Encoding.UTF8.GetString(buffer, 0, part.Count);
                if (text.Contains("\"type\":7", StringComparison.Ordinal)) return false;
                if (text.Contains("\"type\":6", StringComparison.Ordinal)) return true;
            }
        }
        catch (WebSocketException)
        {
            return false;
        }
    }

    private async Task<IReadOnlyList<FleetTrouble>> TroublesAsync(TestTerminal terminal)
    {
        var now = server.Clock.GetUtcNow();
        return FleetTrouble.Of((await server.Get<FleetStore>().FindAsync(terminal.Id, now))!, now);
    }

    private async Task<HttpResponseMessage> LogInAsync(TestTerminal terminal, string? protocol, ECDsa? key = null)
    {
        var at = server.Clock.GetUtcNow();
        var signature = (key ?? terminal.Key).SignData(
            Encoding.ASCII.GetBytes(TerminalLogin.SignedText(terminal.Id.Value, at)), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/terminals/login")
        {
            Content = JsonContent.Create(new TerminalLogin(terminal.Id.Value, at, signature)),
        };
        if (protocol is not null) request.Headers.Add(Protocol.Header, protocol);
        return await terminal.Client.SendAsync(request);
    }
}
