using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Voucher.Server.Operating;

/// <summary>
/// Keeps what this server's instruments measure, from the start on, for <c>/metrics</c> and the operator's page. The
/// runtime's and the database driver's own instruments are kept beside.
/// </summary>
public sealed class MetricBook : IDisposable
{
    private readonly ConcurrentDictionary<Instrument, MetricPage> _pages = new();
    private readonly MeterListener _listener = new();
    private readonly IMeterFactory _factory;

    public MetricBook(IMeterFactory factory)
    {
        _factory = factory;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (IsWanted(instrument)) listener.EnableMeasurementEvents(instrument, _pages.GetOrAdd(instrument, made => new MetricPage(made)));
        };
        _listener.SetMeasurementEventCallback<byte>(static (_, value, tags, page) => ((MetricPage)page!).Record(value, tags));
        _listener.SetMeasurementEventCallback<short>(static (_, value, tags, page) => ((MetricPage)page!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, page) => ((MetricPage)page!).Record(value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, page) => ((MetricPage)page!).Record(value, tags));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, page) => ((MetricPage)page!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, page) => ((MetricPage)page!).Record(value, tags));
        _listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, page) => ((MetricPage)page!).Record((double)value, tags));
        _listener.Start();
    }

    /// <summary>Every instrument's page, after asking the observable ones for their present values.</summary>
    public IReadOnlyList<MetricPage> Read()
    {
        _listener.RecordObservableInstruments();
        return [.. _pages.Values];
    }

    public MetricPage? Find(string name) => _pages.Values.FirstOrDefault(page => page.Instrument.Name == name);

    public void Dispose() => _listener.Dispose();

    /// <summary>
    /// Not the framework's own histograms of each request: they cost every scan more than they tell here, and OTLP has them.
    /// Of several servers in one process each keeps its own.
    /// </summary>
    private bool IsWanted(Instrument instrument) => instrument.Meter.Name switch
    {
        Meters.Name or "Microsoft.AspNetCore.Server.Kestrel" => instrument.Meter.Scope == _factory && (instrument.Meter.Name == Meters.Name || instrument is not Histogram<double>),
        "System.Runtime" => true,
        "Npgsql" => instrument.Name.StartsWith("db.client.connection", StringComparison.Ordinal),
        _ => false,
    };
}
