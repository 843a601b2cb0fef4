using System.Net;
using System.Text.Json;
using Voucher.Core.Wire;
using Voucher.Server.Reporting;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.SeveralServers;

/// <summary>Two servers behind the nginx of the documentation. Each test has servers of its own, since one is stopped.</summary>
public sealed class NginxTests : IAsyncLifetime
{
    private readonly TwoServers _servers = new();
    private Nginx? _nginx;

    public async ValueTask InitializeAsync()
    {
        await _servers.InitializeAsync();
        _nginx = await Nginx.StartAsync(_servers.First.Address, _servers.SecondAddress);
    }

    [Fact]
    public async Task Portal_scans_and_both_hubs_pass_whichever_server_they_meet()
    {
        var cookies = new CookieContainer();
        using var portal = await _servers.First.OpenPortalAsync("clerk", cookies, _nginx!.Address);
        for (var i = 0; i < 4; i++) Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/live")).StatusCode);
        using var terminal = await _servers.PairAsync(proxy: _nginx.Address);
        var training = await _servers.Scene.OpenClassAsync();
        for (var i = 0; i < 10; i++)
            Assert.True((await terminal.ScanAsync(ScanMode.Enrol, training, await _servers.Scene.IssueAsync())).Accepted);

        for (var i = 0; i < 2; i++)
        {
            using var live = await HubSocket.OpenAsync(_nginx.Address, LiveHub.Path, options => options.Cookies = cookies);
            using var hub = await HubSocket.OpenAsync(_nginx.Address, HubNames.TerminalHubPath, options =>
                options.SetRequestHeader("Authorization", terminal.Client.DefaultRequestHeaders.Authorization!.ToString()));
            var scan = terminal.NewScan(ScanMode.Enrol, training, await _servers.Scene.IssueAsync());
            await hub.SendAsync($$"""{"type":1,"invocationId":"1","target":"{{HubNames.Scan}}","arguments":[{{JsonSerializer.Serialize(scan, JsonSerializerOptions.Web)}}]}""");
            Assert.True((await hub.ReadAsync()).GetProperty("result").GetProperty("accepted").GetBoolean());
        }

        foreach (var server in new[] { _servers.First.Address, _servers.SecondAddress })
            Assert.Contains(_nginx.Log, line => line.StartsWith($"{server.Authority} 200 /api/terminal/scans", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_terminal_does_not_notice_that_one_server_is_stopped()
    {
        var terminals = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _servers.PairAsync(proxy: _nginx!.Address)));
        var training = await _servers.Scene.OpenClassAsync(capacity: 500);
        var vouchers = await Task.WhenAll(Enumerable.Range(0, 240).Select(_ => _servers.Scene.IssueAsync()));
        var answered = 0;
        var half = new TaskCompletionSource();

        var scanning = terminals.Select((terminal, number) => Task.Run(async () =>
        {
            foreach (var voucher in vouchers.Where((_, i) => i % terminals.Length == number))
            {
                // Any status but 200 fails here.
                Assert.True((await terminal.ScanAsync(ScanMode.Enrol, training, voucher)).Accepted);
                if (Interlocked.Increment(ref answered) == vouchers.Length / 3) half.TrySetResult();
            }
        })).ToList();
        await Task.WhenAny(half.Task, Task.WhenAll(scanning));
        await _servers.StopSecondAsync();
        await Task.WhenAll(scanning);
        Assert.Equal(vouchers.Length, answered);
        foreach (var terminal in terminals) terminal.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (_nginx is not null) await _nginx.DisposeAsync();
        await _servers.DisposeAsync();
    }
}
