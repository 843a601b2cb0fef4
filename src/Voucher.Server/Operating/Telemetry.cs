using System.Diagnostics;
using System.Globalization;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Voucher.Server.Operating;

/// <summary>
/// Sends metrics and traces over OTLP where the standard <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says whereto; without it nothing is
/// made and no span costs anything.
/// </summary>
/// <remarks>
/// Traces are sampled by their id, one in a hundred unless <c>OTEL_TRACES_SAMPLER_ARG</c> says otherwise: server and terminal
/// then keep the same ones, and no caller can make the server keep more by asking for it.
/// </remarks>
public sealed class Telemetry(IConfiguration configuration) : IHostedService, IDisposable
{
    public const double UsualShare = 0.01;

    /// <summary>How often metrics are sent, unless <c>OTEL_METRIC_EXPORT_INTERVAL</c> (milliseconds) says otherwise.</summary>
    public static readonly TimeSpan UsualInterval = TimeSpan.FromSeconds(15);

    private MeterProvider? _metrics;
    private TracerProvider? _traces;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not { Length: > 0 } endpoint) return Task.CompletedTask;
        var who = ResourceBuilder.CreateDefault().AddService("voucher-server", serviceInstanceId: Pulse.Name);
        _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(who)
            .AddMeter(Meters.Name, "System.Runtime", "Npgsql", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
            .AddOtlpExporter((exporter, reader) =>
            {
                Aim(exporter, endpoint, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)Number("OTEL_METRIC_EXPORT_INTERVAL", UsualInterval.TotalMilliseconds);
            })
            .Build();
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(who)
            .AddSource(Traces.Source.Name, "Microsoft.AspNetCore", "Microsoft.AspNetCore.SignalR.Server", "Npgsql")
            .SetSampler(new TraceIdRatioBasedSampler(Number("OTEL_TRACES_SAMPLER_ARG", UsualShare)))
            .AddProcessor(new WithoutSecrets())
            .AddOtlpExporter(exporter => Aim(exporter, endpoint, "v1/traces"))
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Sends what has not been sent yet.</summary>
    public void Flush()
    {
        _metrics?.ForceFlush();
        _traces?.ForceFlush();
    }

    public void Dispose()
    {
        _metrics?.Dispose();
        _traces?.Dispose();
    }

    private void Aim(OtlpExporterOptions exporter, string endpoint, string path)
    {
        var isHttp = configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] is not "grpc";
        exporter.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        exporter.Endpoint = isHttp ? new Uri($"{endpoint.TrimEnd('/')}/{path}") : new Uri(endpoint);
    }

    private double Number(string name, double otherwise) =>
        double.TryParse(configuration[name], CultureInfo.InvariantCulture, out var number) && number >= 0 ? number : otherwise;

    /// <summary>
    /// Takes out what may hold a secret or a person: addresses (the key of a phone page is in one) and the details of a fault
    /// from the database. Values of parameters are never in a span.
    /// </summary>
    private sealed class WithoutSecrets : BaseProcessor<Activity>
    {
        private static readonly string[] Secret =
            ["url.path", "url.query", "url.full", "http.target", "http.url", "client.address", "network.peer.address", "user_agent.original", "db.connection_string"];

        public override void OnEnd(Activity data)
        {
            foreach (var name in Secret) data.SetTag(name, null);
        }
    }
}
