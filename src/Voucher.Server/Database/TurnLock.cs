namespace Voucher.Server.Database;

/// <summary>
/// Servers of a county that come at once take turns. Held by a session of the database, so that it ends with the process
/// that has it.
/// </summary>
public sealed class TurnLock : IAsyncDisposable
{
    /// <summary>What only the first server that starts does.</summary>
    public const long Starting = 0x7374617274; // "start"

    /// <summary>Bringing the schema up to date.</summary>
    public const long Migrating = 0x766F7563686572; // "voucher"

    private readonly long _number;

    private TurnLock(NpgsqlConnection session, long number) => (Session, _number) = (session, number);

    /// <summary>Holds the lock: what is done in it ends when the lock is lost.</summary>
    public NpgsqlConnection Session { get; }

    /// <param name="number">Those with the same number wait for each other.</param>
    public static async Task<TurnLock> TakeAsync(NpgsqlDataSource database, long number, CancellationToken cancel = default)
    {
        var session = await database.OpenConnectionAsync(cancel);
        // However long the one before it takes: a migration of much history is no reason to give up.
        await session.ExecuteAsync(new CommandDefinition("select pg_advisory_lock(@number)", new { number }, commandTimeout: 0, cancellationToken: cancel));
        return new TurnLock(session, number);
    }

    public async ValueTask DisposeAsync()
    {
        await Session.ExecuteAsync("select pg_advisory_unlock(@_number)", new { _number });
        await Session.DisposeAsync();
    }
}
