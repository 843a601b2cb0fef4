using Npgsql;

namespace Voucher.Server.Tests;

/// <summary>A fresh database on the private cluster of the tests, dropped afterwards.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly string _cluster;
    private readonly string _name;

    private TestDatabase(string cluster, string name) => (_cluster, _name) = (cluster, name);

    public string ConnectionString => new NpgsqlConnectionStringBuilder(_cluster) { Database = _name, MaxPoolSize = 40 }.ConnectionString;

    public string Redis { get; } = Environment.GetEnvironmentVariable("VOUCHER_TEST_REDIS") ?? "";

    public static async Task<TestDatabase> CreateAsync()
    {
        var cluster = Environment.GetEnvironmentVariable("VOUCHER_TEST_POSTGRES");
        if (string.IsNullOrEmpty(cluster))
        {
            if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail("VOUCHER_TEST_POSTGRES is not set; run scripts/test.");
            Assert.Skip("VOUCHER_TEST_POSTGRES is not set; run scripts/test.");
        }
        var name = $"test_{Guid.NewGuid():N}";
        await ExecuteAsync(cluster!, $"create database {name}");
        return new TestDatabase(cluster!, name);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await ExecuteAsync(_cluster, $"drop database if exists {_name} with (force)");
    }

    private static async Task ExecuteAsync(string cluster, string sql)
    {
        await using var connection = new NpgsqlConnection(cluster);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
