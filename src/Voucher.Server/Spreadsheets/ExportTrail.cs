using System.Globalization;

namespace Voucher.Server.Spreadsheets;

/// <summary>Every export is on the audit trail: who, which list, how narrowed (without names), how many rows.</summary>
public static class ExportTrail
{
    /// <summary>As the table of the trail has it.</summary>
    private const int LongestDetail = 500;

    public static async Task AppendAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Actor actor, ListExport list, long rows, ExportQuery query, DateTimeOffset now)
    {
        var detail = string.Create(CultureInfo.InvariantCulture, $"rows={rows} {query.Trail}").TrimEnd();
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "export.list", $"list:{list.Key}", Cut(detail),
            Ground.Given(query.WhyUnmasked, list.Needs));
        if (query.WhyUnmasked is { } why)
            await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "person.unmask", $"list:{list.Key}", Cut($"{why} {detail}"), why);
    }

    /// <summary>Of a file that is no list of the catalogue; before it is sent, in a transaction of its own.</summary>
    /// <param name="ground">Rule, reason or permission.</param>
    public static async Task NoteAsync(NpgsqlDataSource database, Actor actor, string deed, string subject, string ground, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, deed, subject, "", ground);
        await transaction.CommitAsync();
    }

    internal static string Cut(string detail) => detail.Length > LongestDetail ? detail[..LongestDetail] : detail;
}
