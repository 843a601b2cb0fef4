using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Voucher.Core.Journals;
using Voucher.Core.Wire;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Offline;

/// <summary>A real terminal whose cable is cut and healed: the desk goes on, and the journal arrives whole.</summary>
public sealed class OfflineWorkTests : IAsyncLifetime
{
    private CabledKiosk _site = null!;

    private ServerPeer Peer => _site.Server;

    private Server.Kiosk Desk => _site.Kiosk;

    public async ValueTask InitializeAsync() => _site = await CabledKiosk.Start();

    private Task<JsonElement> Enrol(string digits) => Desk.Enrol(digits, County.HolderNumber);

    private static JsonElement Offline(JsonElement state) => state.GetProperty("offline");

    [Fact]
    public async Task Enrolment_and_attendance_go_on_and_are_confirmed_when_the_link_is_back()
    {
        await _site.Cut();
        var voucher = Peer.County.NewVoucher();
        Assert.Equal("provisional", (await Enrol(voucher)).Outcome());
        Assert.Equal("provisional", (await Desk.CheckIn(voucher)).Outcome());
        Assert.Equal(511, (await Desk.CheckIn(voucher)).Refusal());
        Assert.Equal(305, (await Enrol(voucher)).Refusal());
        Assert.Empty(Peer.Asked);
        var late = await Desk.Told("late", 2, _site.Cable.Heal);
        Assert.All(late, one => Assert.Equal("accepted", one.Outcome()));
        Assert.Equal(2, Peer.Ledger.Count);
        Assert.All(Peer.Asked, asked => Assert.Equal("journal", asked.Via));
        Assert.Empty(Peer.Journal.Strange);
    }

    [Fact]
    public async Task Completion_is_refused_offline_and_leaves_nothing_behind()
    {
        await _site.Cut();
        var verdict = await Desk.Scan(new { mode = ScanMode.Complete, classId = 31, digits = Peer.County.NewVoucher() });
        Assert.Equal(208, verdict.Refusal());
        Assert.Equal(0, (await Desk.State()).WaitingCount());
    }

    [Fact]
    public async Task A_receipt_closes_in_what_was_done_offline_before_it_is_sent()
    {
        await _site.Cut();
        await Enrol(Peer.County.NewVoucher());
        var done = Desk.Journal.LastSequence;
        await _site.HealUntilSent();
        var receipt = Assert.Single(Peer.Journal.Held, record => record.Kind == JournalEntryKind.Receipt && Covers(record) >= done);
        Assert.True(receipt.Sequence > done);
        static long Covers(JournalRecord record) => JsonSerializer.Deserialize<HeadReceipt>(record.Content, WebJson.Options)!.Sequence;
    }

    [Fact]
    public async Task A_receipt_that_the_county_did_not_sign_never_gets_into_the_journal()
    {
        await _site.Cut();
        await Enrol(Peer.County.NewVoucher());
        Peer.Journal.GivesFalseReceipts = true;
        var before = Peer.Journal.Receipts;
        _site.Cable.Heal();
        while (Peer.Journal.Receipts < before + 2) await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.Null(Desk.Journal.Backlog.Receipt);
        Peer.Journal.GivesFalseReceipts = false;
        await Desk.Until(state => state.WaitingCount() == 0);
        Assert.Empty(Peer.Journal.Strange);
    }

    [Fact]
    public async Task Thirty_are_enrolled_offline_and_the_thirty_first_waits_for_the_link()
    {
        Peer.ChangeSetup = setup => setup with { Classes = [setup.Classes[0] with { Capacity = 500 }] };
        await Peer.Tell(HubNames.SetupChanged);
        await Desk.Until(state => state.GetProperty("setup").GetProperty("classes")[0].GetProperty("capacity").GetInt32() == 500);
        await _site.Cut();
        for (var n = 0; n < 30; n++) Assert.Equal("provisional", (await Enrol(Peer.County.NewVoucher())).Outcome());
        Assert.Equal(210, (await Enrol(Peer.County.NewVoucher())).Refusal());
        var state = Offline(await Desk.State());
        Assert.Equal(30, state.GetProperty("provisional").GetInt32());
        Assert.Contains("30", state.GetProperty("warnings")[0].GetProperty("zh").GetString(), StringComparison.Ordinal);
        _site.Cable.Heal();
        await Desk.Until(after => after.WaitingCount() == 0);
        Assert.Equal("accepted", (await Enrol(Peer.County.NewVoucher())).Outcome());
    }

    [Fact]
    public async Task Killed_while_offline_it_starts_by_itself_and_sends_what_it_has()
    {
        await _site.Cut();
        var voucher = Peer.County.NewVoucher();
        await Enrol(voucher);
        await _site.Restart();
        await Desk.Until(state => state.Standing() == "active" && !state.IsOnline());
        Assert.Equal("provisional", (await Desk.CheckIn(voucher)).Outcome());
        await _site.HealUntilSent();
        Assert.Equal(2, Peer.Ledger.Count);
        Assert.Empty(Peer.Journal.Strange);
    }

