using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Voucher.Terminal.Journal;

/// <summary>Brings a journal to the newest form: numbered scripts, each in one transaction, counted in SQLite's user_version.</summary>
internal static class JournalSchema
{
    private static readonly string[] Scripts = ["001_journal.sql", "002_told.sql", "003_entries.sql"];

    /// <exception cref="InvalidOperationException">A newer program wrote this journal; an older one must not touch it.</exception>
    public static void BringUpToDate(SqliteConnection connection)
    {
        var version = VersionOf(connection);
        if (version > Scripts.Length)
            throw new InvalidOperationException($"The journal has version {version}; this program knows {Scripts.Length}.");
        for (; version < Scripts.Length; version++) Apply(connection, version);
    }

    private static long VersionOf(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "pragma user_version";
        return (long)command.ExecuteScalar()!;
    }

    private static void Apply(SqliteConnection connection, long version)
    {
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        var next = (version + 1).ToString(CultureInfo.InvariantCulture);
        command.CommandText = $"{ReadScript(Scripts[version])}\npragma user_version = {next};";
        command.ExecuteNonQuery();
        transaction.Commit();
    }

    private static string ReadScript(string name)
    {
        var full = $"Voucher.Terminal.Journal.Migrations.{name}";
        using var stream = typeof(JournalSchema).Assembly.GetManifestResourceStream(full)
            ?? throw new InvalidOperationException($"Script {name} is missing from the program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
