using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Voucher.Server.Database;

/// <summary>A database's schema beside the program's.</summary>
public enum SchemaStanding
{
    Same,

    /// <summary>It lacks a migration of the program.</summary>
    Behind,

    /// <summary>It has one that the program does not know.</summary>
    Ahead,
}

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

    /// <summary>Compares names only: a migration's text cannot change once it has run.</summary>
    public async Task<SchemaStanding> StandingAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var isThere = await connection.ExecuteScalarAsync<bool>(new CommandDefinition("select to_regclass('migration') is not null", cancellationToken: cancel));
        if (!isThere) return SchemaStanding.Behind;
        var ran = (await connection.QueryAsync<string>(new CommandDefinition("select name from migration", cancellationToken: cancel))).ToHashSet();
        if (!Names.All(ran.Contains)) return SchemaStanding.Behind;
        return ran.Count > Names.Count ? SchemaStanding.Ahead : SchemaStanding.Same;
    }

    private async Task RunOneAsync(
        NpgsqlConnection connection, string name, string sql, Dictionary<string, string> done, CancellationToken cancel)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
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

    private static readonly IReadOnlyList<string> Names = [.. Migrations().Select(migration => migration.Name)];

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
