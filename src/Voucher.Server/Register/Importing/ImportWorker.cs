using Voucher.Server.Database;

namespace Voucher.Server.Register.Importing;

/// <summary>
/// Works through the uploads, one at a time, in the background. The queue is the table: what is unfinished when a server
/// starts, or was left by one that died, is taken up where it stopped. The bell only wakes the worker.
/// </summary>
public sealed partial class ImportWorker(
    NpgsqlDataSource database, IServiceProvider services, TimeProvider clock, ILogger<ImportWorker> log) : BackgroundService
{
    private readonly WorkBell _bell = new();

    public void Wake() => _bell.Ring();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await DropForgottenAsync();
                while (await RunNextAsync(stoppingToken)) { }
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogFault(fault); // The database may be away: what was written stays, the rest is tried again.
            }
            await _bell.WaitAsync(stoppingToken);
        }
    }

    private Task DropForgottenAsync() => services.GetRequiredService<ImportStepStore>().DropForgottenAsync(clock.GetUtcNow());

    /// <summary>Does the next piece of work to its end; false when there is none, or another server is at it.</summary>
    public async Task<bool> RunNextAsync(CancellationToken cancel)
    {
        // Resolved late: before the county is set up there is nothing to import.
        var imports = services.GetRequiredService<ImportStore>();
        if (await imports.NextUnfinishedAsync() is not var (id, status)) return false;
        await using var progress = await ImportProgressStore.TryHoldAsync(database, cancel);
        if (progress is null) return false;
        try
        {
            return status switch
            {
                ImportStatus.Checking => await CheckAsync(id, progress, cancel),
                ImportStatus.Undoing => await UndoAsync(id, progress, cancel),
                _ => await ImportAsync(id, progress, cancel),
            };
        }
        catch (UnusableFileException unusable)
        {
            await progress.FailAsync(id, unusable.Problem, clock.GetUtcNow());
        }
        catch (Exception fault) when (!BrokenRead.MayPass(fault))
        {
            // Would fail the same way for ever and hold up those behind it.
            LogGivenUp(id, fault);
            if (status == ImportStatus.Undoing) await progress.GiveUpUndoAsync(id);
            else await progress.FailAsync(id, new("导入时系统出错，已导入的行保留", "Something went wrong while importing; rows imported so far are kept"), clock.GetUtcNow());
        }
        return true;
    }

    private async Task<bool> ImportAsync(long id, ImportProgressStore progress, CancellationToken cancel)
    {
        if (await progress.StartAsync(id) is not { } import) return false;
        using var run = await OpenAsync(import);
        while (await run.NextChunkAsync(progress, clock.GetUtcNow(), cancel)) cancel.ThrowIfCancellationRequested();
        await progress.FinishAsync(import.Id, clock.GetUtcNow());
        LogFinished(import.Id, run.DoneRows);
        return true;
    }

    private async Task<bool> CheckAsync(long id, ImportProgressStore progress, CancellationToken cancel)
    {
        if (await progress.StartCheckAsync(id) is not { } import) return false;
        using var run = await OpenAsync(import);
        var preview = new ImportPreview();
        while (await run.CheckNextChunkAsync(progress, preview, cancel)) cancel.ThrowIfCancellationRequested();
        await progress.FinishCheckAsync(id, preview);
        return true;
    }

    private async Task<bool> UndoAsync(long id, ImportProgressStore progress, CancellationToken cancel)
    {
        var run = new UndoRun(
            services.GetRequiredService<UndoStore>(), services.GetRequiredService<PersonWriter>(), services.GetRequiredService<PersonalData>(), services.GetRequiredService<County>());
        var now = clock.GetUtcNow();
        while (await progress.UndoChunkAsync(id, (connection, transaction, order) => run.NextChunkAsync(connection, transaction, id, order, now), now, cancel)) { }
        LogUndone(id);
        return true;
    }

    /// <summary>Opens the stored upload at the row where it stopped.</summary>
    public async Task<ImportRun> OpenAsync(UnfinishedImport import)
    {
        var county = services.GetRequiredService<County>();
        var personalData = services.GetRequiredService<PersonalData>();
        var today = CountyTime.DayOf(clock.GetUtcNow());
        var names = await services.GetRequiredService<RegisterNamesStore>().ReadAsync();
        var content = personalData.OpenBytes(import.Content);
        var file = import is { Screen: { } screen, Columns: { } columns }
            ? RegisterFile.OpenAgain(import.FileName, content, FileScreen.FromJson(screen), ColumnChoice.FromJson(columns))
            : RegisterFile.Open(import.FileName, content);
        var tools = new ImportTools(
            new RowSorting(personalData, county), services.GetRequiredService<PersonWriter>(), new Duplicates.SealedRow(personalData), county);
        return new ImportRun(import, file, names, tools, today);
    }

    [LoggerMessage(4101, LogLevel.Information, "Import {Import} is finished: {Rows} rows")]
    private partial void LogFinished(long import, int rows);

    [LoggerMessage(9411, LogLevel.Information, "Import {Import} is undone")]
    private partial void LogUndone(long import);

    [LoggerMessage(4102, LogLevel.Error, "The import worker met a fault; it will look again")]
    private partial void LogFault(Exception fault);

    [LoggerMessage(4103, LogLevel.Error, "Import {Import} is given up")]
    private partial void LogGivenUp(long import, Exception fault);
}
