using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Voucher.Server.Database;

/// <summary>
/// Brings a database to the newest schema: runs the embedded <c>Migrations/*.sql</c> in order, each in one transaction and
/// once. A migration that has run must not change afterwards; several servers may start at once (advisory lock).
/// </summary>
public sealed partial class Migrator(NpgsqlDataSource database, TimeProvider clock, ILogger<Migrator> log)
{
    private const long LockNumber = 0x766F7563686572; // "voucher"

    public async Task RunAsync(CancellationToken cancel = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await connection.ExecuteAsync("select pg_advisory_lock(@LockNumber)", new { LockNumber });
        try
        {
            await connection.ExecuteAsync("""
                create table if not exists migration (
                    name text primary key,
                    hash text not null,
                    run_at timestamptz not null
                )
                """);
            var done = (await connection.QueryAsync<(string Name, string Hash)>("select name, hash from migration"))
                .ToDictionary(row => row.Name, row => row.Hash);
            foreach (var (name, sql) in Migrations())
                await RunOneAsync(connection, name, sql, done, cancel);
        }
        finally
        {
            await connection.ExecuteAsync("select pg_advisory_unlock(@LockNumber)", new { LockNumber });
        }
    }

    /// <summary>
    /// Why a server of this version must not work on the database: it lacks a migration, has one that this version does not
    /// know, or one that reads otherwise; <c>null</c> when the schema is this version's own.
    /// </summary>
    public async Task<string?> MismatchAsync(CancellationToken cancel = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        if (!await connection.ExecuteScalarAsync<bool>("select to_regclass('migration') is not null")) return "The database is empty: run migrate first.";
        var done = (await connection.QueryAsync<(string Name, string Hash)>("select name, hash from migration")).ToDictionary(row => row.Name, row => row.Hash);
        foreach (var (name, sql) in Migrations())
        {
            if (!done.Remove(name, out var ranAs)) return $"The database lacks migration {name}: run migrate first.";
            if (ranAs != HashOf(sql)) return $"Migration {name} has changed since it ran.";
        }
        return done.Count == 0 ? null : $"The database has migration {done.Keys.Max()}, which this version does not know: run the newer version.";
    }

    private static string HashOf(string sql) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));

    private async Task RunOneAsync(
        NpgsqlConnection connection, string name, string sql, Dictionary<string, string> done, CancellationToken cancel)
    {
        var hash = HashOf(sql);
        if (done.TryGetValue(name, out var ranAs))
        {
            if (ranAs != hash) throw new InvalidOperationException($"Migration {name} has changed since it ran.");
            return;
        }
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await connection.ExecuteAsync(sql, transaction: transaction);
        await connection.ExecuteAsync(
            "insert into migration (name, hash, run_at) values (@name, @hash, @at)",
            new { name, hash, at = clock.GetUtcNow() }, transaction);
        await transaction.CommitAsync(cancel);
        LogRan(name);
    }

    private static IEnumerable<(string Name, string Sql)> Migrations()
    {
        var assembly = Assembly.GetExecutingAssembly();
        const string folder = "Voucher.Server.Database.Migrations.";
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return (resource[folder.Length..], reader.ReadToEnd());
        }
    }

    [LoggerMessage(1001, LogLevel.Information, "Migration {Name} has run")]
    private partial void LogRan(string name);
}
