using System.Globalization;

namespace Voucher.Server.Spreadsheets;

/// <summary>Every export is on the audit trail: who, which list, how narrowed (without names), how many rows.</summary>
public static class ExportTrail
{
    private const int LongestDetail = 500;

    public static async Task AppendAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Actor actor, string list, long rows, ExportQuery query, DateTimeOffset now)
    {
        var detail = string.Create(CultureInfo.InvariantCulture, $"rows={rows} {query.Trail}").TrimEnd();
        if (detail.Length > LongestDetail) detail = detail[..LongestDetail];
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "export.list", $"list:{list}", detail);
        if (query.WhyUnmasked is { } why)
            await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "person.unmask", $"list:{list}", $"{detail} {why}");
    }
}
