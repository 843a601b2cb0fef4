using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Voucher.Core.Wire;
using Voucher.Terminal.Journal;
using Voucher.Terminal.Pairing;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Journal;

/// <summary>The command by which anybody can check a journal, beside the terminal or on a copy.</summary>
public sealed class CheckJournalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("voucher-journal-test-").FullName;
    private readonly DeviceKey _key;

    public CheckJournalTests()
    {
        _key = DeviceKey.Create(_folder, TestSeal.New());
        using var journal = Open();
        for (var i = 0; i < 3; i++) Append(journal);
    }

    private string FilePath => Path.Combine(_folder, "journal.db");

    private ScanJournal Open() => ScanJournal.Open(FilePath, _key, TimeProvider.System);

    private static void Append(ScanJournal journal) =>
        journal.Append(new NewScan(Guid.NewGuid(), ScanMode.CheckIn, 31, Digits: null, ShortCode: "123456789012", HolderCheck: null));

    private static (int ExitCode, string Output) Check(params string[] args)
    {
        using var output = new StringWriter();
        return (CheckJournalCommand.Run(args, output), output.ToString());
    }

    private void Tamper(string change)
    {
        using var connection = new SqliteConnection($"Data Source={FilePath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"drop trigger entry_never_changes; drop trigger entry_is_never_deleted; {change}";
        command.ExecuteNonQuery();
    }

    [Fact]
    public void A_whole_journal_is_said_to_be_whole_while_the_terminal_writes_it()
    {
        using var running = Open();
        Append(running);
        var (exitCode, output) = Check(FilePath);
        Assert.Equal(0, exitCode);
        Assert.Contains($"entries checked: 4; last sequence: 4; key: {_key.Fingerprint}", output, StringComparison.Ordinal);
        Assert.Contains("whole", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("update entry set content = replace(content, '31', '32') where sequence = 2", 1, "BROKEN at sequence 2: its content was changed")]
    [InlineData("update entry set boot_id = 'nonsense' where sequence = 2", 1, "BROKEN at sequence 2: the entry cannot be read")]
    [InlineData("update entry set previous_hash = zeroblob(32) where sequence = 3", 2, "BROKEN at sequence 3: it does not follow the entry before it")]
    [InlineData("update entry set signature = zeroblob(64) where sequence = 1", 0, "BROKEN at sequence 1: its signature is not of the journal's key")]
    [InlineData("delete from told; delete from entry where sequence = 2", 1, "BROKEN at sequence 3: entries are missing after 1")]
    public void The_first_broken_entry_is_named_with_the_reason(string change, int right, string said)
    {
        Tamper(change);
        var (exitCode, output) = Check(FilePath);
        Assert.Equal(1, exitCode);
        Assert.Contains($"entries checked: {right};", output, StringComparison.Ordinal);
        Assert.Contains(said, output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_missing_or_no_journal_is_said_to_be_so()
    {
        var other = Path.Combine(_folder, "other.db");
        Assert.Equal(1, Check(other).ExitCode);
        Assert.False(File.Exists(other));
        File.WriteAllText(other, new string('x', 5000));
        Assert.Contains("cannot be read", Check(other).Output, StringComparison.Ordinal);
        Assert.Equal(1, Check(FilePath, other).ExitCode);
    }

    [Fact]
    public async Task The_program_itself_checks_every_journal_of_its_folder_and_ends()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(TerminalApp).Assembly.Location, "check-journal"]) { UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment["VOUCHER_TERMINAL_HOME"] = _folder;
        using var program = Process.Start(start)!;
        var output = await program.StandardOutput.ReadToEndAsync();
        await program.WaitForExitAsync();
        Assert.Equal(0, program.ExitCode);
        Assert.Contains("entries checked: 3", output, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
