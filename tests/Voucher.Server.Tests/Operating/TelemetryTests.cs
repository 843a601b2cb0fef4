using System.Net.Http.Json;
using System.Text.Json;
using Voucher.Core.Wire;
using Voucher.Server.Operating;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.Operating;

/// <summary>A server that sends its telemetry to a collector on loopback, every trace of it.</summary>
public sealed class TracedServer : ServerUnderTest, IAsyncLifetime
{
    public OtlpReceiver Collector { get; private set; } = null!;

    protected override IReadOnlyList<string> Settings =>
        [$"--OTEL_EXPORTER_OTLP_ENDPOINT={Collector.Address}", "--OTEL_TRACES_SAMPLER_ARG=1", "--OTEL_METRIC_EXPORT_INTERVAL=1000"];

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        Collector = await OtlpReceiver.StartAsync();
        await InitializeAsync();
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        await Collector.DisposeAsync();
    }
}

/// <remarks>
/// Alone in its process: instruments of one name are one to the collector's client, and a server that ends would end them for all.
/// </remarks>
[CollectionDefinition(nameof(TelemetryTests), DisableParallelization = true)]
[Collection(nameof(TelemetryTests))]
public sealed class TelemetryTests(TracedServer server) : IClassFixture<TracedServer>
{
    private const string OverRest = "0af7651916cd43dd8448eb211c80319c";
    private const string OverHub = "1bf7651916cd43dd8448eb211c80319d";
    private const string Parent = "b7ad6b7169203331";

    [Fact]
    public async Task A_scan_is_traced_from_the_terminal_to_the_database_over_REST_and_hub_without_a_person_or_a_secret_in_it()
    {
        var scene = new ScanScene(server);
        using var terminal = await scene.PairAsync();
        var training = await scene.OpenClassAsync();
        var (first, second) = (await scene.IssueAsync(), await scene.IssueAsync());

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/terminal/scans") { Content = JsonContent.Create(terminal.NewScan(ScanMode.Enrol, training, first)) };
        request.Headers.Add("traceparent", $"00-{OverRest}-{Parent}-01");
        (await terminal.Client.SendAsync(request)).EnsureSuccessStatusCode();

        await using var hub = await RawHub.OpenAsync(server.Address, terminal.Client);
        var call = new { type = 1, invocationId = "1", target = HubNames.Scan, arguments = new[] { terminal.NewScan(ScanMode.Enrol, training, second) }, headers = new { traceparent = $"00-{OverHub}-{Parent}-01" } };
        await hub.SayAsync(JsonSerializer.Serialize(call, JsonSerializerOptions.Web));
        Assert.True((await hub.CompletionAsync("1")).GetProperty("result").GetProperty("accepted").GetBoolean());

        foreach (var trace in new[] { OverRest, OverHub })
        {
            var spans = await SpansAsync(trace, spans => spans.Any(span => span.ParentId == Parent) && spans.Any(IsDatabase));
            var root = spans.Single(span => span.ParentId == Parent);
            Assert.Contains("scan", root.Name, StringComparison.OrdinalIgnoreCase);
            Assert.Contains(spans, span => span.Name == "redis");
            Assert.Contains(spans, IsDatabase);
            Assert.DoesNotContain("马小梅", string.Join('\n', spans.SelectMany(span => span.Tags)));
        }
        using var phone = new HttpClient { BaseAddress = server.Address };
        (await phone.GetAsync("/v/secret-of-a-phone-page")).Dispose();
        server.Get<Telemetry>().Flush();
        string[] secrets =
        [
            "622926199", first.Digits, first.ShortCode.ToString(), second.ShortCode.ToString(), "secret-of-a-phone-page",
            ServerUnderTest.Password, terminal.Client.DefaultRequestHeaders.Authorization!.Parameter!,
        ];
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, server.Collector.Raw));
    }

    [Fact]
    public async Task Metrics_arrive_at_the_collector()
    {
        server.Get<Meters>().ScanAnswered(TimeSpan.FromMilliseconds(3), ScanMark.Fault);
        for (var tries = 0; tries < 100; tries++)
        {
            server.Get<Telemetry>().Flush();
            if (server.Collector.Metrics.Any(metric => metric is { Name: "voucher.scan.duration", Count: > 0 } && metric.Labels.Contains("outcome=Fault"))) return;
            await Task.Delay(100);
        }
        Assert.Fail($"Only {string.Join(", ", server.Collector.Metrics.Select(metric => metric.Name).Distinct())}");
    }

    private static bool IsDatabase(OtlpReceiver.Span span) => span.Tags.Any(tag => tag.StartsWith("db.system", StringComparison.Ordinal));

    private async Task<IReadOnlyList<OtlpReceiver.Span>> SpansAsync(string trace, Func<IReadOnlyList<OtlpReceiver.Span>, bool> areThere)
    {
        for (var tries = 0; ; tries++)
        {
            server.Get<Telemetry>().Flush();
            IReadOnlyList<OtlpReceiver.Span> spans = [.. server.Collector.Spans.Where(span => span.TraceId == trace)];
            if (areThere(spans) || tries >= 100) return spans;
            await Task.Delay(100);
        }
    }
}
