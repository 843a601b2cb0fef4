using Voucher.Server.Database;
using Voucher.Server.Register.Importing;

namespace Voucher.Server.Register.Matching;

/// <summary>Matches the lists that were handed in, one at a time, in the background. The queue is the table; the bell only wakes.</summary>
public sealed partial class MatchWorker(
    NpgsqlDataSource database, IServiceProvider services, TimeProvider clock, ILogger<MatchWorker> log) : BackgroundService
{
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
                LogFault(fault); // The database may be away: the list waits, and is matched from its beginning.
            }
            await _bell.WaitAsync(stoppingToken);
        }
    }

    /// <summary>Matches the next waiting list to its end; false when there is none, or another server is at it.</summary>
    public async Task<bool> RunNextAsync(CancellationToken cancel)
    {
        // Resolved late: before the county is set up there is nothing to match.
        var matches = services.GetRequiredService<MatchStore>();
        if (await matches.NextUnfinishedAsync() is not { } id) return false;
        await using var progress = await MatchProgressStore.TryHoldAsync(database, cancel);
        if (progress is null || await progress.StartAsync(id, cancel) is not { } match) return false;
        try
        {
            await RunAsync(match, matches, progress, cancel);
        }
        catch (UnusableFileException unusable)
        {
            await progress.FailAsync(id, unusable.Problem, clock.GetUtcNow());
        }
        catch (Exception fault) when (!BrokenRead.MayPass(fault))
        {
            LogGivenUp(id, fault); // Would fail the same way for ever and hold up those behind it.
            await progress.FailAsync(id, new("比对时系统出错，没有记下任何结果", "Something went wrong while matching; nothing was recorded"), clock.GetUtcNow());
        }
        return true;
    }

    private async Task RunAsync(UnfinishedMatch match, MatchStore matches, MatchProgressStore progress, CancellationToken cancel)
    {
        var personalData = services.GetRequiredService<PersonalData>();
        var county = services.GetRequiredService<County>();
        var file = RegisterFile.Open(match.FileName, personalData.OpenBytes(match.Content));
        var names = new TownshipNames(county.Name, await services.GetRequiredService<PersonStore>().TownshipsAsync());
        var run = new MatchRun(match, file, new ListReader(file.Header, names, personalData), progress, county);
        await run.RunAsync(rows => matches.NoteProgressAsync(match.Id, rows), cancel);
        await progress.FinishAsync(match, county.Region, run.Rows, run.NotFound, run.Bad, clock.GetUtcNow());
        LogFinished(match.Id, run.Rows);
    }

    [LoggerMessage(9401, LogLevel.Information, "Matching {Match} is finished: {Rows} rows")]
    private partial void LogFinished(long match, int rows);

    [LoggerMessage(9402, LogLevel.Error, "The matching worker met a fault; it will look again")]
    private partial void LogFault(Exception fault);

    [LoggerMessage(9403, LogLevel.Error, "Matching {Match} is given up")]
    private partial void LogGivenUp(long match, Exception fault);
}
