namespace Voucher.Server.OfflineLists;

/// <summary>Keeps the status list up to date while the server runs.</summary>
public sealed partial class StatusListWorker(StatusListPublisher publisher, TimeProvider clock, ILogger<StatusListWorker> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isWhole = true;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await publisher.RunAsync(isWhole, stoppingToken);
                isWhole = false;
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogFault(fault);
            }
            await Task.Delay(StatusListPublisher.Every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(3203, LogLevel.Error, "The status list could not be brought up to date; it will be tried again")]
    private partial void LogFault(Exception fault);
}
