using Voucher.Server.Register;

namespace Voucher.Server.Spreadsheets;

/// <summary>A long export that can be sent.</summary>
public sealed record ReadyExport(ExportJob Job, string Name);

/// <summary>Gives a finished export to the person who asked for it, part by part; each fetching is on the audit trail.</summary>
public sealed class FetchExport(ExportCatalogue catalogue, ExportJobStore jobs, NpgsqlDataSource database, PersonalData personalData, TimeProvider clock)
{
    public async Task<Outcome<ReadyExport>> FindAsync(Actor actor, long id)
    {
        if (await jobs.FindAsync(actor.Account, id) is not { Status: ExportStatus.Ready } job || catalogue.Find(job.List) is not { } list)
            return Refusal.Of(RefusalCode.ExportGone);
        if (!actor.May(list.Needs)) return Refusal.Of(RefusalCode.NotAllowed);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await AuditTrail.AppendAsync(connection, transaction, clock.GetUtcNow(), actor.Account, "export.fetch", $"list:{job.List}", $"export={id} rows={job.DoneRows}",
            Ground.Under(list.Needs));
        await transaction.CommitAsync();
        return new ReadyExport(job, ExportBook.FileNameOf(list, job.Language, job.FinishedAt ?? job.AskedAt));
    }

    public async Task SendAsync(ReadyExport ready, Stream to, CancellationToken cancel)
    {
        for (var number = 1; number <= ready.Job.Parts; number++)
        {
            var part = await jobs.PartAsync(ready.Job.Id, number) ?? throw new IOException("The export was removed while it was sent.");
            await to.WriteAsync(personalData.OpenBytes(part), cancel);
        }
    }
}
