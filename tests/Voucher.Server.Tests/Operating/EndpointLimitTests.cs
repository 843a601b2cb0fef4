using System.Net;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using Voucher.Core.Wire;
using Voucher.Server.Operating.Limits;
using Voucher.Server.Terminals;
using Voucher.Server.Tests.Api;
using Voucher.Server.Tests.Redeeming;
using Voucher.Testing;

namespace Voucher.Server.Tests.Operating;

/// <summary>Nothing of the server can be asked without a bound. On a server with its limits as they are in a county.</summary>
public sealed class EndpointLimitTests(LimitedServer server) : IClassFixture<LimitedServer>
{
    private static readonly IReadOnlyList<RateLimit> All =
        [.. typeof(RateLimit).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetValue(null)).OfType<RateLimit>()];

    [Fact]
    public void Every_endpoint_has_a_limit_but_the_page_that_says_what_went_wrong()
    {
        var endpoints = server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        Assert.True(endpoints.Count > 100, $"Only {endpoints.Count} endpoints: this test no longer sees them.");
        var without = endpoints.Where(endpoint => RateLimits.Of(endpoint) is null).Select(endpoint => endpoint.RoutePattern.RawText!.Trim('/')).Distinct();
        Assert.DoesNotContain(without, path => !path.StartsWith("fault/", StringComparison.Ordinal));
        Assert.Same(RateLimit.Static, RateLimits.Of(null)); // Files, and what is not there.
        Assert.All(endpoints, endpoint => Assert.True(RateLimits.Of(endpoint) is null or { PerMinute: > 0 }));
    }

    [Fact]
    public void The_terminals_hub_notices_silence_as_every_hub_does()
    {
        var hub = server.Get<IOptions<HubOptions<TerminalHub>>>().Value;
        Assert.Equal(
            (HubGuard.HandshakeWithin, HubGuard.GoneAfter, HubGuard.PingEvery, TerminalHub.LargestMessageBytes),
            (hub.HandshakeTimeout, hub.ClientTimeoutInterval, hub.KeepAliveInterval, hub.MaximumReceiveMessageSize));
    }

    [Theory]
    [InlineData("/api/terminal/scans", "device")]
    [InlineData("/api/terminal/setup", "device")]
    [InlineData("/api/terminal/report", "report")]
    [InlineData("/hub/terminal", "hub-connect")]
    [InlineData("/hub/live", "hub-connect")]
    [InlineData("/health/ready", "probe")]
    [InlineData("/metrics", "probe")]
    [InlineData("/api/login", "anonymous")]
    [InlineData("/api/terminals/pair", "anonymous")]
    [InlineData("/menu", "menu")]
    [InlineData("/api/menu", "menu")]
    [InlineData("/notice", "menu")]
    [InlineData("/notice/{id:long}/objection", "objection")]
    [InlineData("/api/me", "api")]
    [InlineData("/live", "portal")]
    public void An_endpoint_has_the_limit_of_its_kind(string path, string limit)
    {
        var endpoint = server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().First(endpoint => endpoint.RoutePattern.RawText!.Trim('/') == path.Trim('/'));
        Assert.Equal(limit, RateLimits.Of(endpoint)!.Name);
    }

    [Fact]
    public async Task Every_limit_is_written_down_with_its_value()
    {
        var lines = await File.ReadAllLinesAsync(RepositoryRoot.PathTo("docs", "limits.md"));
        foreach (var limit in All)
        {
            var line = Assert.Single(lines, line => line.StartsWith($"| `{limit.Name}` |", StringComparison.Ordinal));
            Assert.Contains(limit == RateLimit.HubMessages ? $"{HubGuard.MessagesPerSecond} a second" : $"{limit.PerMinute:N0} a minute", line);
        }
    }

    [Fact]
    public async Task The_API_is_bounded_by_log_in()
    {
        using var reviewer = await server.LogInAsync("reviewer");
        await MeetAsync(RateLimit.Api, () => reviewer.GetAsync("/api/me"), hasDetails: true);
        using var auditor = await server.LogInAsync("auditor");
        Assert.Equal(HttpStatusCode.OK, (await auditor.GetAsync("/api/me")).StatusCode);
    }

    [Fact]
    public async Task The_portal_is_bounded_by_log_in()
    {
        using var portal = await server.OpenPortalAsync("finance");
        await MeetAsync(RateLimit.Portal, () => portal.GetAsync("/account"));
        using var other = await server.OpenPortalAsync("manager");
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/account")).StatusCode);
    }

    [Fact]
    public async Task Files_are_bounded_by_log_in()
    {
        using var clerk = await server.LogInAsync("clerk");
        await MeetAsync(RateLimit.Upload, () => clerk.PostAsync("/api/register/imports", new MultipartFormDataContent { { new StringContent("x"), "list" } }), hasDetails: true);
        Assert.Equal(HttpStatusCode.OK, (await clerk.GetAsync("/api/me")).StatusCode);
    }

    [Fact]
    public async Task Opening_hubs_is_bounded_by_terminal()
    {
        using var terminal = await new ScanScene(server).PairAsync();
        await MeetAsync(RateLimit.HubConnect, () => terminal.Client.PostAsync("/hub/terminal/negotiate?negotiateVersion=1", null));
    }

    [Fact]
    public async Task Messages_on_a_hub_connection_are_bounded_by_the_second_and_one_that_goes_on_is_closed()
    {
        using var terminal = await new ScanScene(server).PairAsync();
        await using var hub = await RawHub.OpenAsync(server.Address, terminal.Client);
        var scan = new ScanRequest(Guid.NewGuid(), 0, ScanMode.Enrol, 0, null, null, null, default);
        var call = JsonSerializer.Serialize(new { type = 1, target = HubNames.Scan, arguments = new[] { scan } }, JsonSerializerOptions.Web);
        var many = string.Join('\u001e', Enumerable.Repeat(call, 20));
        try
        {
            for (var i = 0; i < 5 * (HubGuard.MessagesPerSecond + HubGuard.RefusedBeforeClosed) / 20; i++) await hub.SayAsync(many);
        }
        catch (System.Net.WebSockets.WebSocketException)
        {
            // Closed while it still spoke.
        }
        await hub.ClosedAsync();
    }

    [Fact]
    public async Task Health_files_and_failing_tokens_are_bounded_by_address_and_hold_up_nobody_with_a_valid_token()
    {
        using var auditor = await server.LogInAsync("auditor");
        using var client = new HttpClient { BaseAddress = server.Address };
        await MeetAsync(RateLimit.Probe, () => client.GetAsync("/health/live"));
        await MeetAsync(RateLimit.Static, () => client.GetAsync("/portal.css"));
        await MeetAsync(RateLimit.FailedAccess, () => client.GetAsync("/api/me"), hasDetails: true);
        Assert.Equal(HttpStatusCode.OK, (await auditor.GetAsync("/api/me")).StatusCode);
    }

    /// <summary>Asks until refused: twice the limit, so that a window that ends in between does not matter.</summary>
    private static async Task MeetAsync(RateLimit limit, Func<Task<HttpResponseMessage>> ask, bool hasDetails = false)
    {
        const int atOnce = 8;
        for (var asked = 0; asked <= 2 * limit.PerMinute; asked += atOnce)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => ask()));
            var refused = answers.FirstOrDefault(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
            if (refused is null) continue;
            Assert.True(asked + atOnce >= limit.PerMinute / 2, $"{limit.Name}: refused after {asked}");
            Assert.NotNull(refused.Headers.RetryAfter);
            if (!hasDetails) return;
            var body = JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement;
            Assert.Equal(limit.Name, body.GetProperty("limit").GetString());
            return;
        }
        Assert.Fail($"{limit.Name} was never met.");
    }
}
