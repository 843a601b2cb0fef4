namespace Voucher.Server.Vouchers;

/// <summary>Looks for expired vouchers at the start and then every hour, so that a new day's are found soon after midnight.</summary>
public sealed partial class ExpiryWorker(ReleaseExpired release, ILogger<ExpiryWorker> log) : BackgroundService
{
    public static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await release.RunAsync(stoppingToken) is var count and > 0) LogReleased(count);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogFault(fault);
            }
            await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(4301, LogLevel.Information, "{Count} expired vouchers gave their money back")]
    private partial void LogReleased(int count);

    [LoggerMessage(4302, LogLevel.Error, "Releasing expired vouchers failed; it will be tried again")]
    private partial void LogFault(Exception fault);
}
