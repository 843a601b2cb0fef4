using System.Globalization;
using Voucher.Terminal.Settings;

namespace Voucher.Terminal.Logs;

/// <summary>The log in files of the terminal's folder, beside the console: a service has no console that anybody reads.</summary>
internal sealed class FileLogs : ILoggerProvider
{
    public const string Folder = "logs";
    private const long Megabyte = 1024 * 1024;

    private readonly RollingFile _file;
    private readonly TimeProvider _time;

    public FileLogs(string homeFolder, SettingsBoard settings, TimeProvider time)
    {
        _time = time;
        _file = new RollingFile(Path.Combine(homeFolder, Folder, "terminal.log"), () => (settings.Now.LogFiles, settings.Now.LogMegabytes * Megabyte));
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose() => _file.Dispose();

    private void Write(string category, LogLevel level, EventId id, string message, Exception? fault)
    {
        var at = _time.GetLocalNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);
        var line = string.Create(CultureInfo.InvariantCulture, $"{at} {level} {id.Id} {category}: {message}");
        _file.Write(fault is null ? line : $"{line}\n{fault}");
    }

    private sealed class Logger(FileLogs logs, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            logs.Write(category, logLevel, eventId, formatter(state, exception), exception);
    }
}
