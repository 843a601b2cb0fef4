using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Voucher.Core.Wire;
using Voucher.Terminal.Kiosk;
using Voucher.Terminal.Pairing;

namespace Voucher.Terminal.Link;

/// <summary>Tells the county how this terminal stands, each minute and soon after something has changed, while it is online.</summary>
internal sealed class FleetReport(
    PairedTerminal terminal, ServerDoor door, LinkBoard board, ReaderBoard readers, DeskCounts counts, TimeProvider time, Action notActive)
{
    private static readonly string Version = Shortened(
        typeof(FleetReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0], TerminalReport.LongestVersion);

    private static readonly string SystemName = Shortened(RuntimeInformation.RuntimeIdentifier, TerminalReport.LongestSystem);

    private TerminalReport? _told;
    private long _toldAt;

    public async Task Run(CancellationToken stop)
    {
        while (true)
        {
            if (board.State is { Online: true, Standing: Standing.Active or Standing.Quarantined }) await TellIfDue(stop);
            await Task.Delay(LinkLimits.ReportAfterChange, time, stop);
        }
    }

    private async Task TellIfDue(CancellationToken stop)
    {
        try
        {
            var report = Now();
            var isDue = _told is null || time.GetElapsedTime(_toldAt) >= LinkLimits.ReportEvery || IsNews(report, _told);
            if (!isDue) return;
            if (!await door.Report(report, stop)) notActive();
            (_told, _toldAt) = (report, time.GetTimestamp());
        }
        catch (Exception fault) when (fault is HttpRequestException or SqliteException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            // The link says what is wrong; the next report carries the same and more.
        }
    }

    private TerminalReport Now()
    {
        var (waiting, (readings, accepted, refused)) = (terminal.Journal.CountWaiting(), counts.LastDay());
        var list = terminal.Statuses.Current;
        return new TerminalReport(
            Version, Protocol.Current, waiting.Count, waiting.Since,
            Math.Clamp(board.State.ClockAheadSeconds, -TerminalReport.MostSecondsAhead, TerminalReport.MostSecondsAhead),
            readings, accepted, refused, readers.Camera, readers.Scanner, list?.Counter, list?.Signed.List.MadeAt, SystemName);
    }

    /// <summary>What the county would want to see before the minute is over; counts can wait.</summary>
    private static bool IsNews(TerminalReport now, TerminalReport told) =>
        (now.Camera, now.Scanner, now.ListCounter, now.Waiting > 0) != (told.Camera, told.Scanner, told.ListCounter, told.Waiting > 0);

    private static string Shortened(string? text, int longest) => text is not { Length: > 0 } ? "?" : text.Length <= longest ? text : text[..longest];
}
