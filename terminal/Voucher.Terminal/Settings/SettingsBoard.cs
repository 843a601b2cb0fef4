using Voucher.Core;
using Voucher.Core.Refusals;

namespace Voucher.Terminal.Settings;

/// <summary>
/// The settings in force. The file is looked at again while the program runs: what can be taken in is; a file with a mistake is
/// left aside as a whole, and the terminal goes on with what it had, because a typing error must not close the desk.
/// </summary>
internal sealed partial class SettingsBoard
{
    private readonly string _path;
    private readonly TerminalSettings _atStart;
    private DateTime _seen;

    public SettingsBoard(string homeFolder)
    {
        _path = Path.Combine(homeFolder, TerminalSettings.FileName);
        Read();
        _atStart = Now;
    }

    public TerminalSettings Now { get; private set; } = TerminalSettings.Default;

    /// <summary>What is wrong with the file as it stands; empty when it is in force.</summary>
    public IReadOnlyList<FieldError> Errors { get; private set; } = [];

    /// <summary>Settings that are in the file and come into force at the next start.</summary>
    public IReadOnlyList<string> WaitingForRestart => [.. _atStart.NeedingRestart(Now)];

    /// <summary>Looks whether the file has changed, and takes it in.</summary>
    /// <returns>Whether there was news.</returns>
    public bool LookAgain(ILogger log)
    {
        if (File.GetLastWriteTimeUtc(_path) == _seen) return false;
        Read();
        TellErrors(log);
        if (Errors.Count == 0) LogTakenIn(log, string.Join(", ", WaitingForRestart) is { Length: > 0 } later ? later : "none");
        return true;
    }

    public void TellErrors(ILogger log)
    {
        foreach (var error in Errors) LogWrong(log, error.Field, error.Problem.En);
    }

    private void Read()
    {
        try
        {
            _seen = File.GetLastWriteTimeUtc(_path);
            if (!File.Exists(_path)) TakeIn(TerminalSettings.Default);
            else if (new FileInfo(_path).Length > TerminalSettings.LongestFile) Errors = [new("file", new("文件太大。", "The file is too large."))];
            else TakeIn(TerminalSettings.Parse(File.ReadAllText(_path)));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Errors = [new("file", new("文件读不出来。", "The file cannot be read."))];
        }
    }

    private void TakeIn(Outcome<TerminalSettings> read)
    {
        Errors = read is Outcome<TerminalSettings>.BadInput(var errors) ? errors : [];
        if (read is Outcome<TerminalSettings>.Done(var settings)) Now = settings;
    }

    [LoggerMessage(3050, LogLevel.Error, "terminal.settings.json is left aside: {Field}: {Why}")]
    private static partial void LogWrong(ILogger log, string field, string why);

    [LoggerMessage(3051, LogLevel.Information, "terminal.settings.json was taken in; waiting for the next start: {Fields}")]
    private static partial void LogTakenIn(ILogger log, string fields);
}
