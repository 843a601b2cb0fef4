using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Voucher.Server.Tests;

/// <summary>Keeps what the server logs, as it would stand in the log: message, and fault with all that it holds.</summary>
public sealed class LogBook : ILoggerProvider
{
    private readonly ConcurrentQueue<(EventId Event, string Line)> _lines = new();

    public IReadOnlyList<(EventId Event, string Line)> Lines => [.. _lines];

    public ILogger CreateLogger(string categoryName) => new Page(this, categoryName);

    public void Dispose() { }

    private sealed class Page(LogBook book, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            book._lines.Enqueue((eventId, $"{logLevel} {category} {formatter(state, exception)} {exception}"));
    }
}
