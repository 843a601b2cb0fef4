using Voucher.Server.Database;

namespace Voucher.Server.Issuing;

/// <summary>
/// Writes the vouchers of approved batches in the background. Whatever a crash left unfinished is taken up at the start;
/// a fault is logged and tried again.
/// </summary>
public sealed partial class IssuingWorker(NpgsqlDataSource database, BatchWriter writer, County county, ILogger<IssuingWorker> log) : BackgroundService
{
    /// <summary>How often to look for batches that another server approved or left.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly WorkBell _bell = new(Pause);

    /// <summary>A batch was just approved: look now.</summary>
    public void Wake() => _bell.Ring();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await TryAsync(() => RunAsync(stoppingToken), stoppingToken);
            await _bell.WaitAsync(stoppingToken);
        }
    }

    private async Task RunAsync(CancellationToken cancel)
    {
        foreach (var (id, validUntil) in await OpenAsync(cancel))
        {
            // One batch's fault must not keep the others waiting.
            await TryAsync(async () =>
            {
                if (!await writer.WriteAsync(id, validUntil, cancel)) LogNoKey(id.Value);
            }, cancel);
        }
    }

    private async Task TryAsync(Func<Task> work, CancellationToken cancel)
    {
        try
        {
            await work();
        }
        catch (Exception) when (cancel.IsCancellationRequested)
        {
            LogStopped();
        }
        catch (Exception fault)
        {
            LogFault(fault);
        }
    }

    private async Task<IReadOnlyList<(BatchId Id, DateOnly ValidUntil)>> OpenAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await WritingStore.OpenBatchesAsync(connection, county.Region);
    }

    [LoggerMessage(4001, LogLevel.Error, "Writing vouchers failed; it will be tried again")]
    private partial void LogFault(Exception fault);

    [LoggerMessage(4002, LogLevel.Warning, "No issuing key may sign batch {Batch}; run the command keys rotate")]
    private partial void LogNoKey(long batch);

    [LoggerMessage(4003, LogLevel.Information, "Writing vouchers stopped with the server; it goes on at the next start")]
    private partial void LogStopped();
}
