using System.Diagnostics;
using System.Globalization;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Voucher.Terminal.Link;

/// <summary>
/// Traces of scans, sent over OTLP where the standard <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says whereto; else a span is nothing.
/// The server's part hangs on the terminal's by the W3C header of the request or of the hub's call: the scan itself, and so
/// its hash, knows nothing of it.
/// </summary>
internal sealed class Traces(IConfiguration configuration) : IHostedService, IDisposable
{
    /// <summary>Like the server's own, and by the same id: both keep the same traces.</summary>
    public const double UsualShare = 0.01;

    public static readonly ActivitySource Source = new("Voucher.Terminal");

    private TracerProvider? _sending;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not { Length: > 0 } endpoint) return Task.CompletedTask;
        var share = double.TryParse(configuration["OTEL_TRACES_SAMPLER_ARG"], CultureInfo.InvariantCulture, out var asked) ? asked : UsualShare;
        _sending = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateDefault().AddService("voucher-terminal"))
            .AddSource(Source.Name, "Microsoft.AspNetCore.SignalR.Client")
            .SetSampler(new TraceIdRatioBasedSampler(share))
            .AddOtlpExporter(exporter => Aim(exporter, endpoint))
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _sending?.Dispose();

    private void Aim(OtlpExporterOptions exporter, string endpoint)
    {
        var isHttp = configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] is not "grpc";
        exporter.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        exporter.Endpoint = isHttp ? new Uri($"{endpoint.TrimEnd('/')}/v1/traces") : new Uri(endpoint);
    }
}
