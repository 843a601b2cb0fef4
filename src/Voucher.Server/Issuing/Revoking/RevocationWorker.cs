using Voucher.Server.Database;

namespace Voucher.Server.Issuing.Revoking;

/// <summary>Carries out approved revocations in the background; whatever a crash left is taken up at the start.</summary>
public sealed partial class RevocationWorker(RevocationWriter writer, ILogger<RevocationWorker> log) : BackgroundService
{
    /// <summary>How often to look for what another server approved or left.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly WorkBell _bell = new(Pause);

    public void Wake() => _bell.Ring();

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
            await _bell.WaitAsync(stoppingToken);
        }
    }

    [LoggerMessage(9801, LogLevel.Error, "Revoking vouchers failed; it will be tried again")]
    private partial void LogFault(Exception fault);
}
