namespace Voucher.Server.Terminals;

/// <summary>Keeps the fleet's books small and true: lines that ended unseen, hours that are long past.</summary>
public sealed partial class FleetUpkeep(
    PresenceStore presence, TerminalLines lines, TerminalReportStore reports, TimeProvider clock, ILogger<FleetUpkeep> log) : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunOnceAsync();
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogFault(fault);
            }
            await Task.Delay(Every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async Task RunOnceAsync()
    {
        await presence.ClearAsync(lines.All);
        await reports.PruneAsync(clock.GetUtcNow());
    }

    [LoggerMessage(3014, LogLevel.Warning, "The terminals' lines and reports could not be tidied; it will be tried again")]
    private partial void LogFault(Exception fault);
}
