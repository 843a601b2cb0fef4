using Voucher.Server.Database;

namespace Voucher.Server.Spreadsheets;

/// <summary>
/// Makes long exports in the background, one at a time in the county, and removes those whose day is over. The queue is the
/// table: what a server leaves when it stops is made again from its beginning by the next that looks.
/// </summary>
public sealed partial class ExportWorker(
    NpgsqlDataSource database, IServiceProvider services, TimeProvider clock, ILogger<ExportWorker> log) : BackgroundService
{
    public static readonly Words TooOften = new(
        $"试了 {ExportJob.MostAttempts} 次都没有完成（多为数据太多、超时），请缩小筛选范围再导出",
        $"Begun {ExportJob.MostAttempts} times and never finished, mostly for want of time; narrow the list and export again");

    private readonly WorkBell _bell = new();

    public void Wake() => _bell.Ring();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await RunNextAsync(stoppingToken)) { }
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

    /// <summary>Makes the next export to its end; false when there is none, or another server is at it.</summary>
    public async Task<bool> RunNextAsync(CancellationToken cancel)
    {
        // Resolved late: before the county is set up there is nothing to export.
        var county = services.GetRequiredService<County>();
        await services.GetRequiredService<ExportJobStore>().ClearAsync(clock.GetUtcNow() - ExportJob.Kept);
        await using var hold = await ExportHoldStore.TryTakeAsync(database, cancel);
        if (hold is null || await hold.NextAsync(county.Region) is not { } job) return false;
        if (job.Attempts > ExportJob.MostAttempts)
        {
            LogTooOften(job.Id, job.List, ExportJob.MostAttempts);
            await hold.FailAsync(job.Id, TooOften, clock.GetUtcNow());
            return true;
        }
        try
        {
            if (await services.GetRequiredService<MakeExport>().RunAsync(job, hold, cancel) is { } rows) LogFinished(job.Id, job.List, rows);
        }
        catch (ExportRemovedException)
        {
            LogRemoved(job.Id);
        }
        catch (Exception fault) when (!cancel.IsCancellationRequested && !BrokenRead.MayPass(fault))
        {
            // Would fail the same way for ever and hold up those behind it.
            LogGivenUp(job.Id, fault);
            await hold.FailAsync(job.Id, new("导出时系统出错，请再导出一次", "Something went wrong while exporting; ask again"), clock.GetUtcNow());
        }
        return true;
    }

    [LoggerMessage(9901, LogLevel.Information, "Export {Export} of {List} is ready: {Rows} rows")]
    private partial void LogFinished(long export, string list, long rows);

    [LoggerMessage(9902, LogLevel.Error, "The export worker met a fault; it will look again")]
    private partial void LogFault(Exception fault);

    [LoggerMessage(9903, LogLevel.Error, "Export {Export} is given up")]
    private partial void LogGivenUp(long export, Exception fault);

    [LoggerMessage(9904, LogLevel.Information, "Export {Export} was taken away by its maker")]
    private partial void LogRemoved(long export);

    [LoggerMessage(9905, LogLevel.Error, "Export {Export} of {List} is given up after {Attempts} attempts")]
    private partial void LogTooOften(long export, string list, int attempts);
}
