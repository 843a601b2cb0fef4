using System.Diagnostics;
using System.Globalization;
using Voucher.Benchmarks.County;
using Voucher.Benchmarks.Report;
using Voucher.Benchmarks.Yardsticks;
using Voucher.Server.Database;
using Voucher.Server.Issuing;
using Voucher.Server.Issuing.Printing;

namespace Voucher.Benchmarks.Measures;

/// <summary>Issuing and printing by the server's own code.</summary>
internal sealed class IssuingMeasure(Arena arena, IssuingOffice office)
{
    /// <summary>The plan of the county whose text the programme follows: so many in three years.</summary>
    public const int WholePlan = 54_115;

    /// <summary>Signs and writes the vouchers of an approved batch.</summary>
    public async Task<Sample> IssueAsync()
    {
        var people = arena.Options.Issued;
        var batch = await office.ApproveAsync(people);
        var (elapsed, cpu) = await arena.ClockAsync(async () =>
        {
            var start = Stopwatch.GetTimestamp();
            if (!await office.Get<BatchWriter>().WriteAsync(batch.Id, batch.ValidUntil, CancellationToken.None)) throw new InvalidOperationException("No key may sign.");
            return Stopwatch.GetElapsedTime(start);
        });
        var written = await new BenchStore(office.Get<OwnerDatabase>().Source).VouchersAsync(batch.Id);
        if (written != people) arena.Broken.Add($"issuing: {people} approved, {written} vouchers in the ledger");
        return new Sample(people / elapsed.TotalSeconds, people, cpu);
    }

    /// <summary>Signing with P-256 by OpenSSL's own measure, one process a core.</summary>
    public static async Task<Sample> SigningAsync() => new((await OpenSslSpeed.RunAsync(Environment.ProcessorCount)).Signs, 1);

    /// <summary>From asking for the PDFs until the last is there.</summary>
    public async Task<Sample> PrintAsync()
    {
        var people = arena.Options.Printed;
        var batch = await office.ApproveAsync(people);
        await office.Get<BatchWriter>().WriteAsync(batch.Id, batch.ValidUntil, CancellationToken.None);
        var clerk = await office.ActorAsync("clerk");
        var (elapsed, cpu) = await arena.ClockAsync(async () =>
        {
            var start = Stopwatch.GetTimestamp();
            (await office.Get<PrintBatch>().RunAsync(batch.Id, null, clerk)).OrThrow();
            await office.Get<PrintWorker>().PrintAllAsync(CancellationToken.None);
            return Stopwatch.GetElapsedTime(start);
        });
        return new Sample(people / elapsed.TotalSeconds, people, cpu, string.Create(CultureInfo.InvariantCulture,
            $"{SizeOf(people)}; {WholePlan:N0} would take {WholePlan * elapsed.TotalMinutes / people:0.0} min"));
    }

    /// <summary>The codes alone, as pictures, on all cores.</summary>
    public async Task<Sample> CodesAsync()
    {
        var deck = await arena.Decks.MakeAsync(arena.Options.Printed, signed: true);
        string[] digits = [.. deck.Vouchers.Select(voucher => voucher.Token.ToDigits())];
        var (elapsed, cpu) = await arena.ClockAsync(() => Task.Run(() =>
        {
            var start = Stopwatch.GetTimestamp();
            Parallel.ForEach(digits, text => new QrImage(text, QrStrength.Q).ToPng(QrImage.PixelsPerModuleOnPaper));
            return Stopwatch.GetElapsedTime(start);
        }));
        return new Sample(digits.Length / elapsed.TotalSeconds, digits.Length, cpu);
    }

    private static string SizeOf(int people) => string.Create(CultureInfo.InvariantCulture, $"{people:N0} vouchers");
}
