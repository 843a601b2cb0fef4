using Voucher.Core.Journals;
using Voucher.Core.Wire;

namespace Voucher.Server.Journals;

/// <summary>Cases as the desks see them.</summary>
public sealed class DeskCaseStore(NpgsqlDataSource database)
{
    /// <summary>A decided case stays on the desk's screen for so long.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromDays(14);

    private sealed record Row(long Id, Guid ScanId, VoucherId VoucherId, DateTimeOffset OpenedAt, bool IsOpen, OfflineScanState State, short? Outcome);

    /// <summary>Cases in which a claim of this terminal takes part.</summary>
    public async Task<IReadOnlyList<DeskCase>> OfTerminalAsync(TerminalId terminal, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<Row>("""
            select k.id, o.scan_id, o.voucher_id, k.opened_at, k.decided_at is null as is_open, o.state, k.outcome
            from offline_scan o
            join conflict_claim c on c.scan_id = o.scan_id
            join conflict_case k on k.id = c.case_id
            where o.terminal_id = @terminal and (k.decided_at is null or k.decided_at > @since)
            order by k.id desc limit 100
            """, new { terminal, since = now - Remembered });
        return [.. rows.Select(row => new DeskCase(
            ConflictCase.NumberOf(row.Id), row.ScanId, row.VoucherId.ToString(), row.OpenedAt, row.IsOpen, row.IsOpen ? null : OutcomeFor(row.State, row.Outcome)))];
    }

    private static Words OutcomeFor(OfflineScanState state, short? outcome) => (state, outcome) switch
    {
        (OfflineScanState.Accepted, _) => new("已裁定：报到有效，请照常上课。", "Decided: the enrolment stands; go on with the course."),
        (_, NoneUpheld) => new("已裁定：各处报到都不成立，持券人可以重新报到。请告知持券人。", "Decided: no enrolment stands, the holder may enroll anew. Tell the holder."),
        _ => new("已裁定：报到无效，券归另一处。请告知持券人。", "Decided: the enrolment does not stand, the voucher belongs elsewhere. Tell the holder."),
    };

    private const short NoneUpheld = 2;
}
