namespace Voucher.Server.Operating;

/// <summary>
/// Counts what no honest peer sends, and says so in the log: each kind a few times a minute, with how many more were like
/// it, so that a flood of bad input does not become a flood of log. Never what the input held, nor who is behind it.
/// </summary>
public sealed partial class BadInputs(Meters meters, TimeProvider clock, ILogger<BadInputs> log)
{
    /// <summary>Lines about one kind in one minute; the rest of the minute's are only counted.</summary>
    public const int LinesPerMinute = 5;

    private readonly Tally[] _tallies = [.. Enum.GetValues<BadInputKind>().Select(_ => new Tally())];

    private sealed class Tally
    {
        public long Minute;
        public int Lines;
        public long Unsaid;
    }

    /// <param name="where">A route, hub method or other name of this program's own; never anything that came in.</param>
    public void Count(BadInputKind kind, string where)
    {
        meters.BadInput(kind);
        if (MaySay(_tallies[(int)kind], out var unsaid)) LogBadInput(kind, where, unsaid);
    }

    private bool MaySay(Tally tally, out long unsaid)
    {
        var minute = clock.GetUtcNow().UtcTicks / TimeSpan.TicksPerMinute;
        lock (tally)
        {
            if (tally.Minute != minute) (tally.Minute, tally.Lines) = (minute, 0);
            var may = tally.Lines < LinesPerMinute;
            unsaid = may ? tally.Unsaid : 0;
            tally.Unsaid = may ? 0 : tally.Unsaid + 1;
            if (may) tally.Lines++;
            return may;
        }
    }

    [LoggerMessage(9101, LogLevel.Warning, "Bad input: {Kind} at {Where}; {Unsaid} more of the kind since the last line")]
    private partial void LogBadInput(BadInputKind kind, string where, long unsaid);
}
