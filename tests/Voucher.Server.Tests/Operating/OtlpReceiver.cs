using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Voucher.Server.Tests.Operating;

/// <summary>A collector on loopback: takes OTLP over HTTP and reads the protobuf as far as a test needs it.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<byte[]> _metrics = new();
    private readonly ConcurrentQueue<byte[]> _traces = new();

    public sealed record Metric(string Name, ulong Count, IReadOnlyList<string> Labels);

    public sealed record Span(string TraceId, string SpanId, string ParentId, string Name, IReadOnlyList<string> Tags);

    private OtlpReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/v1/metrics", context => TakeAsync(context, _metrics));
        _app.MapPost("/v1/traces", context => TakeAsync(context, _traces));
    }

    public Uri Address => new(_app.Urls.Single());

    /// <summary>All bytes that came, as text: where a secret would be found.</summary>
    public string Raw => string.Concat(_metrics.Concat(_traces).Select(Encoding.UTF8.GetString));

    /// <summary>ExportMetricsServiceRequest: 1 resource · 2 scope · 2 metric; of a metric 1 name, 7 sum, 9 histogram, each with 1 points.</summary>
    public IReadOnlyList<Metric> Metrics =>
        [.. from body in _metrics from resource in Fields(body, 1) from scope in Fields(resource, 2) from metric in Fields(scope, 2)
            from kind in new[] { 7, 9 } from data in Fields(metric, kind) from point in Fields(data, 1)
            // The attributes have the same number, 7 or 9, in a point of that kind; a histogram's count is 4.
            select new Metric(Text(metric, 1), Number(point, 4), [.. Fields(point, kind).Select(Label)])];

    /// <summary>ExportTraceServiceRequest: 1 resource · 2 scope · 2 span; of a span 1 trace, 2 id, 4 parent, 5 name, 9 attributes.</summary>
    public IReadOnlyList<Span> Spans =>
        [.. from body in _traces from resource in Fields(body, 1) from scope in Fields(resource, 2) from span in Fields(scope, 2)
            select new Span(Hex(span, 1), Hex(span, 2), Hex(span, 4), Text(span, 5), [.. Fields(span, 9).Select(Label)])];

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        await receiver._app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task TakeAsync(HttpContext context, ConcurrentQueue<byte[]> into)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        into.Enqueue(body.ToArray());
        context.Response.ContentType = "application/x-protobuf";
    }

    /// <summary><c>key=value</c> of a KeyValue: 1 key, 2 AnyValue with 1 text.</summary>
    private static string Label(byte[] pair) => $"{Text(pair, 1)}={Fields(pair, 2).Select(value => Text(value, 1)).FirstOrDefault()}";

    private static string Text(byte[] message, int field) => Fields(message, field).Select(Encoding.UTF8.GetString).FirstOrDefault() ?? "";

    private static string Hex(byte[] message, int field) => Fields(message, field).Select(Convert.ToHexStringLower).FirstOrDefault() ?? "";

    private static ulong Number(byte[] message, int field) => Fields(message, field).Where(bytes => bytes.Length == 8).Select(bytes => BitConverter.ToUInt64(bytes)).FirstOrDefault();

    /// <summary>The bytes of each occurrence of a field: length-delimited as they are, fixed ones as their bytes, numbers left out.</summary>
    private static IEnumerable<byte[]> Fields(byte[] message, int wanted)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            var length = (tag & 7) switch
            {
                1 => 8,
                5 => 4,
                2 => (int)Varint(message, ref at),
                _ => -1,
            };
            if (length < 0) Varint(message, ref at);
            else at += length;
            if (length >= 0 && (int)(tag >> 3) == wanted) yield return message[(at - length)..at];
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[at++];
            value |= (ulong)(part & 127) << shift;
            if (part < 128) return value;
        }
    }
}
