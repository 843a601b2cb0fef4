using System.Text.Json;

namespace Voucher.Server.Operating;

/// <summary>The servers of the county, as they last said of themselves.</summary>
public sealed class InstanceStore(NpgsqlDataSource database)
{
    /// <summary>A server that has said nothing for so long is shown as silent.</summary>
    public static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(20);

    /// <summary>A silent one is shown for so long, then forgotten.</summary>
    public static readonly TimeSpan ForgottenAfter = TimeSpan.FromHours(1);

    /// <summary>Rows shown on the page.</summary>
    public const int MostShown = 50;

    /// <param name="SilentSeconds">Since it last said anything, by the database's clock.</param>
    public sealed record Instance(Guid Id, string Name, DateTimeOffset StartedAt, double SilentSeconds, ServerStanding Standing)
    {
        public bool IsSilent => SilentSeconds > SilentAfter.TotalSeconds;
    }

    private sealed record Row(Guid Id, string Name, DateTimeOffset StartedAt, double SilentSeconds, string Standing);

    public async Task SayAsync(Guid id, string name, DateTimeOffset startedAt, ServerStanding standing, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await connection.ExecuteAsync(new CommandDefinition("""
            insert into server_instance (id, name, started_at, seen_at, standing)
            values (@id, @name, @startedAt, clock_timestamp(), @json::jsonb)
            on conflict (id) do update set seen_at = excluded.seen_at, standing = excluded.standing;
            delete from server_instance where seen_at < clock_timestamp() - @ForgottenAfter;
            """, new { id, name, startedAt, json = JsonSerializer.Serialize(standing, JsonSerializerOptions.Web), ForgottenAfter }, cancellationToken: cancel));
    }

    /// <summary>Whether another server than the one that asks is at work.</summary>
    public async Task<bool> AreSeveralAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<bool>("select count(*) > 1 from server_instance where seen_at > clock_timestamp() - @SilentAfter", new { SilentAfter });
    }

    /// <summary>A server that stops in order is not silent: it is gone.</summary>
    public async Task LeaveAsync(Guid id, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await connection.ExecuteAsync(new CommandDefinition("delete from server_instance where id = @id", new { id }, cancellationToken: cancel));
    }

    public async Task<IReadOnlyList<Instance>> ListAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<Row>("""
            select id, name, started_at, extract(epoch from clock_timestamp() - seen_at)::double precision as silent_seconds, standing::text as standing
            from server_instance order by name, started_at limit @MostShown
            """, new { MostShown });
        return [.. rows.Select(row => new Instance(
            row.Id, row.Name, row.StartedAt, row.SilentSeconds, JsonSerializer.Deserialize<ServerStanding>(row.Standing, JsonSerializerOptions.Web)!))];
    }
}
