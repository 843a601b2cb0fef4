using Voucher.Server.Operating;

namespace Voucher.Server.Terminals;

/// <summary>Which terminals hold a line to which server, so that every server's page tells who is online.</summary>
public sealed partial class PresenceStore(NpgsqlDataSource database, Pulse pulse, ILogger<PresenceStore> log)
{
    public async Task OpenedAsync(string connection, TerminalId terminal)
    {
        await using var session = await database.OpenConnectionAsync();
        await session.ExecuteAsync("""
            insert into terminal_presence (connection_id, terminal_id, server_id, since) values (@connection, @terminal, @Id, clock_timestamp())
            on conflict (connection_id) do nothing
            """, new { connection, terminal, pulse.Id });
    }

    /// <summary>A database that is away is no reason to make noise over a line that has ended: <see cref="ClearAsync"/> comes by.</summary>
    public async Task ClosedAsync(string connection)
    {
        try
        {
            await using var session = await database.OpenConnectionAsync();
            await session.ExecuteAsync("delete from terminal_presence where connection_id = @connection", new { connection });
        }
        catch (NpgsqlException fault)
        {
            LogLeft(fault.Message);
        }
    }

    /// <summary>Takes out the lines of this server that are not open, and those of servers that are gone.</summary>
    public async Task ClearAsync(IReadOnlyCollection<string> open)
    {
        await using var session = await database.OpenConnectionAsync();
        await session.ExecuteAsync("""
            delete from terminal_presence p
            where (p.server_id = @Id and p.since < clock_timestamp() - interval '10 seconds' and p.connection_id <> all (@open))
               or (p.server_id <> @Id and not exists (select from server_instance s where s.id = p.server_id))
            """, new { pulse.Id, open = open.ToArray() });
    }

    [LoggerMessage(3013, LogLevel.Debug, "A closed line is taken out later: {Why}")]
    private partial void LogLeft(string why);
}
