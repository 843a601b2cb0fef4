using System.Text.Json;
using Voucher.Server.Register;

namespace Voucher.Server.Spreadsheets;

/// <summary>A file that is ready to be sent.</summary>
public sealed record ExportFile(byte[] Content, string Name);

/// <summary>What came of asking for an export: a short one at once, a long one later under its number.</summary>
public sealed record ExportAnswer(ExportFile? File, long? Job);

/// <summary>
/// Exports a list as the actor sees it. A short list is answered at once; a longer one is made in the background and fetched
/// when it is ready, so that no request runs for minutes and no list has to fit into memory.
/// </summary>
public sealed class AskExport(
    ExportCatalogue catalogue, ExportJobStore jobs, ExportWorker worker, NpgsqlDataSource database, PersonalData personalData, TimeProvider clock)
{
    /// <summary>Rows that are sent at once.</summary>
    public const int MostRowsAtOnce = 5_000;

    public async Task<Outcome<ExportAnswer>> RunAsync(
        Actor actor, string? key, IReadOnlyDictionary<string, string>? fields, string language, CancellationToken cancel)
    {
        if (fields is null) return new List<FieldError> { new(ExportFields.Key, new("筛选条件太多或太长", "Too many fields, or too long ones")) };
        if (catalogue.Find(key) is not { } list) return Refusal.Of(RefusalCode.NotFound);
        if (!actor.May(list.Needs)) return Refusal.Of(RefusalCode.NotAllowed);
        var query = new ExportQuery(actor, language, clock.GetUtcNow(), fields);
        var table = await list.OpenAsync(query);
        if (query.Errors.Count > 0) return query.Errors.ToList();
        if (table is null) return Refusal.Of(RefusalCode.NotFound);
        var rows = await table.Rows.Take(MostRowsAtOnce + 1).ToListAsync(cancel);
        return rows.Count > MostRowsAtOnce ? await LaterAsync(list, query, fields) : await NowAsync(list, table, query, rows);
    }

    private async Task<Outcome<ExportAnswer>> NowAsync(ListExport list, ExportTable table, ExportQuery query, List<SheetCell[]> rows)
    {
        using var file = new MemoryStream();
        using (var book = new Workbook(file))
        {
            book.Begin(list.Name.In(query.Language), table.Columns);
            foreach (var row in rows) book.Add(row);
            ExportBook.AddAbout(book, list, table, query, rows.Count);
        }
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await ExportTrail.AppendAsync(connection, transaction, query.Actor, list, rows.Count, query, query.Now);
        await transaction.CommitAsync();
        return new ExportAnswer(new ExportFile(file.ToArray(), ExportBook.FileNameOf(list, query.Language, query.Now)), null);
    }

    private async Task<Outcome<ExportAnswer>> LaterAsync(ListExport list, ExportQuery query, IReadOnlyDictionary<string, string> fields)
    {
        var kept = personalData.Seal(JsonSerializer.Serialize(fields));
        if (await jobs.AddAsync(query.Actor, list, query.Language, kept, query.Trail, query.Now) is not { } job)
            return Refusal.Of(RefusalCode.TooManyExports, ExportJob.MostUnfinished, ExportJob.MostKept);
        worker.Wake();
        return new ExportAnswer(null, job);
    }
}
