using Voucher.Server.Policies;

namespace Voucher.Server.Issuing.Printing;

/// <summary>Asks for the PDFs of a batch: cut by township and village in the order of delivery, made in the background.</summary>
public sealed class PrintBatch(
    NpgsqlDataSource database, PolicyStore policies, ServerSettings settings, PrintWorker worker, County county, TimeProvider clock)
{
    /// <summary>Vouchers a file: half a ream of paper, and what a browser lays out within half a gigabyte of memory.</summary>
    public const int MostVouchersPerFile = 250;

    /// <summary>Only what is written to the end is printed: the vouchers of a batch that is paused or stopped may yet be revoked.</summary>
    public static Refusal? Refuse(Batch batch, Policy policy) =>
        batch.Status == BatchStatus.Issued
            ? null
            : Refusal.Under(policy, RefusalCode.BatchWrongStep, batch.IsPaused ? new Words("已暂停", "paused") : batch.Status.Name());

    /// <param name="township">Only this one; <c>null</c> for all.</param>
    /// <param name="village">Only this one; <c>null</c> for all.</param>
    /// <returns>The job's number.</returns>
    public async Task<Outcome<long>> RunAsync(BatchId id, int? township, Actor by, long? village = null)
    {
        await using var connection = await database.OpenConnectionAsync();
        if (await BatchStore.FindAsync(connection, county.Region, id) is not { } batch) return Refusal.Of(RefusalCode.NotFound);
        var policy = await policies.GetAsync(batch.PolicyId);
        if (Refuse(batch, policy) is { } refusal) return refusal;
        if (settings.Chromium is null) return Refusal.Of(RefusalCode.NoPdfPrinter);
        var files = FileCut.Of(await BatchVoucherStore.UsableAsync(connection, id, township, CountyTime.DayOf(clock.GetUtcNow()), village), MostVouchersPerFile);
        if (files.Count == 0) return Refusal.Under(policy, RefusalCode.NothingToPrint);

        await using var transaction = await connection.BeginTransactionAsync();
        var now = clock.GetUtcNow();
        var job = await PrintStore.CreateAsync(connection, transaction, id, files, by.Account, now);
        await AuditTrail.AppendAsync(connection, transaction, now, by.Account, "batch.print", $"batch:{id}", $"job:{job} files:{files.Count}",
            Ground.Under(Permission.PrintVouchers));
        await transaction.CommitAsync();
        worker.Wake();
        return job;
    }
}
