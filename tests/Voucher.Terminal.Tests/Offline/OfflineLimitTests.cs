using Voucher.Core.Journals;
using Voucher.Core.Refusals;
using Voucher.Core.Wire;
using Voucher.Terminal.Journal;
using Voucher.Terminal.Pairing;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Offline;

/// <summary>Enrolments made offline count until the server is reached again, whether it has judged them by then or not.</summary>
public sealed class OfflineLimitTests : IDisposable
{
    private const int Limit = 3;

    private readonly string _folder = Directory.CreateTempSubdirectory("voucher-journal-test-").FullName;
    private readonly MachineClock _clock = new(new DateTimeOffset(2026, 11, 23, 1, 0, 0, TimeSpan.Zero));
    private readonly DeviceKey _key;
    private readonly ScanJournal _journal;

    public OfflineLimitTests()
    {
        _key = DeviceKey.Create(_folder, TestSeal.New());
        _journal = ScanJournal.Open(Path.Combine(_folder, "journal.db"), _key, _clock);
    }

    [Fact]
    public async Task Reached_and_cut_again_the_desk_goes_on_though_the_server_has_not_answered_and_never_beyond_the_class()
    {
        var server = new ServerPeer();
        server.County.Limits = server.County.Limits with { Enrolments = Limit };
        server.ChangeSetup = setup => setup with { Classes = [setup.Classes[0] with { Enrolled = 12, Capacity = 12 + Limit + 1 }] };
        await using var site = await CabledKiosk.Start(server: server);
        server.Journal.IsSlow = true;
        await site.Cut();
        for (var n = 0; n < Limit; n++) Assert.Equal("provisional", (await Enrol(site)).Outcome());
        Assert.Equal((int)RefusalCode.OfflineEnrolmentsFull, (await Enrol(site)).Refusal());
        site.Cable.Heal();
        await site.Kiosk.Until(_ => site.Kiosk.Journal.Backlog is { HasUnbounded: false, ToUpload: 0, HasProvisionalWaiting: true });
        await site.Cut();
        Assert.Equal(0, (await site.Kiosk.State()).GetProperty("offline").GetProperty("provisional").GetInt32());
        Assert.Equal("provisional", (await Enrol(site)).Outcome());
        // Those of whom the server has said nothing yet sit in the class all the same.
        Assert.Equal((int)RefusalCode.ClassFull, (await Enrol(site)).Refusal());
    }

    private static Task<System.Text.Json.JsonElement> Enrol(CabledKiosk site) => site.Kiosk.Enrol(site.Server.County.NewVoucher(), County.HolderNumber);

    private JournalEntry Enrol(bool isProvisional, long classId = 31) =>
        ((Appended.Written)_journal.Append(new NewScan(Guid.NewGuid(), ScanMode.Enrol, classId, Digits: null, ShortCode: "123456789012", HolderCheck: 7), isProvisional)).Entry;

    private void Receipt() =>
        _journal.AppendReceipt(new HeadReceipt(5, _journal.Backlog.Head!.Sequence, _journal.Backlog.Head.Hash, _clock.Real, County.KeyId, new byte[ChainLink.SignatureLength]));

    private void Answer(JournalEntry scan, bool isAccepted = true) => _journal.Answer(new ScanAnswer(
        scan.Id, isAccepted, isAccepted ? 0 : 305, new("好。", "Good."), new("", ""), null, null, null, null, null, 1, _clock.Real));

    [Fact]
    public void A_receipt_ends_the_count_and_an_answer_frees_the_place_in_the_class()
    {
        var first = Enrol(isProvisional: true);
        Enrol(isProvisional: true, classId: 32);
        Enrol(isProvisional: false);
        Assert.Equal((2, 1), _journal.CountProvisionalEnrolments(31));
        Receipt();
        Assert.Equal((0, 1), _journal.CountProvisionalEnrolments(31));
        Answer(first);
        Assert.Equal((0, 0), _journal.CountProvisionalEnrolments(31));
        Enrol(isProvisional: true);
        Assert.Equal((1, 1), _journal.CountProvisionalEnrolments(31));
    }

    [Fact]
    public void A_scan_that_the_desk_is_told_of_late_counts_with_those_among_which_it_stands_in_the_journal()
    {
        List<JournalEntry> early = [Enrol(isProvisional: true), Enrol(isProvisional: true)];
        var late = Enrol(isProvisional: false);
        Receipt();
        foreach (var scan in early) Answer(scan);
        // The server counts from receipt to receipt, whatever it has answered.
        Assert.Equal((2, 0), _journal.CountProvisionalEnrolments(31, late.Id));
        Assert.Equal((0, 0), _journal.CountProvisionalEnrolments(31));
        _journal.MarkProvisional(late.Sequence);
        Assert.Equal((2, 0), _journal.CountProvisionalEnrolments(31, late.Id));
    }

    public void Dispose()
    {
        _journal.Dispose();
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
