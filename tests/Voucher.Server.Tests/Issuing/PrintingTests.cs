using System.Diagnostics;
using Dapper;
using Voucher.Server.Issuing;
using Voucher.Server.Issuing.Printing;
using Voucher.Server.Vouchers;
using Voucher.Testing;

namespace Voucher.Server.Tests.Issuing;

/// <summary>What leaves the printer can be read again.</summary>
public sealed class PrintingTests(CountyAtRest county) : IClassFixture<CountyAtRest>
{
    [Theory]
    [InlineData(QrStrength.M, 37, QrImage.PixelsPerModule)]
    [InlineData(QrStrength.Q, 45, QrImage.PixelsPerModuleOnPaper)]
    public async Task The_digits_fit_the_version_that_the_design_asks_for_and_read_back(QrStrength strength, int modules, int pixels)
    {
        // The largest number takes the whole of the capacity, if anything does.
        var digits = new string('9', 202);
        var code = new QrImage(digits, strength);
        Assert.Equal(modules, code.Modules);
        Assert.Contains($"viewBox=\"0 0 {modules + 8} {modules + 8}\"", code.ToSvg(), StringComparison.Ordinal);
        var folder = Directory.CreateTempSubdirectory("voucher-qr-").FullName;
        try
        {
            var png = Path.Combine(folder, "qr.png");
            var bytes = code.ToPng(pixels);
            Assert.Equal((modules + 8) * pixels, WidthOf(bytes));
            Assert.Equal(bytes, code.ToPng(pixels));
            await File.WriteAllBytesAsync(png, bytes);
            Assert.Equal([digits], await ScanAsync(png));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_code_with_anything_but_digits_is_not_drawn() =>
        Assert.Throws<ArgumentException>(() => new QrImage("12a4", QrStrength.M));

    [Fact]
    public async Task A_printed_page_reads_back_the_same_digits_and_its_fonts_are_in_the_file()
    {
        Requires.Chromium();
        var batch = await county.IssuedBatchAsync(4);
        (await county.Get<PrintBatch>().RunAsync(batch.Id, null, await county.ActorAsync("clerk"))).OrThrow();
        while (await county.Get<PrintWorker>().PrintNextAsync(CancellationToken.None)) { }

        await using var connection = await county.Database.OpenConnectionAsync();
        var files = await PrintStore.NewestAsync(connection, batch.Id);
        Assert.All(files, file => Assert.Equal(PrintStatus.Ready, file.Status));
        Assert.Equal(4, files.Sum(file => file.Vouchers));
        var expected = (await BatchVoucherStore.ListAsync(connection, batch.Id, null, 0, 10)).Select(voucher => voucher.Digits).Order().ToArray();
        var read = new List<string>();
        foreach (var file in files)
        {
            using var saved = await SaveAsync(batch.Id, file.Number);
            var pdf = saved.Path;
            // The township's totals, one page to sign on for those without a village, then one a holder: text 004's list goes with each voucher on the same sheet.
            Assert.Equal(2 + file.Vouchers, await PageCountAsync(pdf));
            Assert.Contains("领取签收表", await RunAsync("pdftotext", "-layout", pdf, "-"), StringComparison.Ordinal);
            Assert.True(await EveryFontIsEmbeddedAsync(pdf));
            var text = await RunAsync("pdftotext", "-layout", pdf, "-");
            Assert.Contains("签领", text, StringComparison.Ordinal);
            Assert.Contains("牛肉拉面", text, StringComparison.Ordinal);
            read.AddRange(await ScanPdfAsync(pdf));
        }
        Assert.Equal(expected, read.Order().ToArray());
    }

    [Fact]
    public async Task A_voucher_voided_before_its_page_is_made_is_not_printed()
    {
        Requires.Chromium();
        var batch = await county.IssuedBatchAsync(1);
        var clerk = await county.ActorAsync("clerk");
        (await county.Get<PrintBatch>().RunAsync(batch.Id, null, clerk)).OrThrow();
        await using var connection = await county.Database.OpenConnectionAsync();
        var id = (await BatchVoucherStore.ListAsync(connection, batch.Id, null, 0, 1))[0].Id;
        (await county.Get<RevokeVoucher>().RunAsync(id, "发错人", clerk)).OrThrow();
        while (await county.Get<PrintWorker>().PrintNextAsync(CancellationToken.None)) { }
        Assert.Equal(PrintStatus.Ready, (await PrintStore.NewestAsync(connection, batch.Id)).Single().Status);
        using var saved = await SaveAsync(batch.Id, 1);
        Assert.Empty(await ScanPdfAsync(saved.Path));
        var refused = Assert.IsType<Core.Refusals.Outcome<long>.Refused>(await county.Get<PrintBatch>().RunAsync(batch.Id, null, clerk));
        Assert.Equal(Core.Refusals.RefusalCode.NothingToPrint, refused.Refusal.Code);
    }

    [Fact]
    public async Task A_browser_that_makes_nothing_is_told_and_leaves_nothing_behind()
    {
        var settings = county.Get<ServerSettings>() with { Chromium = "/bin/false" };
        using var printer = new PdfPrinter(settings);
        await Assert.ThrowsAsync<InvalidOperationException>(() => printer.PrintAsync("<p>x</p>", CancellationToken.None));
    }

    [Fact]
    public async Task What_a_crash_of_the_database_has_emptied_is_made_again_and_what_is_old_is_removed()
    {
        Requires.Chromium();
        var batch = await county.IssuedBatchAsync(1);
        var clerk = await county.ActorAsync("clerk");
        (await county.Get<PrintBatch>().RunAsync(batch.Id, null, clerk)).OrThrow();
        while (await county.Get<PrintWorker>().PrintNextAsync(CancellationToken.None)) { }
        await using var connection = await county.Database.OpenConnectionAsync();
        var made = (await PrintStore.NewestAsync(connection, batch.Id)).Single();
        Assert.Equal(made.SizeBytes, (await county.Get<FetchPdf>().RunAsync(batch.Id, 1, clerk)).OrThrow().Content.Length);

        await connection.ExecuteAsync("delete from print_content where job_id = @JobId", new { made.JobId });
        Assert.IsType<Core.Refusals.Outcome<PdfFile>.Refused>(await county.Get<FetchPdf>().RunAsync(batch.Id, 1, clerk));
        Assert.Equal(PrintStatus.Waiting, (await PrintStore.NewestAsync(connection, batch.Id)).Single().Status);
        while (await county.Get<PrintWorker>().PrintNextAsync(CancellationToken.None)) { }
        Assert.NotEmpty((await county.Get<FetchPdf>().RunAsync(batch.Id, 1, clerk)).OrThrow().Content);

        await PrintStore.RemoveOlderAsync(connection, county.Clock.GetUtcNow().AddSeconds(1));
        Assert.Equal(PrintStatus.Removed, (await PrintStore.NewestAsync(connection, batch.Id)).Single().Status);
        Assert.Equal(0, await connection.ExecuteScalarAsync<int>("select count(*)::int from print_content where job_id = @JobId", new { made.JobId }));
    }

    /// <summary>The PDF as a clerk gets it, in a file that is gone afterwards.</summary>
    private async Task<SavedPdf> SaveAsync(Core.BatchId batch, int number)
    {
        var saved = new SavedPdf();
        await File.WriteAllBytesAsync(saved.Path, (await county.Get<FetchPdf>().RunAsync(batch, number, await county.ActorAsync("clerk"))).OrThrow().Content);
        return saved;
    }

    private sealed class SavedPdf : IDisposable
    {
        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }

    /// <summary>The header chunk follows eight bytes of signature and eight of its own name and length.</summary>
    private static int WidthOf(byte[] png) => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16));

