using Dapper;
using Voucher.Server.Issuing;
using Voucher.Server.Issuing.Printing;
using Voucher.Testing;

namespace Voucher.Server.Tests.Issuing;

/// <summary>Several browsers make a job's files, each file once.</summary>
public sealed class PrintingAtOnceTests(CountyAtRest county) : IClassFixture<CountyAtRest>
{
    [Fact]
    public async Task A_file_that_another_server_makes_is_passed_over_until_it_lets_go()
    {
        Requires.Chromium();
        var (batch, _) = await PrintAsync(people: 3);
        await using var other = await county.Database.OpenConnectionAsync();
        await using (var held = await other.BeginTransactionAsync())
        {
            var first = await PrintStore.TakeAsync(other, held, county.Get<County>().Region);
            Assert.Equal(1, first!.Number);
            await county.Get<PrintWorker>().PrintAllAsync(CancellationToken.None);
            var made = await FilesAsync(batch);
            Assert.Equal([PrintStatus.Waiting, PrintStatus.Ready, PrintStatus.Ready], made.Select(file => file.Status));
        }
        // The transaction ended without a word, as when the other server dies.
        await county.Get<PrintWorker>().PrintAllAsync(CancellationToken.None);
        Assert.All(await FilesAsync(batch), file => Assert.Equal(PrintStatus.Ready, file.Status));
    }

    [Fact]
    public async Task Files_made_at_once_are_each_made_once()
    {
        Requires.Chromium();
        var (_, job) = await PrintAsync(people: 5);
        var worker = county.Get<PrintWorker>();
        // As two servers would: each as many at once as it may.
        await Task.WhenAll(worker.PrintAllAsync(CancellationToken.None), worker.PrintAllAsync(CancellationToken.None));
        await using var connection = await county.Database.OpenConnectionAsync();
        var files = (await connection.QueryAsync<(short Status, int Attempts)>(
            "select status, attempts from print_file where job_id = @job", new { job })).AsList();
        Assert.Equal(5, files.Count);
        Assert.All(files, file => Assert.Equal(((short)PrintStatus.Ready, 1), file));
    }

    [Fact]
    public async Task A_township_is_cut_into_files_of_the_size_that_one_browser_takes()
    {
        var batch = await county.IssuedBatchAsync(PrintBatch.MostVouchersPerFile + 1);
        await using var connection = await county.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            update person set township_code = (select min(township_code) from person)
            where id in (select person_id from voucher where batch_id = @id)
            """, new { id = batch.Id });
        var job = (await county.Get<PrintBatch>().RunAsync(batch.Id, null, await county.ActorAsync("clerk"))).OrThrow();
        Assert.Equal([PrintBatch.MostVouchersPerFile, 1], (await FilesAsync(batch)).Select(file => file.Vouchers));
        // Nobody needs these; they must not wait for the tests that come after.
        await connection.ExecuteAsync("update print_file set status = 4 where job_id = @job", new { job });
    }

    [Fact]
    public async Task No_more_browsers_run_at_once_than_the_bound()
    {
        var folder = Directory.CreateTempSubdirectory("voucher-print-test-").FullName;
        try
        {
            using var printer = new PdfPrinter(county.Get<ServerSettings>() with { Chromium = await WaitingBrowserAsync(folder) });
            var all = Enumerable.Range(0, PdfPrinter.AtOnce + 2)
                .Select(_ => printer.PrintAsync("<p>x</p>", CancellationToken.None)).ToList();
            await Patience.UntilAsync(() => Task.FromResult(Lines(folder).Length >= PdfPrinter.AtOnce), "The browsers did not start.");
            await File.WriteAllTextAsync(Path.Combine(folder, "go"), "");
            await Task.WhenAll(all);
            Assert.Equal(PdfPrinter.AtOnce, MostAtOnce(Lines(folder)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<(Batch Batch, long Job)> PrintAsync(int people)
    {
        // The people come from as many townships, so each gets a file.
        var batch = await county.IssuedBatchAsync(people);
        var job = (await county.Get<PrintBatch>().RunAsync(batch.Id, null, await county.ActorAsync("clerk"))).OrThrow();
        Assert.Equal(people, (await FilesAsync(batch)).Count);
        return (batch, job);
    }

    private async Task<IReadOnlyList<PrintFile>> FilesAsync(Batch batch)
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        return await PrintStore.NewestAsync(connection, batch.Id);
    }

    /// <summary>A program that says when it begins and ends, and makes its "PDF" only when told to go.</summary>
    private static async Task<string> WaitingBrowserAsync(string folder)
    {
        var path = Path.Combine(folder, "browser");
        await File.WriteAllTextAsync(path, $"""
            #!/bin/sh
            echo begin >>'{folder}/log'
            while [ ! -e '{folder}/go' ]; do sleep 0.05; done
            for argument; do case $argument in --print-to-pdf=*) echo pdf >"$(printf %s "$argument" | cut -d= -f2-)";; esac; done
            echo end >>'{folder}/log'
            """);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }

    private static string[] Lines(string folder) =>
        File.Exists(Path.Combine(folder, "log")) ? File.ReadAllLines(Path.Combine(folder, "log")) : [];

    private static int MostAtOnce(IEnumerable<string> lines)
    {
        int now = 0, most = 0;
        foreach (var line in lines)
        {
            now += line == "begin" ? 1 : -1;
            most = Math.Max(most, now);
        }
        return most;
    }
}
