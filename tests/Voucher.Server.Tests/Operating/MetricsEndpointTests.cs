using System.Net;
using Voucher.Core.Wire;
using Voucher.Server.Operating;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.Operating;

/// <summary>A server whose scraper shows a token.</summary>
public sealed class ScrapedServer : ServerUnderTest
{
    public const string Token = "a-token-of-the-scraper-0001";

    protected override IReadOnlyList<string> Settings => [$"--VOUCHER_METRICS_TOKEN={Token}"];
}

public sealed class MetricsEndpointTests(ScrapedServer server) : IClassFixture<ScrapedServer>
{
    [Fact]
    public async Task Scans_are_seen_in_the_metrics_by_their_outcome()
    {
        var scene = new ScanScene(server);
        using var terminal = await scene.PairAsync();
        var voucher = await scene.IssueAsync();
        var training = await scene.OpenClassAsync();
        await terminal.ScanAsync(ScanMode.Enrol, training, voucher);
        await terminal.ScanAsync(ScanMode.Enrol, training, voucher);
        using var client = new HttpClient { BaseAddress = server.Address };
        using var answer = await client.GetAsync("/metrics");
        Assert.Equal(PrometheusText.ContentType, answer.Content.Headers.ContentType!.ToString());
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Contains("voucher_scan_duration_seconds_count{outcome=\"Accepted\"} 1\n", text);
        Assert.Contains("voucher_scan_duration_seconds_count{outcome=\"Conflict\"} 1\n", text);
        Assert.Contains("voucher_scan_refusals_total{refusal=\"EnrolledHere\"} 1\n", text);
        Assert.Contains("voucher_redis_up 1\n", text);
        Assert.Contains("dotnet_gc_collections_total", text);
        Assert.DoesNotContain("Host=", text);
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("Bearer wrong", 401)]
    [InlineData("Bearer " + ScrapedServer.Token, 200)]
    [InlineData(ScrapedServer.Token, 401)]
    public async Task Through_a_proxy_only_the_token_opens_the_metrics(string? authorization, int status)
    {
        using var client = new HttpClient { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");
        if (authorization is not null) client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        using var answer = await client.GetAsync("/metrics");
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("operator", HttpStatusCode.OK)]
    [InlineData("clerk", HttpStatusCode.Unauthorized)]
    public async Task Of_the_log_ins_only_one_that_may_operate_reads_the_metrics(string login, HttpStatusCode status)
    {
        using var client = await server.LogInAsync(login);
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");
        using var answer = await client.GetAsync("/metrics");
        Assert.Equal(status, answer.StatusCode);
    }

    [Theory]
    [InlineData("VOUCHER_METRICS_TOKEN", "short")]
    [InlineData("VOUCHER_RATE_SCALE", "0")]
    [InlineData("VOUCHER_DRAIN_SECONDS", "61")]
    [InlineData("VOUCHER_PROXIES", "no-address")]
    public void A_setting_beyond_its_bounds_keeps_the_server_from_starting_and_is_named(string name, string value)
    {
        var configuration = new Microsoft.Extensions.Configuration.ConfigurationManager();
        configuration["VOUCHER_POSTGRES"] = "Host=x";
        configuration["VOUCHER_HOME"] = server.Home;
        Assert.Equal(1, ServerSettings.FromEnvironment(configuration).RateScale);
        configuration[name] = value;
        Assert.Contains(name, Assert.Throws<InvalidOperationException>(() => ServerSettings.FromEnvironment(configuration)).Message);
    }
}
