using Voucher.Server.Database;

namespace Voucher.Server.Issuing.Printing;

/// <summary>Makes the files of print jobs, as many at once as the printer takes, and clears away those whose days are over.</summary>
public sealed partial class PrintWorker(
    NpgsqlDataSource database, PaperHtml pages, PdfPrinter printer, ServerSettings settings,
    County county, TimeProvider clock, ILogger<PrintWorker> log) : BackgroundService
{
    /// <summary>How often to look for jobs that another server took in or left.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>PDFs hold names: they are kept no longer than handing out takes.</summary>
    public const int KeepDays = 7;

    public const int MostAttempts = 3;

    private readonly WorkBell _bell = new(Pause);

    public void Wake() => _bell.Ring();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        RemoveOldFolder();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (settings.Chromium is not null) await PrintAllAsync(stoppingToken);
                await ClearAsync();
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

    /// <summary>Makes every file that waits; each is held by the one who makes it, so none is made twice.</summary>
    public Task PrintAllAsync(CancellationToken cancel) =>
        Task.WhenAll(Enumerable.Range(0, PdfPrinter.AtOnce).Select(async _ =>
        {
            while (await PrintNextAsync(cancel)) { }
        }));

    /// <summary>Makes one file; false when none waits that nobody else is at.</summary>
    public async Task<bool> PrintNextAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (await PrintStore.TakeAsync(connection, transaction, county.Region) is not { } file) return false;
        var (status, pdf) = await TryPrintAsync(file, cancel);
        await PrintStore.FinishAsync(connection, transaction, file, status, pdf, clock.GetUtcNow());
        await transaction.CommitAsync(cancel);
        return true;
    }

    private async Task<(PrintStatus Status, byte[]? Pdf)> TryPrintAsync(PrintTask file, CancellationToken cancel)
    {
        try
        {
            return (PrintStatus.Ready, await printer.PrintAsync(await RenderAsync(file), cancel));
        }
        catch (Exception fault) when (!cancel.IsCancellationRequested)
        {
            LogFileFailed(fault, file.JobId, file.Number);
            return (file.Attempts + 1 < MostAttempts ? PrintStatus.Waiting : PrintStatus.Failed, null);
        }
    }

    private async Task<string> RenderAsync(PrintTask file)
    {
        await using var connection = await database.OpenConnectionAsync();
        var batch = (await BatchStore.FindAsync(connection, county.Region, file.BatchId))!;
        var ids = await PrintStore.VouchersAsync(connection, file);
        var paper = await PaperStore.ReadAsync(connection, county, batch, file.Title, ids, CountyTime.DayOf(clock.GetUtcNow()));
        if (file.Part == 1) paper = paper with { Totals = await PrintStore.TotalsAsync(connection, file) };
        return await pages.RenderAsync(paper);
    }

    private async Task ClearAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        await PrintStore.RemoveOlderAsync(connection, clock.GetUtcNow().AddDays(-KeepDays));
    }

    /// <summary>PDFs were files of one server once. They hold names, so none may be left behind.</summary>
    private void RemoveOldFolder()
    {
        var old = Path.Combine(settings.Home, "print");
        if (Directory.Exists(old)) Directory.Delete(old, recursive: true);
    }

    [LoggerMessage(4201, LogLevel.Error, "Printing failed; it will be tried again")]
    private partial void LogFault(Exception fault);

    [LoggerMessage(4202, LogLevel.Error, "File {Number} of print job {Job} failed")]
    private partial void LogFileFailed(Exception fault, long job, int number);
}
