namespace Voucher.Server.Issuing.Printing;

/// <summary>A PDF and the name under which it is saved.</summary>
public sealed record PdfFile(byte[] Content, string Name);

/// <summary>Gives out a finished PDF, whichever server made it; it holds names and codes, so each time is on the audit trail.</summary>
public sealed class FetchPdf(NpgsqlDataSource database, PrintWorker worker, County county, TimeProvider clock)
{
    public async Task<Outcome<PdfFile>> RunAsync(BatchId id, int number, Actor by)
    {
        await using var connection = await database.OpenConnectionAsync();
        if (await BatchStore.FindAsync(connection, county.Region, id) is null) return Refusal.Of(RefusalCode.NotFound);
        var file = (await PrintStore.NewestAsync(connection, id)).FirstOrDefault(file => file.Number == number && file.Status == PrintStatus.Ready);
        if (file is null) return Refusal.Of(RefusalCode.NotFound);
        await using var transaction = await connection.BeginTransactionAsync();
        if (await PrintStore.ReadAsync(connection, transaction, file) is not { } content) return await MakeAgainAsync(connection, transaction, file);
        await AuditTrail.AppendAsync(
            connection, transaction, clock.GetUtcNow(), by.Account, "batch.pdf", $"batch:{id}", $"job:{file.JobId} file:{number}",
            Ground.Under(Permission.PrintVouchers));
        await transaction.CommitAsync();
        return new PdfFile(content, $"{id}-{number:D4} {file.Title}.pdf");
    }

    /// <summary>A crash of the database has emptied the table of PDFs: this one waits again, as its status tells.</summary>
    private async Task<Outcome<PdfFile>> MakeAgainAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PrintFile file)
    {
        await PrintStore.MakeAgainAsync(connection, transaction, file);
        await transaction.CommitAsync();
        worker.Wake();
        return Refusal.Of(RefusalCode.NotFound);
    }
}
