using Voucher.Core.Wire;

namespace Voucher.Server.Reporting;

/// <summary>The latest scans, as the live page shows them before the first event comes.</summary>
public sealed class LatestScanStore(NpgsqlDataSource database, County county)
{
    /// <summary>Scans on the live page.</summary>
    public const int Shown = 30;

    private sealed record Row(DateTimeOffset ReceivedAt, string Answer, string TerminalName, InstitutionId InstitutionId, string InstitutionName);

    /// <param name="institution">Only its own; <c>null</c>: all.</param>
    public async Task<IReadOnlyList<LiveEvent>> ReadAsync(InstitutionId? institution)
    {
        await using var connection = await database.OpenConnectionAsync();
        // From each terminal its last few, by its unique index, so that the page stays quick however many scans there are.
        var rows = await connection.QueryAsync<Row>("""
            select s.received_at, s.answer, t.name as terminal_name, t.institution_id, i.name as institution_name
            from terminal t
            join institution i on i.id = t.institution_id
            cross join lateral (
                select received_at, answer from scan where terminal_id = t.id order by sequence desc limit @Shown) s
            where t.region = @Region and (@institution::int is null or t.institution_id = @institution)
            order by s.received_at desc limit @Shown
            """, new { county.Region, institution, Shown });
        return [.. rows.Select(Read)];
    }

    private static LiveEvent Read(Row row)
    {
        var answer = WireJson.ReadAnswer(row.Answer);
        return new LiveEvent(
            LiveEventKind.Scan, row.ReceivedAt, answer.Reason, row.InstitutionId, answer.VoucherNumber, answer.Holder,
            row.InstitutionName, answer.ClassName, row.TerminalName, answer.Accepted, answer.Refusal);
    }
}