    [Fact]
    public async Task A_server_that_was_restored_from_a_copy_is_sent_again_what_it_lacks()
    {
        await _site.Cut();
        for (var n = 0; n < 3; n++) await Enrol(Peer.County.NewVoucher());
        await _site.HealUntilSent();
        Peer.Journal.ForgetAfter(2);
        await _site.Cut();
        await Enrol(Peer.County.NewVoucher());
        await _site.HealUntilSent();
        Assert.Equal(Enumerable.Range(1, Peer.Journal.Held.Count).Select(n => (long)n), Peer.Journal.Held.Select(record => record.Sequence));
        Assert.Empty(Peer.Journal.Strange);
    }

    [Fact]
    public async Task The_state_says_until_when_the_desk_may_go_on()
    {
        var online = Offline(await Desk.State());
        Assert.Equal(30, online.GetProperty("provisionalLimit").GetInt32());
        Assert.Equal(24, online.GetProperty("warnAfterHours").GetInt32());
        Assert.Equal(0, online.GetProperty("warnings").GetArrayLength());
        var last = online.GetProperty("lastContact").GetDateTimeOffset();
        Assert.Equal(last.AddHours(72), online.GetProperty("enrolUntil").GetDateTimeOffset());
        Assert.Equal(last.AddDays(7), online.GetProperty("attendanceUntil").GetDateTimeOffset());
    }

    [Fact]
    public async Task Practice_checks_like_earnest_and_writes_nothing_down()
    {
        var voucher = Peer.County.NewVoucher();
        var verdict = await Practise(new { mode = ScanMode.Enrol, classId = 31, digits = voucher, idNumber = County.HolderNumber });
        Assert.Equal("accepted", verdict.Outcome());
        Assert.Contains("练习", verdict.GetProperty("reason").GetProperty("zh").GetString(), StringComparison.Ordinal);
        Assert.Equal(402, (await Practise(new { mode = ScanMode.Enrol, classId = 31, digits = voucher, idNumber = County.StrangerNumber })).Refusal());
        Assert.Equal(108, (await Practise(new { mode = ScanMode.CheckIn, classId = 31, digits = Peer.County.ForgedVoucher() })).Refusal());
        Assert.Equal(0, Desk.Journal.LastSequence);
        Assert.Empty(Peer.Asked);
    }

    private async Task<JsonElement> Practise(object order) =>
        await (await Desk.Http.PostAsJsonAsync("local/practice", order)).Content.ReadFromJsonAsync<JsonElement>();

    [Fact]
    public async Task A_correction_is_asked_for_once_and_goes_to_the_county_with_the_journal()
    {
        await _site.Cut();
        var scan = await Enrol(Peer.County.NewVoucher());
        var scanId = scan.GetProperty("scanId").GetString();
        Assert.Equal(HttpStatusCode.NoContent, (await Correct(scanId, "wrongClass", "应为电工2班")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await Correct(scanId, "other", "")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await Correct(Guid.NewGuid().ToString(), "other", "")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await Correct(scanId, "sideways", "")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await Correct(scanId, "2", "")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await Correct(scanId, "other", new string('长', 201))).StatusCode);
        var recent = await Desk.Http.GetFromJsonAsync<JsonElement>("local/recent");
        Assert.Equal("requested", recent[0].GetProperty("correction").GetString());
        await _site.HealUntilSent();
        var sent = Assert.Single(Peer.Journal.Held, record => record.Kind == JournalEntryKind.Correction);
        Assert.Equal(CorrectionReason.WrongClass, JsonSerializer.Deserialize<CorrectionRequest>(sent.Content, WebJson.Options)!.Reason);
    }

    private Task<HttpResponseMessage> Correct(string? scanId, string reason, string note) =>
        Desk.Http.PostAsJsonAsync("local/corrections", new { scanId, reason, note });

    [Fact]
    public async Task The_roster_shows_who_was_enrolled_and_who_has_come()
    {
        await _site.Cut();
        var voucher = Peer.County.NewVoucher();
        await Enrol(voucher);
        await Desk.CheckIn(voucher);
        var roster = await Desk.Http.GetFromJsonAsync<JsonElement>("local/roster?classId=31");
        var trainee = Assert.Single(roster.GetProperty("people").EnumerateArray());
        Assert.True(trainee.GetProperty("provisional").GetBoolean());
        Assert.Matches(@"^\d\d:\d\d$", trainee.GetProperty("checkedIn").GetString());
        Assert.Equal(JsonValueKind.Null, trainee.GetProperty("checkedOut").ValueKind);
        Assert.Equal(HttpStatusCode.NoContent, (await Desk.Http.GetAsync("local/roster?classId=99")).StatusCode);
    }

    [Fact]
    public async Task A_case_over_an_accepted_scan_is_told_to_its_desk_with_its_number()
    {
        var scan = await Enrol(Peer.County.NewVoucher());
        Assert.Equal("accepted", scan.Outcome());
        var disputed = new DeskCase("ZY000012", scan.GetProperty("scanId").GetGuid(), "6229 2600 0000 0123", TimeProvider.System.GetUtcNow(), IsOpen: true, Outcome: null);
        Peer.ChangeSetup = setup => setup with { Cases = [disputed] };
        var told = Assert.Single(await Desk.Told("late", 1, () => _ = Peer.Tell(HubNames.SetupChanged)));
        Assert.Equal("held", told.Outcome());
        Assert.Equal("ZY000012", told.GetProperty("caseNumber").GetString());
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();
}
