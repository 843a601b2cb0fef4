using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Voucher.Core.Refusals;
using Voucher.Core.Regions;
using Voucher.Core.Tokens;
using Voucher.Core.Vouchers;
using Voucher.Core.Wire;
using Voucher.Server.Operating;
using Voucher.Server.Operating.Limits;
using Voucher.Server.Terminals;
using Voucher.Server.Tests.Redeeming;
using Voucher.Testing;

namespace Voucher.Server.Tests.Operating;

/// <summary>Each kind of bad input against the real server: answered cheaply, counted by its kind, and nothing of it in the log.</summary>
public sealed class BadInputTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly ScanScene _scene = new(server);

    [Theory]
    [InlineData("/api/login", "{\"login\":\"x\",\"pass", BadInputKind.Truncated, 400)]
    [InlineData("/api/login", "", BadInputKind.Malformed, 400)]
    [InlineData("/api/login", "{]", BadInputKind.Malformed, 400)]
    [InlineData("/api/login", "{\"login\":5}", BadInputKind.WrongType, 400)]
    [InlineData("/api/terminals/login", "{\"terminalId\":1,\"at\":\"2026-01-01T00:00:00Z\",\"signature\":\"AAAA\",\"more\":1}", BadInputKind.UnknownField, 400)]
    [InlineData("/api/terminals/pair", "{\"code\":\"1\",\"name\":\"x\",\"publicKey\":\"AAAA\",\"more\":1}", BadInputKind.UnknownField, 400)]
    public async Task What_is_no_request_is_counted_by_what_is_wrong_with_it(string path, string body, BadInputKind kind, int status)
    {
        var before = Count(kind);
        using var client = new HttpClient { BaseAddress = server.Address };
        using var answer = await client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.True(Count(kind) > before);
    }

    [Fact]
    public async Task What_is_too_large_is_refused_and_counted()
    {
        var before = Count(BadInputKind.Oversized);
        using var client = new HttpClient { BaseAddress = server.Address };
        using var body = await client.PostAsJsonAsync("/api/login", new { login = new string('x', (int)ServerComposition.LargestBodyBytes) });
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, body.StatusCode);
        Assert.Equal("HTTP/1.1 431", (await SpeakAsync($"GET / HTTP/1.1\r\nHost: x\r\nX: {new string('h', ConnectionLimits.LargestHeadersBytes)}\r\n\r\n"))[..12]);
        Assert.Equal("HTTP/1.1 414", (await SpeakAsync($"GET /{new string('u', ConnectionLimits.LongestRequestLine)} HTTP/1.1\r\nHost: x\r\n\r\n"))[..12]);
        Assert.Equal("HTTP/1.1 431", (await SpeakAsync($"GET / HTTP/1.1\r\nHost: x\r\n{string.Concat(Enumerable.Range(0, ConnectionLimits.MostHeaders + 1).Select(i => $"X{i}: 1\r\n"))}\r\n"))[..12]);
        Assert.Equal(before + 4, Count(BadInputKind.Oversized));
    }

    [Fact]
    public async Task What_is_no_HTTP_is_answered_with_400_and_counted()
    {
        var before = Count(BadInputKind.Malformed);
        Assert.StartsWith("HTTP/1.1 400", await SpeakAsync("EHLO somebody\r\n\r\n"));
        Assert.Equal(before + 1, Count(BadInputKind.Malformed));
    }

    [Fact]
    public async Task A_scan_with_a_field_that_the_server_does_not_know_is_refused_by_its_name_and_may_come_again_without_it()
    {
        using var terminal = await _scene.PairAsync();
        var scan = terminal.NewScan(ScanMode.Enrol, await _scene.OpenClassAsync(), await _scene.IssueAsync());
        var wire = JsonSerializer.SerializeToNode(scan, JsonSerializerOptions.Web)!.AsObject();
        wire["newInVersion9"] = 1;
        using var refused = await terminal.Client.PostAsJsonAsync("/api/terminal/scans", (JsonNode)wire);
        Assert.Equal(["newInVersion9"], await Problem.FieldsAsync(refused));
        wire.Remove("newInVersion9");
        wire["sequence"] = "many";
        using var typed = await terminal.Client.PostAsJsonAsync("/api/terminal/scans", (JsonNode)wire);
        Assert.Equal(["sequence"], await Problem.FieldsAsync(typed));
        Assert.True((await terminal.SendAsync(scan)).Accepted);
    }

    [Fact]
    public async Task Replays_foreign_tokens_fields_beyond_bounds_and_revoked_devices_are_counted()
    {
        using var terminal = await _scene.PairAsync();
        var training = await _scene.OpenClassAsync();
        var voucher = await _scene.IssueAsync();
        var scan = terminal.NewScan(ScanMode.Enrol, training, voucher);
        await terminal.SendAsync(scan);

        await CountedAsync(BadInputKind.Replayed, 1, async () =>
        {
            using var answer = await terminal.Client.PostAsJsonAsync("/api/terminal/scans", scan with { Mode = ScanMode.CheckIn });
            Assert.Equal(RefusalCode.ScanIdReused, await Problem.RefusalAsync(answer));
        });
        await CountedAsync(BadInputKind.Replayed, 0, () => terminal.SendAsync(scan)); // The same again is honest.
        await CountedAsync(BadInputKind.BadField, 1, async () =>
        {
            using var answer = await terminal.Client.PostAsJsonAsync("/api/terminal/scans", scan with { Sequence = 0 });
            Assert.Equal(["sequence"], await Problem.FieldsAsync(answer));
        });
        await CountedAsync(BadInputKind.ForeignToken, 2, async () =>
        {
            foreach (var (region, refusal) in new[] { (new RegionCode(231200), RefusalCode.OtherRegion), (voucher.Id.Region, RefusalCode.SignatureFalse) })
                Assert.Equal(refusal, (RefusalCode)(await terminal.SendAsync(terminal.NewScan(ScanMode.Enrol, training, voucher) with { Digits = Forge(region, voucher) })).Refusal);
        });
        await CountedAsync(BadInputKind.RevokedDevice, 1, async () =>
        {
            using var clerk = await server.LogInAsync("clerk");
            using var revoked = await clerk.PostAsync($"/api/terminals/{terminal.Id}/revoke", null);
            revoked.EnsureSuccessStatusCode();
            using var answer = await terminal.Client.PostAsJsonAsync("/api/terminal/scans", terminal.NewScan(ScanMode.CheckIn, training, voucher));
            Assert.Equal(RefusalCode.TerminalNotActive, await Problem.RefusalAsync(answer));
        });
        await CountedAsync(BadInputKind.NoAccess, 1, async () =>
        {
            terminal.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "forged");
            using var answer = await terminal.Client.PostAsJsonAsync("/api/terminal/scans", scan);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        });
    }

    [Fact]
    public async Task On_the_hub_wrong_methods_types_fields_and_orders_are_counted_and_honest_calls_go_on()
    {
        using var terminal = await _scene.PairAsync();
        var scan = terminal.NewScan(ScanMode.Enrol, await _scene.OpenClassAsync(), await _scene.IssueAsync());
        await using var hub = await RawHub.OpenAsync(server.Address, terminal.Client);
        await CountedAsync(BadInputKind.OutOfOrder, 1, () => FailsAsync(hub, """{"type":1,"invocationId":"1","target":"NoSuchMethod","arguments":[]}""", "1"));
        await CountedAsync(BadInputKind.WrongType, 1, () => FailsAsync(hub, """{"type":1,"invocationId":"2","target":"Scan","arguments":[{"scanId":5}]}""", "2"));
        await CountedAsync(BadInputKind.UnknownField, 1, () => FailsAsync(hub, """{"type":1,"invocationId":"3","target":"Scan","arguments":[{"more":5}]}""", "3"));
        var call = JsonSerializer.Serialize(new { type = 1, invocationId = "4", target = HubNames.Scan, arguments = new[] { scan } }, JsonSerializerOptions.Web);
        await hub.SayAsync(call);
        Assert.True((await hub.CompletionAsync("4")).GetProperty("result").GetProperty("accepted").GetBoolean());
        Assert.Contains("voucher_hub_connections{hub=\"terminal\"} 1\n", await MetricsAsync());
    }

    [Fact]
    public async Task A_hub_message_that_is_too_large_or_no_message_ends_its_connection_and_is_counted()
    {
        using var terminal = await _scene.PairAsync();
        await CountedAsync(BadInputKind.Oversized, 1, async () =>
        {
            await using var hub = await RawHub.OpenAsync(server.Address, terminal.Client);
            await hub.SayAsync(new string('x', TerminalHub.LargestMessageBytes + 1));
            await hub.ClosedAsync();
        });
        await CountedAsync(BadInputKind.Malformed, 1, async () =>
        {
            await using var hub = await RawHub.OpenAsync(server.Address, terminal.Client);
            await hub.SayAsync("no JSON");
            await hub.ClosedAsync();
        });
        await CountedAsync(BadInputKind.OutOfOrder, 2, async () =>
        {
            await using var early = await RawHub.OpenAsync(server.Address, terminal.Client, greets: false);
            await early.SayAsync("""{"type":1,"invocationId":"1","target":"Scan","arguments":[]}""");
            await early.ClosedAsync();
            await using var mute = await RawHub.OpenAsync(server.Address, terminal.Client, greets: false);
            await mute.ClosedAsync();
        });
    }

    [Fact]
    public async Task A_connection_that_says_nothing_or_not_enough_is_closed_and_counted()
    {
        await CountedAsync(BadInputKind.Silent, 2, async () =>
        {
            var mute = SpeakAsync("");
            var slow = SpeakAsync("GET / HTTP/1.1\r\nHost: x\r\n");
            Assert.Equal("", await mute);
            Assert.StartsWith("HTTP/1.1 408", await slow);
        });
    }

    [Fact]
    public async Task Under_a_load_of_bad_input_with_many_silent_connections_honest_scans_are_answered()
    {
        // Four each, so that none enrolls so many in a row that the guard would want to know.
        var terminals = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _scene.PairAsync()));
        var training = await _scene.OpenClassAsync();
        var load = new BadInputLoad(server.Address, silentConnections: 300, perSecond: 100).RunAsync(TimeSpan.FromSeconds(4));
        for (var i = 0; i < 20; i++) Assert.True((await terminals[i % 5].ScanAsync(ScanMode.Enrol, training, await _scene.IssueAsync())).Accepted);
        var run = await load;
        Assert.Equal(300, run.Silent);
        Assert.Equal(run.Sent, run.Answered.Values.Sum());
        Assert.True(run.Sent > 100, $"{run.Sent}");
        Assert.DoesNotContain(run.Answered.Keys, status => status is 200 or 500 or 503);
        foreach (var terminal in terminals) terminal.Dispose();
        var lines = server.Log.Lines.Count(line => line.Event.Id == 9101);
        var kinds = Enum.GetValues<BadInputKind>().Length;
        Assert.InRange(lines, 1, kinds * BadInputs.LinesPerMinute * 3); // In so many minutes at most.
    }

    private async Task CountedAsync(BadInputKind kind, int times, Func<Task> input)
    {
        var before = Count(kind);
        await input();
        // What ends with its connection is counted a moment after the caller has seen the end.
        for (var tries = 0; tries < 100 && Count(kind) < before + times; tries++) await Task.Delay(50);
        Assert.Equal(before + times, Count(kind));
    }

    private long Count(BadInputKind kind) => (long)(server.Get<MetricBook>().Find("voucher.bad_inputs")?.All
        .FirstOrDefault(pair => Equals(pair.Key[0].Value, kind.ToString())).Value?.Value ?? 0);

    private static async Task FailsAsync(RawHub hub, string message, string call)
    {
        await hub.SayAsync(message);
        Assert.True((await hub.CompletionAsync(call)).TryGetProperty("error", out _));
    }

    private async Task<string> MetricsAsync()
    {
        using var client = new HttpClient { BaseAddress = server.Address };
        return await client.GetStringAsync("/metrics");
    }

    private static string Forge(RegionCode region, PaperVoucher like)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signer = new TokenSigner(1, key);
        var id = new VoucherId(region, like.Id.Serial);
        return signer.Sign(new TokenClaims(SignatureSuite.P256, 1, id, VoucherKind.General, 1, new DateOnly(2027, 6, 30), VoucherScope.Any, like.Holder)).ToDigits();
    }

    /// <summary>Says it on a bare connection; what came back until the server closed it.</summary>
    private async Task<string> SpeakAsync(string text)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.Address.Host, server.Address.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text));
        var heard = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer) is > 0 and var read) heard.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }
        catch (IOException)
        {
            // Reset by the server, which has said all that it wanted.
        }
        return heard.ToString();
    }
}
