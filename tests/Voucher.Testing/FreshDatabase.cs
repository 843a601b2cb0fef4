using System.Security.Cryptography;
using Npgsql;

namespace Voucher.Testing;

/// <summary>A database that nobody else knows; dropped when disposed, whoever is still connected to it.</summary>
public sealed class FreshDatabase : IAsyncDisposable
{
    /// <summary>Below the server's 400 connections even when several test classes run at once.</summary>
    public const int MostConnections = 40;

    private readonly string _admin;

    private FreshDatabase(string admin, string name) => (_admin, Name) = (admin, name);

    /// <summary>Made of lower-case letters, digits and underscores only.</summary>
    public string Name { get; }

    public string ConnectionString =>
        new NpgsqlConnectionStringBuilder(_admin) { Database = Name, MaxPoolSize = MostConnections, Pooling = true }.ConnectionString;

    /// <summary>The same by a log-in that has only the rights of the program, as the server is to have it; the first migration makes it.</summary>
    public string ServerConnectionString => new NpgsqlConnectionStringBuilder(ConnectionString) { Username = "voucher_server" }.ConnectionString;

    internal static async Task<FreshDatabase> CreateAsync(string postgres, string? template)
    {
        var admin = new NpgsqlConnectionStringBuilder(postgres) { Pooling = false }.ConnectionString;
        var name = $"test_{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        await ExecuteAsync(admin, template is null
            ? [$"create database {name}"]
            // PostgreSQL copies only a database in which nobody is.
            : [$"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{Checked(template)}'", $"create database {name} template {template}"]);
        return new FreshDatabase(admin, name);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var text in new[] { ConnectionString, ServerConnectionString })
            await using (var pooled = new NpgsqlConnection(text)) NpgsqlConnection.ClearPool(pooled);
        await ExecuteAsync(_admin, $"drop database if exists {Name} with (force)");
    }

    private static string Checked(string name) => name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_')
        ? name
        : throw new ArgumentException($"'{name}' is no plain database name.", nameof(name));

    private static async Task ExecuteAsync(string admin, params string[] statements)
    {
        await using var connection = new NpgsqlConnection(admin);
        await connection.OpenAsync();
        foreach (var sql in statements)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