    private static async Task<int> PageCountAsync(string pdf)
    {
        var line = (await RunAsync("pdfinfo", pdf)).Split('\n').Single(line => line.StartsWith("Pages:", StringComparison.Ordinal));
        return int.Parse(line["Pages:".Length..], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>After two lines of heading, the columns from the right are: object id (two), unicode, subset, embedded.</summary>
    private static async Task<bool> EveryFontIsEmbeddedAsync(string pdf)
    {
        var fonts = (await RunAsync("pdffonts", pdf)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2).ToList();
        return fonts.Count > 0 && fonts.All(font => font.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^5] == "yes");
    }

    private static async Task<string[]> ScanPdfAsync(string pdf)
    {
        var folder = Directory.CreateTempSubdirectory("voucher-pdf-").FullName;
        try
        {
            await RunAsync("pdftoppm", "-r", "150", "-png", pdf, Path.Combine(folder, "page"));
            var read = new List<string>();
            foreach (var page in Directory.EnumerateFiles(folder).Order()) read.AddRange(await ScanAsync(page));
            return [.. read];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string[]> ScanAsync(string image) =>
        (await RunAsync("zbarimg", "--quiet", "--raw", image)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Requires.Program(program), arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        })!;
        var complaints = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await complaints;
        await process.WaitForExitAsync();
        return output;
    }
}
