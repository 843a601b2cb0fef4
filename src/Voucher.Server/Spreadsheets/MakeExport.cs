using System.Text.Json;
using Voucher.Server.Register;

namespace Voucher.Server.Spreadsheets;

/// <summary>
/// Makes one long export: counts the rows by reading them once, so that its maker sees how far it is, then writes them, part
/// by part, into the database. Its maker's rights are those of now, not of when it was asked for.
/// </summary>
public sealed class MakeExport(ExportCatalogue catalogue, AccountStore accounts, PersonalData personalData, TimeProvider clock)
{
    /// <summary>So often, in rows, the bar moves at the least.</summary>
    private const int RowsBetween = 2_000;

    public static readonly Words NotAllowed = new("您已没有查看这份名单的权限", "You may no longer see this list");
    public static readonly Words NotThere = new("名单已不存在", "The list is no longer there");

    public static readonly Words TooBig = new(
        $"超过 {ExportJob.MostRows:N0} 行或 {ExportJob.MostBytes >> 20} MB，请缩小筛选范围再导出",
        $"More than {ExportJob.MostRows:N0} rows or {ExportJob.MostBytes >> 20} MB; narrow the list and export again");

    /// <summary>Rows written; none when the export came to an end otherwise, which is noted.</summary>
    public async Task<long?> RunAsync(UnfinishedExport job, ExportHoldStore hold, CancellationToken cancel)
    {
        var list = catalogue.Find(job.List);
        var maker = await accounts.FindAsync(job.Login);
        if (list is null || maker is not { Account.IsActive: true } known || !known.Actor.May(list.Needs)) return await FailAsync(NotAllowed);
        var fields = JsonSerializer.Deserialize<Dictionary<string, string>>(personalData.Open(job.FieldsSealed))!;
        ExportQuery Query() => new(known.Actor, job.Language, clock.GetUtcNow(), fields);
        if (await OpenAsync(list, Query()) is not { } counted) return await FailAsync(NotThere);
        var total = await counted.Rows.Take((int)ExportJob.MostRows + 1).CountAsync(cancel);
        if (total > ExportJob.MostRows) return await FailAsync(TooBig);
        await hold.CountedAsync(job.Id, total);
        var query = Query();
        if (await OpenAsync(list, query) is not { } table) return await FailAsync(NotThere);
        if (await WriteAsync(job, hold, list, table, query, cancel) is not { } rows) return await FailAsync(TooBig);
        await hold.FinishAsync(job, list, known.Actor, rows, query, clock.GetUtcNow());
        return rows;

        async Task<long?> FailAsync(Words why)
        {
            await hold.FailAsync(job.Id, why, clock.GetUtcNow());
            return null;
        }
    }

    private static async Task<ExportTable?> OpenAsync(ListExport list, ExportQuery query)
    {
        var table = await list.OpenAsync(query);
        return query.Errors.Count == 0 ? table : null;
    }

    /// <summary>The rows written; <c>null</c> when the file became too big.</summary>
    private async Task<long?> WriteAsync(
        UnfinishedExport job, ExportHoldStore hold, ListExport list, ExportTable table, ExportQuery query, CancellationToken cancel)
    {
        await using var parts = new PartStream();
        var (rows, number) = (0L, 0);
        using (var book = new Workbook(parts))
        {
            book.Begin(list.Name.In(query.Language), table.Columns);
            await foreach (var row in table.Rows.WithCancellation(cancel))
            {
                book.Add(row);
                rows++;
                if (rows > ExportJob.MostRows || parts.Written > ExportJob.MostBytes) return null;
                if (parts.HasFullPart || rows % RowsBetween == 0) await KeepAsync();
            }
            ExportBook.AddAbout(book, list, table, query, rows);
        }
        await KeepAsync();
        return rows;

        async Task KeepAsync()
        {
            var part = parts.Take();
            if (part.Length > 0 && !await hold.AddPartAsync(job.Id, ++number, personalData.SealBytes(part), parts.Written, rows))
                throw new ExportRemovedException();
        }
    }
}

/// <summary>Its maker has taken the export away while it was made.</summary>
public sealed class ExportRemovedException() : Exception("The export was taken away.");
