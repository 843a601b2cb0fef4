using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace Voucher.Server.Operating.Limits;

/// <summary>
/// Counts requests that Kestrel could not read as HTTP, which never reach this program's own code.
/// </summary>
public sealed class BadRequestWatch(BadInputs badInputs, DiagnosticListener diagnostics) : IHostedService, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private const string KestrelsEvent = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";
    private IDisposable? _listening;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listening = diagnostics.Subscribe(this, name => name == KestrelsEvent);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _listening?.Dispose();

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is IFeatureCollection features && features.Get<IBadRequestExceptionFeature>()?.Error is BadHttpRequestException fault)
            badInputs.Count(JsonFaults.KindOf(fault), "http");
    }

    public void OnCompleted() { }
    public void OnError(Exception error) { }
}
