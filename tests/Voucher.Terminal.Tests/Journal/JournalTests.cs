using Microsoft.Data.Sqlite;
using Voucher.Core.Wire;
using Voucher.Terminal.Journal;
using Voucher.Terminal.Pairing;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Journal;

public sealed class JournalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("voucher-journal-test-").FullName;
    private readonly DeviceKey _key;

    public JournalTests() => _key = DeviceKey.Create(_folder, TestSeal.New());

    private string FilePath => Path.Combine(_folder, "journal.db");

    private ScanJournal Open() => ScanJournal.Open(FilePath, _key, TimeProvider.System);

    private static NewScan AScan(Guid? id = null, long classId = 31) =>
        new(id ?? Guid.NewGuid(), ScanMode.CheckIn, classId, Digits: null, ShortCode: "123456789012", HolderCheck: null);

    private static JournalEntry Written(Appended appended) => Assert.IsType<Appended.Written>(appended).Entry;

    private static ScanAnswer AnswerTo(Guid id, int receipt) => new(
        id, Accepted: true, 0, new("好。", "Good."), new("", ""), null, null, null, null, null, receipt, TimeProvider.System.GetUtcNow());

    private SqliteConnection OpenFile()
    {
        var connection = new SqliteConnection($"Data Source={FilePath};Pooling=False");
        connection.Open();
        return connection;
    }

    private void Execute(string sql)
    {
        using var connection = OpenFile();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    [Fact]
    public void A_scan_is_committed_when_append_returns()
    {
        using var journal = Open();
        var entry = Written(journal.Append(AScan()));
        using var other = OpenFile();
        using var command = other.CreateCommand();
        command.CommandText = "select entry_id from entry";
        Assert.Equal(entry.Request.ScanId.ToString(), command.ExecuteScalar());
    }

    [Fact]
    public void The_file_is_written_through_to_the_disk_at_every_commit()
    {
        using var store = new JournalStore(FilePath);
        Assert.Equal("wal", store.Setting("journal_mode"));
        Assert.Equal("2", store.Setting("synchronous"));
    }

    [Fact]
    public void Sequences_have_no_gap_and_the_chain_holds_however_many_write_at_once()
    {
        using var journal = Open();
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ => journal.Append(AScan()));
        var sequences = journal.Latest(500).Select(entry => entry.Request.Sequence).Order();
        Assert.Equal(Enumerable.Range(1, 200).Select(n => (long)n), sequences);
        Assert.Null(journal.FirstBroken());
    }

    [Fact]
    public void The_count_and_the_chain_go_on_after_reopening()
    {
        using (var journal = Open()) journal.Append(AScan());
        using var again = Open();
        Assert.Equal(2, Written(again.Append(AScan())).Request.Sequence);
        Assert.Null(again.FirstBroken());
    }

    [Fact]
    public void The_same_scan_asked_again_is_the_same_entry_and_writes_nothing()
    {
        using var journal = Open();
        var scan = AScan();
        var first = Written(journal.Append(scan));
        var again = Assert.IsType<Appended.AlreadyThere>(journal.Append(scan)).Entry;
        Assert.Equal(first.Request, again.Request);
        Assert.Single(journal.Latest(10));
    }

    [Fact]
    public void The_same_id_with_other_content_is_not_taken()
    {
        using var journal = Open();
        var id = Guid.NewGuid();
        journal.Append(AScan(id));
        Assert.IsType<Appended.OtherContent>(journal.Append(AScan(id, classId: 32)));
        Assert.Single(journal.Latest(10));
    }

    [Fact]
    public void An_answer_is_written_once_and_ends_the_waiting()
    {
        using var journal = Open();
        var entry = Written(journal.Append(AScan()));
        Assert.Equal(1, journal.CountWaiting().Count);
        Assert.Equal(entry.Link.Clock.WallMs, journal.CountWaiting().Since!.Value.ToUnixTimeMilliseconds());
        Assert.True(journal.Answer(AnswerTo(entry.Request.ScanId, 1)));
        Assert.False(journal.Answer(AnswerTo(entry.Request.ScanId, 2)));
        Assert.Equal(new WaitingScans(0, Since: null), journal.CountWaiting());
        Assert.Equal(1, journal.Find(entry.Request.ScanId)!.Answer!.Receipt);
    }

    [Fact]
    public void A_later_entry_knows_the_last_time_the_server_told()
    {
        using var journal = Open();
        var first = Written(journal.Append(AScan()));
        var answer = AnswerTo(first.Request.ScanId, 1);
        journal.Answer(answer);
        Assert.Equal(0, first.Link.CheckpointMs);
        Assert.Equal(answer.AnsweredAt.ToUnixTimeMilliseconds(), Written(journal.Append(AScan())).Link.CheckpointMs);
    }

    [Theory]
    [InlineData("update entry set content = replace(content, '31', '32') where sequence = 2", "2")]
    [InlineData("update entry set wall_ms = wall_ms - 1 where sequence = 2", "2")]
    [InlineData("update entry set boot_id = '00000000-0000-0000-0000-000000000001' where sequence = 3", "3")]
    [InlineData("update entry set signature = zeroblob(64) where sequence = 1", "1")]
    [InlineData("delete from entry where sequence = 2", "3")]
    public void Whatever_is_changed_behind_its_back_breaks_the_journal(string change, string firstBroken)
    {
        using (var journal = Open())
            for (var i = 0; i < 3; i++) journal.Append(AScan());
        Execute($"drop trigger entry_never_changes; drop trigger entry_is_never_deleted; {change}");
        using var tampered = Open();
        Assert.Equal(firstBroken, $"{tampered.FirstBroken()}");
    }

    [Theory]
    [InlineData("delete from entry")]
    [InlineData("update entry set wall_ms = 0")]
    [InlineData("update entry set sequence = 9")]
    public void The_file_itself_refuses_to_change_what_was_scanned(string change)
    {
        using (var journal = Open()) journal.Append(AScan());
        Assert.Contains("never", Assert.Throws<SqliteException>(() => Execute(change)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_journal_behind_the_server_goes_on_after_the_servers_head_and_says_so()
    {
        using (var journal = Open())
        {
            journal.Append(AScan());
            journal.ContinueAfter(40);
            Assert.Equal(41, Written(journal.Append(AScan())).Request.Sequence);
            journal.ContinueAfter(12);
            Assert.Equal(42, Written(journal.Append(AScan())).Request.Sequence);
            Assert.Null(journal.FirstBroken());
        }
        using var again = Open();
        Assert.Equal(43, Written(again.Append(AScan())).Request.Sequence);
    }

    [Fact]
    public void A_resumed_count_is_remembered_though_nothing_was_scanned_since()
    {
        using (var journal = Open()) journal.ContinueAfter(40);
        using var again = Open();
        Assert.Equal(41, Written(again.Append(AScan())).Request.Sequence);
    }

    [Fact]
    public void A_journal_of_another_key_is_not_opened()
    {
        using (Open()) { }
        var elsewhere = Directory.CreateDirectory(Path.Combine(_folder, "other")).FullName;
        using var other = DeviceKey.Create(elsewhere, TestSeal.New());
        Assert.Throws<InvalidOperationException>(() => ScanJournal.Open(FilePath, other, TimeProvider.System));
    }

    [Fact]
    public void A_journal_of_a_newer_program_is_not_touched()
    {
        using (Open()) { }
        Execute("pragma user_version = 99");
        Assert.Throws<InvalidOperationException>(Open);
    }

    public void Dispose()
    {
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
