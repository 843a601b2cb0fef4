using System.Diagnostics;

namespace Voucher.Benchmarks.Load;

/// <summary>Drives many lines on one thread until every message is answered.</summary>
internal static class LoadRun
{
    /// <summary>Longest silence of all lines together; beyond it something hangs.</summary>
    private const int LongestSilenceMilliseconds = 15_000;

    /// <summary>Sends everything and returns how long it took; the lines hold what came back.</summary>
    public static Task<TimeSpan> RunAsync(IReadOnlyList<Line> lines) =>
        Task.Factory.StartNew(() => Run(lines), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static TimeSpan Run(IReadOnlyList<Line> lines)
    {
        var poll = new Poll([.. lines.Select(line => line.Socket)]);
        var start = Stopwatch.GetTimestamp();
        Start(lines, start);
        var open = lines.Count;
        while (open > 0)
        {
            var patience = Patience(lines);
            if (!poll.Wait(patience) && patience == LongestSilenceMilliseconds) throw new TimeoutException("The server has stopped answering.");
            for (var i = 0; i < lines.Count; i++)
            {
                if (poll.IsReady(i) && !lines[i].IsDone) lines[i].Receive();
                if (lines[i].Every == 0 || lines[i].IsDue(Stopwatch.GetTimestamp())) lines[i].Fill();
            }
            open = Close(lines, poll);
        }
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Lines that keep a pace begin one after the other, so that they do not beat together.</summary>
    private static void Start(IReadOnlyList<Line> lines, long now)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            lines[i].DueAt = now + lines[i].Every * i / lines.Count;
            if (lines[i].Every == 0) lines[i].Fill();
        }
    }

    private static int Close(IReadOnlyList<Line> lines, Poll poll)
    {
        var open = 0;
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i].IsDone) poll.Forget(i);
            else open++;
        }
        return open;
    }

    private static int Patience(IReadOnlyList<Line> lines)
    {
        var due = long.MaxValue;
        foreach (var line in lines)
            if (line.Waits) due = Math.Min(due, line.DueAt);
        if (due == long.MaxValue) return LongestSilenceMilliseconds;
        return (int)Math.Clamp(Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due).TotalMilliseconds, 0, 1_000);
    }
}
