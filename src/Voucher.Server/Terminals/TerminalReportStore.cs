using Voucher.Core.Wire;

namespace Voucher.Server.Terminals;

/// <summary>What terminals say of themselves: the latest word, and one row an hour for thirty days.</summary>
public sealed class TerminalReportStore(NpgsqlDataSource database)
{
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>One hour of a terminal.</summary>
    public sealed record Hour(DateTimeOffset At, int Reports, int WaitingMost, int ClockAheadSeconds, int Readings, int Accepted, int Refused);

    public async Task TakeAsync(TerminalId terminal, TerminalReport report, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            insert into terminal_report (terminal_id, reported_at, version, protocol, waiting, waiting_since, clock_ahead_seconds,
                                         readings, accepted, refused, has_camera, has_scanner, list_counter, list_at, system)
            values (@terminal, @now, @Version, @Protocol, @Waiting, @WaitingSince, @ClockAheadSeconds,
                    @Readings, @Accepted, @Refused, @Camera, @Scanner, @ListCounter, @ListAt, @System)
            on conflict (terminal_id) do update set
                reported_at = excluded.reported_at, version = excluded.version, protocol = excluded.protocol, waiting = excluded.waiting,
                waiting_since = excluded.waiting_since, clock_ahead_seconds = excluded.clock_ahead_seconds, readings = excluded.readings,
                accepted = excluded.accepted, refused = excluded.refused, has_camera = excluded.has_camera, has_scanner = excluded.has_scanner,
                list_counter = excluded.list_counter, list_at = excluded.list_at, system = excluded.system;
            insert into terminal_report_hour (terminal_id, hour, reports, waiting_most, clock_ahead_seconds, readings, accepted, refused)
            values (@terminal, date_trunc('hour', @now::timestamptz, 'UTC'), 1, @Waiting, @ClockAheadSeconds, @Readings, @Accepted, @Refused)
            on conflict (terminal_id, hour) do update set
                reports = terminal_report_hour.reports + 1, waiting_most = greatest(terminal_report_hour.waiting_most, excluded.waiting_most),
                clock_ahead_seconds = excluded.clock_ahead_seconds, readings = excluded.readings, accepted = excluded.accepted, refused = excluded.refused;
            """,
            new
            {
                terminal, now, report.Version, report.Protocol, report.Waiting, report.WaitingSince, report.ClockAheadSeconds,
                report.Readings, report.Accepted, report.Refused, report.Camera, report.Scanner, report.ListCounter, report.ListAt, report.System,
            });
    }

    /// <summary>Oldest first.</summary>
    public async Task<IReadOnlyList<Hour>> HoursAsync(TerminalId terminal, DateTimeOffset since)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<Hour>("""
            select hour as at, reports, waiting_most, clock_ahead_seconds, readings, accepted, refused
            from terminal_report_hour where terminal_id = @terminal and hour >= @since order by hour
            """, new { terminal, since })).AsList();
    }

    public async Task PruneAsync(DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("delete from terminal_report_hour where hour < @before", new { before = now - Kept });
    }
}
