using Voucher.Server.Operating;

namespace Voucher.Server.Terminals;

/// <summary>Thirty days of a terminal's reports as rows of figures, oldest first, one for each stretch of twelve hours.</summary>
/// <param name="Waiting">Most scans that waited.</param>
/// <param name="Readings">Codes read in the 24 hours before.</param>
/// <param name="ClockOff">Seconds that its clock was off, either way.</param>
/// <param name="Heard">Hours of the twelve in which it was heard of.</param>
public sealed record ReportChart(IReadOnlyList<double> Waiting, IReadOnlyList<double> Readings, IReadOnlyList<double> ClockOff, IReadOnlyList<double> Heard)
{
    private static readonly TimeSpan Stretch = TerminalReportStore.Kept / ScanWindow.Length;

    public static DateTimeOffset Since(DateTimeOffset now) => now - TerminalReportStore.Kept;

    public static ReportChart Of(IReadOnlyList<TerminalReportStore.Hour> hours, DateTimeOffset now)
    {
        var stretches = hours.ToLookup(hour => Math.Min(ScanWindow.Length - 1, (int)((hour.At - Since(now)) / Stretch)));
        return new ReportChart(
            Figures(hours => hours.Max(hour => hour.WaitingMost)), Figures(hours => hours.Max(hour => hour.Readings)),
            Figures(hours => hours.Max(hour => Math.Abs(hour.ClockAheadSeconds))), Figures(hours => hours.Count));

        double[] Figures(Func<IReadOnlyList<TerminalReportStore.Hour>, double> figure) =>
            [.. Enumerable.Range(0, ScanWindow.Length).Select(n => stretches[n].ToList() is { Count: > 0 } some ? figure(some) : 0)];
    }
}
