using System.Globalization;
using StackExchange.Redis;

namespace Voucher.Testing;

/// <summary>
/// A logical database of Redis that is empty at the start and emptied when disposed. Numbers are handed out in turn by
/// Redis itself, so that test processes beside each other get different ones.
/// </summary>
public sealed class RedisSpace : IAsyncDisposable
{
    private const string Counter = "voucher:test:databases-handed-out";

    /// <summary>StackExchange.Redis 1.2.6 waits for ever for a Redis that hangs.</summary>
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(20);

    private readonly ConnectionMultiplexer _connection;

    private RedisSpace(ConnectionMultiplexer connection, string address, int database)
    {
        _connection = connection;
        Address = address;
        Database = database;
    }

    /// <summary><c>host:port</c>.</summary>
    public string Address { get; }

    /// <summary>Number of the logical database; never 0, where others may be.</summary>
    public int Database { get; }

    /// <summary>What <c>VOUCHER_REDIS</c> takes, with the logical database in it.</summary>
    public string Configuration => string.Create(CultureInfo.InvariantCulture, $"{Address},defaultDatabase={Database}");

    /// <summary>For keys that must differ from those of other tests even within one logical database.</summary>
    public string KeyPrefix => string.Create(CultureInfo.InvariantCulture, $"test{Database}:");

    internal static async Task<RedisSpace> CreateAsync(string address)
    {
        var options = ConfigurationOptions.Parse(address);
        options.AllowAdmin = true;
        var connection = await ConnectionMultiplexer.ConnectAsync(options).WaitAsync(CallLimit);
        var turn = await connection.GetDatabase(0).StringIncrementAsync(Counter).WaitAsync(CallLimit);
        var space = new RedisSpace(connection, address, (int)(1 + (turn % (await CountDatabasesAsync(connection) - 1))));
        await space.EmptyAsync();
        return space;
    }

    /// <summary>Forgets everything, as a restarted Redis without a disk would.</summary>
    public Task EmptyAsync() => Server(_connection).FlushDatabaseAsync(Database).WaitAsync(CallLimit);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await EmptyAsync();
        }
        catch (Exception fault) when (fault is RedisException or TimeoutException)
        {
            // A test that stopped Redis has nothing to empty.
        }
        _connection.Dispose();
    }

    private static async Task<int> CountDatabasesAsync(ConnectionMultiplexer connection)
    {
        var settings = await Server(connection).ConfigGetAsync("databases").WaitAsync(CallLimit);
        return int.Parse(settings.Single().Value, CultureInfo.InvariantCulture);
    }

    private static IServer Server(ConnectionMultiplexer connection) => connection.GetServer(connection.GetEndPoints().Single());
}
