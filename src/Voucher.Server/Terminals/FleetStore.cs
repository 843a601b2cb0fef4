using Voucher.Core.Wire;

namespace Voucher.Server.Terminals;

/// <summary>All terminals with everything that tells how they stand.</summary>
public sealed class FleetStore(NpgsqlDataSource database, County county)
{
    /// <summary>Over so long scans are counted.</summary>
    public static readonly TimeSpan Counted = TimeSpan.FromHours(24);

    /// <summary>Shown of one terminal.</summary>
    public const int MostActs = 100;

    private const string Select = """
        select t.id, t.institution_id, i.name as institution_name, t.name, t.fingerprint, t.status, t.paired_at, t.confirmed_at,
               greatest(t.last_seen_at, r.reported_at, s.received_at) as last_seen_at,
               exists (select from terminal_presence p join server_instance v on v.id = p.server_id where p.terminal_id = t.id) as is_online,
               coalesce(r.protocol, t.protocol)::int as protocol, coalesce(s.sequence, 0) as last_sequence,
               t.replaces, (select n.id from terminal n where n.replaces = t.id and n.status <> 1) as replaced_by,
               coalesce(k.asked, 0) as asked, coalesce(k.accepted, 0) as accepted,
               r.reported_at, r.version, r.system, coalesce(r.waiting, 0) as waiting, r.waiting_since, r.clock_ahead_seconds,
               coalesce(r.readings, 0) as readings, r.has_camera, r.has_scanner, r.list_counter, r.list_at
        from terminal t
        join institution i on i.id = t.institution_id
        left join terminal_report r on r.terminal_id = t.id
        left join lateral (select sequence, received_at from scan where terminal_id = t.id order by sequence desc limit 1) s on true
        left join (select terminal_id, count(*)::int as asked, (count(*) filter (where refusal = 0))::int as accepted
                   from scan where received_at >= @since group by terminal_id) k on k.terminal_id = t.id
        """;

    /// <summary>Every terminal of the county, in no order that matters.</summary>
    public async Task<IReadOnlyList<FleetRow>> ListAsync(DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<FleetRow>($"{Select} where t.region = @Region", new { county.Region, since = now - Counted })).AsList();
    }

    public async Task<FleetRow?> FindAsync(TerminalId id, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<FleetRow>(
            $"{Select} where t.region = @Region and t.id = @id", new { county.Region, id, since = now - Counted });
    }

    /// <summary>What was done with one terminal, by whom; newest first.</summary>
    public async Task<IReadOnlyList<(DateTimeOffset At, string? Who, string Action, string Detail)>> ActsAsync(TerminalId id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<(DateTimeOffset, string?, string, string)>("""
            select e.at, s.name, e.action, e.detail
            from audit_entry e
            left join account a on a.id = e.account_id
            left join staff s on s.id = a.staff_id
            where e.subject = @subject order by e.number desc limit @MostActs
            """, new { subject = $"terminal:{id}", MostActs })];
    }
}
