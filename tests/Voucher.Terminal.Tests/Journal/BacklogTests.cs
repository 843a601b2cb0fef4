using System.Text.Json;
using Voucher.Core.Journals;
using Voucher.Core.Wire;
using Voucher.Terminal.Journal;
using Voucher.Terminal.Pairing;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Journal;

/// <summary>What there is to send, asked twice a second and worked out only when something was written.</summary>
public sealed class BacklogTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 1, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("voucher-journal-test-").FullName;
    private readonly MachineClock _clock = new(Now);
    private readonly DeviceKey _key;
    private readonly ScanJournal _journal;

    public BacklogTests()
    {
        _key = DeviceKey.Create(_folder, TestSeal.New());
        _journal = ScanJournal.Open(FilePath, _key, _clock);
    }

    private string FilePath => Path.Combine(_folder, "journal.db");

    private JournalEntry Scan(bool isProvisional) =>
        ((Appended.Written)_journal.Append(new NewScan(Guid.NewGuid(), ScanMode.CheckIn, 31, Digits: null, ShortCode: "123456789012", HolderCheck: null), isProvisional)).Entry;

    private void Receipt() =>
        _journal.AppendReceipt(new HeadReceipt(5, _journal.Backlog.Head!.Sequence, _journal.Backlog.Head.Hash, _clock.Real, County.KeyId, new byte[ChainLink.SignatureLength]));

    private void Answer(JournalEntry scan) => _journal.Answer(new ScanAnswer(
        scan.Id, Accepted: true, 0, new("好。", "Good."), new("", ""), null, null, null, null, null, 1, _clock.Real));

    [Fact]
    public void It_follows_a_scan_from_the_desk_to_its_answer()
    {
        Assert.Equal(new JournalBacklog(Head: null, Receipt: null, 0, 0, null, HasUnreportedProvisional: false, HasWaiting: false, HasProvisionalWaiting: false), _journal.Backlog);
        var scan = Scan(isProvisional: false);
        Assert.Equal((1, Now, false, true, false, false), What());
        _clock.Pass(TimeSpan.FromSeconds(5));
        _journal.MarkProvisional(scan.Sequence);
        Assert.Equal((1, Now, true, true, true, true), What());
        Receipt();
        Assert.Equal((2, Now, true, true, true, false), What());
        Assert.Equal(new ReceiptPlace(1, Boot.Id, _clock.Real.ToUnixTimeMilliseconds()), _journal.Backlog.Receipt);
        _journal.MarkUploaded(2, _journal.ToUpload(10));
        Assert.Equal((0, null, false, true, true, false), What());
        Answer(scan);
        Assert.Equal((0, null, false, false, false, false), What());
        _journal.UploadAgainFrom(2);
        Assert.Equal((1, (DateTimeOffset?)_clock.Real, false, false, false, false), What());
    }

    private (int, DateTimeOffset?, bool, bool, bool, bool) What()
    {
        var backlog = _journal.Backlog;
        return (backlog.ToUpload, backlog.ToUploadSince, backlog.HasUnreportedProvisional, backlog.HasWaiting, backlog.HasProvisionalWaiting, backlog.HasUnbounded);
    }

    [Fact]
    public void Nothing_is_asked_of_the_file_while_nothing_is_written()
    {
        Scan(isProvisional: true);
        var backlog = _journal.Backlog;
        _journal.Latest(10);
        _journal.CountWaiting();
        Assert.Same(backlog, _journal.Backlog);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_is_written_it_is_what_the_file_says(int seed)
    {
        var random = new Random(seed);
        List<JournalEntry> scans = [];
        for (var step = 0; step < 120; step++)
        {
            switch (random.Next(8))
            {
                case 0 or 1: scans.Add(Scan(random.Next(2) == 0)); break;
                case 2 when scans.Count > 0: _journal.MarkProvisional(scans[random.Next(scans.Count)].Sequence); break;
                case 3 when scans.Count > 0: Answer(scans[random.Next(scans.Count)]); break;
                case 4 when scans.Count > 0: Receipt(); break;
                case 5 when _journal.ToUpload(random.Next(1, 9)) is { Count: > 0 } sent: _journal.MarkUploaded(sent[^1].Sequence, sent); break;
                case 6 when random.Next(5) == 0: _journal.UploadAgainFrom(random.NextInt64(1, _journal.LastSequence + 2)); break;
                case 7 when scans.Count > 0: _journal.AppendCorrection(new CorrectionRequest(scans[random.Next(scans.Count)].Id, CorrectionReason.Other, "")); break;
            }
            _clock.Pass(TimeSpan.FromSeconds(1));
            using var file = JournalStore.OpenToRead(FilePath);
            Assert.Equal(JsonSerializer.Serialize(file.Backlog()), JsonSerializer.Serialize(_journal.Backlog));
        }
    }

    public void Dispose()
    {
        _journal.Dispose();
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
