namespace Voucher.Server.Database;

/// <summary>
/// Servers of a county that start at once take turns at what only the first of them does. Held by a session of the
/// database, so that it ends with the process that has it.
/// </summary>
public sealed class StartLock : IAsyncDisposable
{
    private const long LockNumber = 0x7374617274; // "start"
    private readonly NpgsqlConnection _connection;

    private StartLock(NpgsqlConnection connection) => _connection = connection;

    public static async Task<StartLock> TakeAsync(NpgsqlDataSource database, CancellationToken cancel = default)
    {
        var connection = await database.OpenConnectionAsync(cancel);
        await connection.ExecuteAsync(new CommandDefinition("select pg_advisory_lock(@LockNumber)", new { LockNumber }, cancellationToken: cancel));
        return new StartLock(connection);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.ExecuteAsync("select pg_advisory_unlock(@LockNumber)", new { LockNumber });
        await _connection.DisposeAsync();
    }
}
