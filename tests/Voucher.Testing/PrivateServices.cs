namespace Voucher.Testing;

/// <summary>Where the tests' services listen.</summary>
/// <param name="Postgres">Npgsql connection string of a role that may create databases.</param>
/// <param name="Redis"><c>host:port</c>; empty when there is no Redis.</param>
public sealed record ServiceAddresses(string Postgres, string Redis);

/// <summary>
/// A real PostgreSQL and Redis for tests: those that <c>VOUCHER_TEST_POSTGRES</c> and <c>VOUCHER_TEST_REDIS</c> name
/// (scripts/test sets them), else private ones that this process starts, so that tests also run from an editor or by
/// <c>dotnet test</c>. Private ones end with the last process that uses them.
/// </summary>
public static class PrivateServices
{
    private static readonly Lazy<Task<ServiceAddresses>> Addresses = new(FindAsync);

    /// <exception cref="ServicesNotHereException">There are none, and none could be started.</exception>
    public static Task<ServiceAddresses> AddressesAsync() => Addresses.Value;

    /// <summary>
    /// A new, empty database, or a copy of <paramref name="template"/>; skips or fails the test when there is no PostgreSQL.
    /// </summary>
    /// <param name="template">Name of a database to copy (see <see cref="FreshDatabase.Name"/>); sessions in it are ended.</param>
    public static async Task<FreshDatabase> CreateDatabaseAsync(string? template = null)
    {
        await Requires.Services();
        return await FreshDatabase.CreateAsync((await AddressesAsync()).Postgres, template);
    }

    /// <summary>An empty logical database of Redis for one test class; skips or fails the test when there is no Redis.</summary>
    public static async Task<RedisSpace> CreateRedisSpaceAsync()
    {
        await Requires.Redis();
        return await RedisSpace.CreateAsync((await AddressesAsync()).Redis);
    }

    private static async Task<ServiceAddresses> FindAsync() =>
        Environment.GetEnvironmentVariable("VOUCHER_TEST_POSTGRES") is { Length: > 0 } given
            ? new ServiceAddresses(given, Environment.GetEnvironmentVariable("VOUCHER_TEST_REDIS") ?? "")
            : await ServicesScript.StartAsync();
}
