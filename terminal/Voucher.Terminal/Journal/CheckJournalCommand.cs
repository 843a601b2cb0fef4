using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Voucher.Terminal.Home;

namespace Voucher.Terminal.Journal;

/// <summary>
/// <c>check-journal [FILE]</c>: checks one journal, or every journal of the terminal's folder, and changes nothing; the
/// terminal may be running. What was cut off at the end only the server can tell: the last sequence is printed to be
/// compared with the portal.
/// </summary>
internal static class CheckJournalCommand
{
    public const string Name = "check-journal";

    /// <returns>0 when every journal is whole; 1 when one is not, cannot be read, or there is none.</returns>
    public static int Run(string[] args, TextWriter output)
    {
        if (args.Length > 1)
        {
            output.WriteLine($"Usage: Voucher.Terminal {Name} [FILE]");
            return 1;
        }
        var files = args is [var file] ? [file] : JournalsOfThisTerminal();
        if (files.Length == 0) output.WriteLine("There is no journal.");
        // Every journal is looked at, also after a broken one.
        var broken = files.Count(one => !IsWhole(one, output));
        return files.Length > 0 && broken == 0 ? 0 : 1;
    }

    private static string[] JournalsOfThisTerminal()
    {
        var home = TerminalHome.FolderFrom(new ConfigurationBuilder().AddEnvironmentVariables().Build());
        return Directory.Exists(home) ? [.. Directory.GetFiles(home, TerminalHome.JournalFile, SearchOption.AllDirectories).Order(StringComparer.Ordinal)] : [];
    }

    private static bool IsWhole(string file, TextWriter output)
    {
        output.WriteLine(file);
        try
        {
            using var store = JournalStore.OpenToRead(file);
            var report = JournalCheck.Check(store);
            output.WriteLine($"  entries checked: {report.Entries}; last sequence: {report.LastSequence}; key: {report.SignerFingerprint ?? "none"}");
            output.WriteLine(report.Broken is { } broken ? $"  BROKEN at sequence {broken.Sequence}: {broken.Why}" : "  whole");
            return report.Broken is null;
        }
        catch (Exception fault) when (fault is SqliteException or InvalidOperationException or CryptographicException)
        {
            output.WriteLine($"  cannot be read: {fault.Message}");
            return false;
        }
    }
}
