using Dapper;
using Npgsql;
using Voucher.Server.Database;
using Voucher.Testing;

namespace Voucher.Server.Tests.Database;

/// <summary>A database as an earlier version of the program left it: for what a migration does to rows that are there already.</summary>
public sealed class SchemaAsOf : IAsyncDisposable
{
    private const string Folder = "Voucher.Server.Database.Migrations.";
    private readonly FreshDatabase _database;

    private SchemaAsOf(FreshDatabase database, NpgsqlConnection connection) => (_database, Connection) = (database, connection);

    public NpgsqlConnection Connection { get; }

    /// <param name="migration">The first that has not run, such as <c>0032_monthly_lists.sql</c>.</param>
    public static async Task<SchemaAsOf> BeforeAsync(string migration)
    {
        var database = await PrivateServices.CreateDatabaseAsync();
        var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        // The migrator makes it before the first of them.
        await connection.ExecuteAsync("create table migration (name text primary key, hash text not null, run_at timestamptz not null)");
        foreach (var name in Names().TakeWhile(name => name != migration)) await RunAsync(connection, name);
        return new SchemaAsOf(database, connection);
    }

    public Task RunAsync(string migration) => RunAsync(Connection, migration);

    /// <summary>In one transaction, as the migrator does.</summary>
    private static async Task RunAsync(NpgsqlConnection connection, string migration)
    {
        using var reader = new StreamReader(typeof(Migrator).Assembly.GetManifestResourceStream(Folder + migration)!);
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(await reader.ReadToEndAsync(), transaction: transaction);
        await transaction.CommitAsync();
    }

    private static IEnumerable<string> Names() => typeof(Migrator).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Select(name => name[Folder.Length..]).Order(StringComparer.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await _database.DisposeAsync();
    }
}
