using Voucher.Terminal.OfflineLists;
using Voucher.Terminal.Pairing;

namespace Voucher.Terminal.Link;

/// <summary>Runs link and pump of the pairing in use, and starts over when the terminal is paired anew or a part breaks down.</summary>
internal sealed partial class LinkWorker(
    CurrentTerminal current, HttpClient http, AnswerDesk desk, LinkBoard board, Kiosk.ReaderBoard readers, Kiosk.DeskCounts counts,
    TimeProvider time, ILogger<LinkWorker> log)
    : BackgroundService
{
    private static readonly TimeSpan AfterBreakdown = TimeSpan.FromSeconds(5);

    /// <summary>The server has told something new (classes, keys).</summary>
    public event EventHandler? SetupRefreshed;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var changed = current.Changed;
            if (current.Value is not { } terminal)
            {
                if (current.IsWiped) board.Stand(Standing.Revoked);
                await changed.WaitAsync(stoppingToken);
                continue;
            }
            await RunUntil(changed, terminal, stoppingToken);
        }
    }

    private async Task RunUntil(Task changed, PairedTerminal terminal, CancellationToken stopping)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var door = new ServerDoor(http, terminal, time);
        var link = new TerminalLink(terminal, door, desk, board, time, log);
        link.SetupRefreshed += (_, news) => SetupRefreshed?.Invoke(this, news);
        var pump = new BacklogPump(terminal, door, desk, board, time, () => link.Hub, link.BeginAnew);
        var lists = new ListPull(terminal, door, board, log);
        var uplink = new JournalUplink(terminal, door, desk, board, time, log);
        var report = new FleetReport(terminal, door, board, readers, counts, time, link.BeginAnew);
        var older = current.Older.Select(one => new OlderLink(one, http, desk, time, log)).ToList();
        Task[] running =
        [
            Keep(link.Run, board.Down, stop.Token), Keep(pump.Run, board.Down, stop.Token), Keep(uplink.Run, () => { }, stop.Token),
            Keep(lists.Run, () => { }, stop.Token), Keep(report.Run, () => { }, stop.Token),
            .. older.Select(one => Keep(one.Run, () => { }, stop.Token)),
        ];
        await Task.WhenAny([changed, .. running]);
        await stop.CancelAsync();
        await Task.WhenAll(running);
        older.ForEach(one => one.Dispose());
    }

    /// <summary>A fault in one round must not end the link for ever: it is logged, and the next round begins.</summary>
    /// <param name="brokeDown">What the screen is told of it: nothing, of an older pairing.</param>
    private async Task Keep(Func<CancellationToken, Task> run, Action brokeDown, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await run(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                LogBrokeDown(log, fault);
                brokeDown();
                await Task.Delay(AfterBreakdown, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(3012, LogLevel.Error, "The link broke down and begins again")]
    private static partial void LogBrokeDown(ILogger log, Exception fault);
}
