using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Voucher.Core.Journals;
using Voucher.Core.Wire;
using Voucher.Terminal.Tests.Server;
using Voucher.Testing;

namespace Voucher.Terminal.Tests.Offline;

/// <summary>A real terminal whose cable is cut and healed: the desk goes on, and the journal arrives whole.</summary>
public sealed class OfflineWorkTests : IAsyncLifetime
{
    private readonly ServerPeer _server = new();
    private Cable _cable = null!;
    private Server.Kiosk _kiosk = null!;

    public async ValueTask InitializeAsync()
    {
        await _server.Start();
        _cable = new Cable(_server.Address);
        _kiosk = await Server.Kiosk.StartOnline(_cable.Address);
    }

    private async Task CutAsync()
    {
        _cable.Cut();
        await _kiosk.Until(state => !state.IsOnline());
    }

    private Task<JsonElement> Enrol(string digits) => _kiosk.Enrol(digits, County.HolderNumber);

    private static JsonElement Offline(JsonElement state) => state.GetProperty("offline");

    [Fact]
    public async Task Enrolment_and_attendance_go_on_and_are_confirmed_when_the_link_is_back()
    {
        await CutAsync();
        var voucher = _server.County.NewVoucher();
        Assert.Equal("provisional", (await Enrol(voucher)).Outcome());
        Assert.Equal("provisional", (await _kiosk.CheckIn(voucher)).Outcome());
        Assert.Equal(511, (await _kiosk.CheckIn(voucher)).Refusal());
        Assert.Equal(305, (await Enrol(voucher)).Refusal());
        Assert.Empty(_server.Asked);
        var late = await _kiosk.Told("late", 2, _cable.Heal);
        Assert.All(late, one => Assert.Equal("accepted", one.Outcome()));
        Assert.Equal(2, _server.Ledger.Count);
        Assert.All(_server.Asked, asked => Assert.Equal("journal", asked.Via));
        Assert.Empty(_server.Journal.Strange);
    }

    [Fact]
    public async Task Completion_is_refused_offline_and_leaves_nothing_behind()
    {
        await CutAsync();
        var verdict = await _kiosk.Scan(new { mode = ScanMode.Complete, classId = 31, digits = _server.County.NewVoucher() });
        Assert.Equal(208, verdict.Refusal());
        Assert.Equal(0, (await _kiosk.State()).WaitingCount());
    }

    [Fact]
    public async Task A_receipt_closes_in_what_was_done_offline_before_it_is_sent()
    {
        await CutAsync();
        await Enrol(_server.County.NewVoucher());
        var done = _kiosk.Journal.LastSequence;
        _cable.Heal();
        await _kiosk.Until(state => state.WaitingCount() == 0);
        var receipt = Assert.Single(_server.Journal.Held, record => record.Kind == JournalEntryKind.Receipt && Covers(record) >= done);
        Assert.True(receipt.Sequence > done);
        static long Covers(JournalRecord record) => JsonSerializer.Deserialize<HeadReceipt>(record.Content, WireJson.Options)!.Sequence;
    }

    [Fact]
    public async Task A_receipt_that_the_county_did_not_sign_never_gets_into_the_journal()
    {
        await CutAsync();
        await Enrol(_server.County.NewVoucher());
        _server.Journal.GivesFalseReceipts = true;
        var before = _server.Journal.Receipts;
        _cable.Heal();
        while (_server.Journal.Receipts < before + 2) await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.Null(_kiosk.Journal.LastReceipt());
        _server.Journal.GivesFalseReceipts = false;
        await _kiosk.Until(state => state.WaitingCount() == 0);
        Assert.Empty(_server.Journal.Strange);
    }

    [Fact]
    public async Task Thirty_are_enrolled_offline_and_the_thirty_first_waits_for_the_link()
    {
        _server.ChangeSetup = setup => setup with { Classes = [setup.Classes[0] with { Capacity = 500 }] };
        await _server.Tell(HubNames.SetupChanged);
        await _kiosk.Until(state => state.GetProperty("setup").GetProperty("classes")[0].GetProperty("capacity").GetInt32() == 500);
        await CutAsync();
        for (var n = 0; n < 30; n++) Assert.Equal("provisional", (await Enrol(_server.County.NewVoucher())).Outcome());
        Assert.Equal(210, (await Enrol(_server.County.NewVoucher())).Refusal());
        var state = Offline(await _kiosk.State());
        Assert.Equal(30, state.GetProperty("provisional").GetInt32());
        Assert.Contains("30", state.GetProperty("warnings")[0].GetProperty("zh").GetString(), StringComparison.Ordinal);
        _cable.Heal();
        await _kiosk.Until(after => after.WaitingCount() == 0);
        Assert.Equal("accepted", (await Enrol(_server.County.NewVoucher())).Outcome());
    }

    [Fact]
    public async Task Killed_while_offline_it_starts_by_itself_and_sends_what_it_has()
    {
        await CutAsync();
        var voucher = _server.County.NewVoucher();
        await Enrol(voucher);
        _kiosk.IsKept = true;
        await _kiosk.DisposeAsync();
        _kiosk = await Server.Kiosk.Start(_kiosk.Home);
        await _kiosk.Until(state => state.Standing() == "active" && !state.IsOnline());
        Assert.Equal("provisional", (await _kiosk.CheckIn(voucher)).Outcome());
        _cable.Heal();
        await _kiosk.Until(state => state.WaitingCount() == 0);
        Assert.Equal(2, _server.Ledger.Count);
        Assert.Empty(_server.Journal.Strange);
    }

