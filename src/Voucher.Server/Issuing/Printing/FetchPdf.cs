namespace Voucher.Server.Issuing.Printing;

/// <summary>A PDF on disk and the name under which it is saved.</summary>
public sealed record PdfFile(string Path, string Name);

/// <summary>Gives out a finished PDF; it holds names and codes, so each time is on the audit trail.</summary>
public sealed class FetchPdf(NpgsqlDataSource database, PrintFolder folder, County county, TimeProvider clock)
{
    public async Task<Outcome<PdfFile>> RunAsync(BatchId id, int number, Actor by)
    {
        await using var connection = await database.OpenConnectionAsync();
        if (await BatchStore.FindAsync(connection, county.Region, id) is null) return Refusal.Of(RefusalCode.NotFound);
        var file = (await PrintStore.NewestAsync(connection, id)).FirstOrDefault(file => file.Number == number && file.Status == PrintStatus.Ready);
        if (file is null || !File.Exists(folder.PathOf(file.JobId, number))) return Refusal.Of(RefusalCode.NotFound);
        await using var transaction = await connection.BeginTransactionAsync();
        await AuditTrail.AppendAsync(
            connection, transaction, clock.GetUtcNow(), by.Account, "batch.pdf", $"batch:{id}", $"job:{file.JobId} file:{number}");
        await transaction.CommitAsync();
        return new PdfFile(folder.PathOf(file.JobId, number), $"{id}-{number:D4} {file.Title}.pdf");
    }
}
