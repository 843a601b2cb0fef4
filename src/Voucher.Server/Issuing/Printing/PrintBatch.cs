using Voucher.Server.Policies;

namespace Voucher.Server.Issuing.Printing;

/// <summary>Asks for the PDFs of a batch: cut by township in the order of delivery, made in the background.</summary>
public sealed class PrintBatch(
    NpgsqlDataSource database, PolicyStore policies, ServerSettings settings, PrintWorker worker, County county, TimeProvider clock)
{
    /// <summary>Vouchers a file: half a ream of paper, and what a browser lays out within half a gigabyte of memory.</summary>
    public const int MostVouchersPerFile = 250;

    /// <param name="township">Only this one; <c>null</c> for all.</param>
    /// <returns>The job's number.</returns>
    public async Task<Outcome<long>> RunAsync(BatchId id, int? township, Actor by)
    {
        await using var connection = await database.OpenConnectionAsync();
        if (await BatchStore.FindAsync(connection, county.Region, id) is not { } batch) return Refusal.Of(RefusalCode.NotFound);
        var policy = await policies.GetAsync(batch.PolicyId);
        if (batch.Status != BatchStatus.Issued) return Refusal.Under(policy, RefusalCode.BatchWrongStep, batch.Status.Name());
        if (settings.Chromium is null) return Refusal.Of(RefusalCode.NoPdfPrinter);
        var files = Cut(await BatchVoucherStore.UsableAsync(connection, id, township, CountyTime.DayOf(clock.GetUtcNow())));
        if (files.Count == 0) return Refusal.Under(policy, RefusalCode.NothingToPrint);

        await using var transaction = await connection.BeginTransactionAsync();
        var now = clock.GetUtcNow();
        var job = await PrintStore.CreateAsync(connection, transaction, id, files, by.Account, now);
        await AuditTrail.AppendAsync(connection, transaction, now, by.Account, "batch.print", $"batch:{id}", $"job:{job} files:{files.Count}");
        await transaction.CommitAsync();
        worker.Wake();
        return job;
    }

    /// <summary>One or more files a township, none with vouchers of two.</summary>
    private static List<(string Title, VoucherId[] Vouchers)> Cut(IReadOnlyList<(VoucherId Id, int? Township, string? TownshipName)> vouchers)
    {
        var files = new List<(string, VoucherId[])>();
        foreach (var township in vouchers.GroupBy(voucher => (voucher.Township, voucher.TownshipName)))
        {
            var chunks = township.Select(voucher => voucher.Id).Chunk(MostVouchersPerFile).ToList();
            var name = township.Key.TownshipName ?? "未填乡镇";
            files.AddRange(chunks.Select((chunk, index) => (chunks.Count == 1 ? name : $"{name}（{index + 1}/{chunks.Count}）", chunk)));
        }
        return files;
    }
}