    [Fact]
    public async Task A_server_that_was_restored_from_a_copy_is_sent_again_what_it_lacks()
    {
        await CutAsync();
        for (var n = 0; n < 3; n++) await Enrol(_server.County.NewVoucher());
        _cable.Heal();
        await _kiosk.Until(state => state.WaitingCount() == 0);
        _server.Journal.ForgetAfter(2);
        await CutAsync();
        await Enrol(_server.County.NewVoucher());
        _cable.Heal();
        await _kiosk.Until(state => state.WaitingCount() == 0);
        Assert.Equal(Enumerable.Range(1, _server.Journal.Held.Count).Select(n => (long)n), _server.Journal.Held.Select(record => record.Sequence));
        Assert.Empty(_server.Journal.Strange);
    }

    [Fact]
    public async Task The_state_says_until_when_the_desk_may_go_on()
    {
        var online = Offline(await _kiosk.State());
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
        var voucher = _server.County.NewVoucher();
        var verdict = await Practise(new { mode = ScanMode.Enrol, classId = 31, digits = voucher, idNumber = County.HolderNumber });
        Assert.Equal("accepted", verdict.Outcome());
        Assert.Contains("练习", verdict.GetProperty("reason").GetProperty("zh").GetString(), StringComparison.Ordinal);
        Assert.Equal(402, (await Practise(new { mode = ScanMode.Enrol, classId = 31, digits = voucher, idNumber = County.StrangerNumber })).Refusal());
        Assert.Equal(108, (await Practise(new { mode = ScanMode.CheckIn, classId = 31, digits = _server.County.ForgedVoucher() })).Refusal());
        Assert.Equal(0, _kiosk.Journal.LastSequence);
        Assert.Empty(_server.Asked);
    }

    private async Task<JsonElement> Practise(object order) =>
        await (await _kiosk.Http.PostAsJsonAsync("local/practice", order)).Content.ReadFromJsonAsync<JsonElement>();

    [Fact]
    public async Task A_correction_is_asked_for_once_and_goes_to_the_county_with_the_journal()
    {
        await CutAsync();
        var scan = await Enrol(_server.County.NewVoucher());
        var scanId = scan.GetProperty("scanId").GetString();
        Assert.Equal(HttpStatusCode.NoContent, (await Correct(scanId, "wrongClass", "应为电工2班")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await Correct(scanId, "other", "")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await Correct(Guid.NewGuid().ToString(), "other", "")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await Correct(scanId, "sideways", "")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await Correct(scanId, "2", "")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await Correct(scanId, "other", new string('长', 201))).StatusCode);
        var recent = await _kiosk.Http.GetFromJsonAsync<JsonElement>("local/recent");
        Assert.Equal("requested", recent[0].GetProperty("correction").GetString());
        _cable.Heal();
        await _kiosk.Until(state => state.WaitingCount() == 0);
        var sent = Assert.Single(_server.Journal.Held, record => record.Kind == JournalEntryKind.Correction);
        Assert.Equal(CorrectionReason.WrongClass, JsonSerializer.Deserialize<CorrectionRequest>(sent.Content, WireJson.Options)!.Reason);
    }

    private Task<HttpResponseMessage> Correct(string? scanId, string reason, string note) =>
        _kiosk.Http.PostAsJsonAsync("local/corrections", new { scanId, reason, note });

    [Fact]
    public async Task The_roster_shows_who_was_enrolled_and_who_has_come()
    {
        await CutAsync();
        var voucher = _server.County.NewVoucher();
        await Enrol(voucher);
        await _kiosk.CheckIn(voucher);
        var roster = await _kiosk.Http.GetFromJsonAsync<JsonElement>("local/roster?classId=31");
        var trainee = Assert.Single(roster.GetProperty("people").EnumerateArray());
        Assert.True(trainee.GetProperty("provisional").GetBoolean());
        Assert.Matches(@"^\d\d:\d\d$", trainee.GetProperty("checkedIn").GetString());
        Assert.Equal(JsonValueKind.Null, trainee.GetProperty("checkedOut").ValueKind);
        Assert.Equal(HttpStatusCode.NoContent, (await _kiosk.Http.GetAsync("local/roster?classId=99")).StatusCode);
    }

    [Fact]
    public async Task A_case_over_an_accepted_scan_is_told_to_its_desk_with_its_number()
    {
        var scan = await Enrol(_server.County.NewVoucher());
        Assert.Equal("accepted", scan.Outcome());
        var disputed = new DeskCase("ZY000012", scan.GetProperty("scanId").GetGuid(), "6229 2600 0000 0123", TimeProvider.System.GetUtcNow(), IsOpen: true, Outcome: null);
        _server.ChangeSetup = setup => setup with { Cases = [disputed] };
        var told = Assert.Single(await _kiosk.Told("late", 1, () => _ = _server.Tell(HubNames.SetupChanged)));
        Assert.Equal("held", told.Outcome());
        Assert.Equal("ZY000012", told.GetProperty("caseNumber").GetString());
    }

    public async ValueTask DisposeAsync()
    {
        await _kiosk.DisposeAsync();
        _cable.Dispose();
        await _server.DisposeAsync();
    }
}
