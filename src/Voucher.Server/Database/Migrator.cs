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

    /// <summary>One that both know reads otherwise.</summary>
    Changed,
}

/// <summary>
/// Brings a database to the newest schema: runs the embedded <c>Migrations/*.sql</c> in order, each in one transaction and
/// once. A migration that has run must not change afterwards; several servers may start at once (advisory lock). Works with the
/// rights of the owner.
/// </summary>
public sealed partial class Migrator(OwnerDatabase owner, TimeProvider clock, ILogger<Migrator> log)
{
    public async Task RunAsync(CancellationToken cancel = default)
    {
        await using var turn = await TurnLock.TakeAsync(owner.Source, TurnLock.Migrating, cancel);
        await turn.Session.ExecuteAsync("""
            create table if not exists migration (
                name text primary key,
                hash text not null,
                run_at timestamptz not null
            )
            """);
        var done = (await turn.Session.QueryAsync<(string Name, string Hash)>("select name, hash from migration"))
            .ToDictionary(row => row.Name, row => row.Hash);
        foreach (var (name, sql) in Migrations())
            await RunOneAsync(turn.Session, name, sql, done, cancel);
    }

    /// <summary>Whether this version may work on the database; the text says which migration is in the way and what to do.</summary>
    public async Task<(SchemaStanding Standing, string Why)> StandingAsync(CancellationToken cancel = default)
    {
        await using var connection = await owner.Source.OpenConnectionAsync(cancel);
        var isThere = await connection.ExecuteScalarAsync<bool>(new CommandDefinition("select to_regclass('migration') is not null", cancellationToken: cancel));
        if (!isThere) return (SchemaStanding.Behind, "The database is empty: run migrate first.");
        var ran = (await connection.QueryAsync<(string Name, string Hash)>(new CommandDefinition("select name, hash from migration", cancellationToken: cancel)))
            .ToDictionary(row => row.Name, row => row.Hash);
        foreach (var (name, sql) in Migrations())
        {
            if (!ran.Remove(name, out var ranAs)) return (SchemaStanding.Behind, $"The database lacks migration {name}: run migrate first.");
            if (ranAs != HashOf(sql)) return (SchemaStanding.Changed, $"Migration {name} has changed since it ran.");
        }
        return ran.Count == 0
            ? (SchemaStanding.Same, "")
            : (SchemaStanding.Ahead, $"The database has migration {ran.Keys.Max()}, which this version does not know: run the newer version.");
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
        // What has to read a county's whole history may take longer than a request is given.
        await connection.ExecuteAsync(new CommandDefinition(sql, transaction: transaction, commandTimeout: 0, cancellationToken: cancel));
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
