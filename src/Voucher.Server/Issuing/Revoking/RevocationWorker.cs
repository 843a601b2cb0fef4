namespace Voucher.Server.Issuing.Revoking;

/// <summary>Carries out approved revocations in the background; whatever a crash left is taken up at the start.</summary>
public sealed partial class RevocationWorker(RevocationWriter writer, ILogger<RevocationWorker> log) : BackgroundService
{
    /// <summary>How often to look for what another server approved or left.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _wake = new(0);

    public void Wake() => _wake.Release();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await writer.RunChunkAsync(stoppingToken)) { }
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogFault(fault);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            await ((Task)_wake.WaitAsync(Pause, stoppingToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    [LoggerMessage(9801, LogLevel.Error, "Revoking vouchers failed; it will be tried again")]
    private partial void LogFault(Exception fault);
}
