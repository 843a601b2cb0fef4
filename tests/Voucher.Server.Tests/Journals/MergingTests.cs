using Dapper;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Core.Vouchers;
using Voucher.Core.Wire;
using Voucher.Server.Journals;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.Journals;

/// <summary>What desks did offline, merged into the real ledger; after each merge all invariants are checked.</summary>
public sealed class MergingTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly JournalScene _scene = new(server);

    [Fact]
    public async Task Enrolment_and_attendance_made_offline_are_in_the_ledger_the_register_and_the_answers()
    {
        using var device = await _scene.PairAsync();
        var (training, voucher) = (await _scene.Scans.OpenClassAsync(startsInDays: 1), await _scene.Scans.IssueAsync());
        _scene.ToNextMorning();
        await _scene.Scans.LogInAsync(device.Terminal);
        var enrolled = device.Scan(ScanMode.Enrol, training, voucher);
        _scene.Later();
        var came = device.Scan(ScanMode.CheckIn, training, voucher);
        _scene.Later(120);
        var left = device.Scan(ScanMode.CheckOut, training, voucher);
        await device.ComeBackAsync();
        await _scene.SettleAsync();
        Assert.Equal(new Merged(VoucherState.Enrolled, training, false), await _scene.StateAsync(voucher));
        Assert.Equal([(came.EntryId, left.EntryId)], await _scene.AttendedAsync(voucher));
        var answers = await device.AnswersAsync(enrolled, came, left);
        Assert.Equal(3, answers.Count);
        Assert.All(answers, answer => Assert.True(answer.Accepted, answer.Reason.En));
        Assert.Equal(3, await _scene.AskAsync<long>("select count(*) from voucher_event where voucher_id = @Id and scan_id is not null", new { voucher.Id }));
    }

    [Fact]
    public async Task An_enrolment_from_before_a_suspension_counts_though_it_comes_later_and_one_made_during_it_does_not_though_it_is_over()
    {
        const int institution = 3;
        var desk = new Institutions.AccreditationDesk(server);
        var accreditation = await desk.TakenOverAsync(institution);
        using var device = await _scene.PairAsync(institution);
        var training = await _scene.Scans.OpenClassAsync(institution, programmeCode: 1005);
        var (before, during, after) = (await _scene.Scans.IssueAsync(), await _scene.Scans.IssueAsync(), await _scene.Scans.IssueAsync());
        var lawful = device.Scan(ScanMode.Enrol, training, before);
        _scene.Later();
        await desk.StepAsync("reviewer", accreditation, "suspend", new { reason = "代签到" });
        _scene.Later();
        var forbidden = device.Scan(ScanMode.Enrol, training, during);
        await device.ComeBackAsync();
        await _scene.SettleAsync();
        Assert.Equal(training, (await _scene.StateAsync(before)).Class);
        Assert.Equal((int)RefusalCode.InstitutionNotAccredited, Assert.Single(await device.AnswersAsync(forbidden)).Refusal);
        Assert.True(Assert.Single(await device.AnswersAsync(lawful)).Accepted);

        var late = device.Scan(ScanMode.Enrol, training, after);
        _scene.Later();
        await desk.StepAsync("approver", accreditation, "return", new { reason = "查无实据" });
        await device.ComeBackAsync();
        await _scene.SettleAsync();
        Assert.Equal((int)RefusalCode.InstitutionNotAccredited, Assert.Single(await device.AnswersAsync(late)).Refusal);
    }

    [Fact]
    public async Task What_was_answered_online_and_comes_with_the_journal_is_not_judged_again()
    {
        using var device = await _scene.PairAsync();
        var (training, voucher) = (await _scene.Scans.OpenClassAsync(), await _scene.Scans.IssueAsync());
        var scan = device.Scan(ScanMode.Enrol, training, voucher);
        var told = await device.Terminal.SendAsync(RequestOf(scan));
        Assert.True(told.Accepted);
        await device.ComeBackAsync();
        await _scene.SettleAsync();
        Assert.Equal(told, Assert.Single(await device.AnswersAsync(scan)));
        Assert.Equal(0, await _scene.AskAsync<long>("select count(*) from offline_scan where scan_id = @EntryId", new { scan.EntryId }));
        Assert.Equal(told, await device.Terminal.SendAsync(RequestOf(scan)));
    }

    [Fact]
    public async Task A_scan_on_both_ways_at_once_is_answered_once()
    {
        using var device = await _scene.PairAsync();
        var training = await _scene.Scans.OpenClassAsync(capacity: 60);
        List<JournalRecord> scans = [];
        for (var i = 0; i < 25; i++) scans.Add(device.Scan(i % 5 == 0 ? ScanMode.CheckIn : ScanMode.Enrol, training, await _scene.Scans.IssueAsync()));
        await device.ReceiptAsync();
        var online = Task.WhenAll(scans.Select(scan => device.Terminal.AskUntilAnsweredAsync(RequestOf(scan))));
        await device.UploadAsync();
        var told = await online;
        await _scene.SettleAsync();
        foreach (var (scan, answer) in scans.Zip(told))
        {
            Assert.Equal(1, await _scene.AskAsync<long>("select count(*) from scan where id = @EntryId", new { scan.EntryId }));
            Assert.Equal(answer, Assert.Single(await device.AnswersAsync(scan)));
        }
    }

    [Fact]
    public async Task An_online_answer_that_came_while_the_scan_waited_to_be_merged_stands()
    {
        using var device = await _scene.PairAsync();
        var (training, voucher) = (await _scene.Scans.OpenClassAsync(), await _scene.Scans.IssueAsync());
        var scan = device.Scan(ScanMode.Enrol, training, voucher);
        await device.ReceiptAsync();
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("select pg_advisory_lock(469853431653)"); // No merge meanwhile.
        await device.UploadAsync();
        var told = await device.Terminal.SendAsync(RequestOf(scan));
        await connection.ExecuteAsync("select pg_advisory_unlock(469853431653)");
        await _scene.SettleAsync();
        Assert.Equal(told, Assert.Single(await device.AnswersAsync(scan)));
        Assert.Equal(VoucherState.Enrolled, (await _scene.StateAsync(voucher)).State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_desks_of_which_nobody_can_tell_who_was_first_see_one_case(bool bothAtOnce)
    {
        using var here = await _scene.PairAsync();
        using var there = await _scene.PairAsync(2);
        var (one, other, voucher) = (await _scene.Scans.OpenClassAsync(), await _scene.Scans.OpenClassAsync(2), await _scene.Scans.IssueAsync());
        _scene.Later();
        var first = here.Scan(ScanMode.Enrol, one, voucher);
        var second = there.Scan(ScanMode.Enrol, other, voucher);
        await here.ReceiptAsync();
        await there.ReceiptAsync();
        await here.UploadAsync();
        if (!bothAtOnce) await _scene.SettleAsync();
        await there.UploadAsync();
        await _scene.SettleAsync();
        var state = await _scene.StateAsync(voucher);
        Assert.True(state is { Class: null, InConflict: true }, $"{state}");
        var (hereCase, thereCase) = (Assert.Single(await here.CasesAsync()), Assert.Single(await there.CasesAsync()));
        Assert.Equal((hereCase.CaseNumber, true), (thereCase.CaseNumber, thereCase.IsOpen));
        Assert.Equal((first.EntryId, second.EntryId), (hereCase.ScanId, thereCase.ScanId));
        Assert.Equal(VoucherState.Claimed, state.State);
        Assert.Equal(RefusalCode.EnrolmentContested, await there.AnswerAsync(second));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_earlier_of_two_desks_wins_also_when_it_is_uploaded_later(bool earlierIsUploadedLater)
    {
        using var early = await _scene.PairAsync();
        using var late = await _scene.PairAsync(2);
        var (one, other, voucher) = (await _scene.Scans.OpenClassAsync(), await _scene.Scans.OpenClassAsync(2), await _scene.Scans.IssueAsync());
        var first = early.Scan(ScanMode.Enrol, one, voucher);
        await early.ReceiptAsync();
        _scene.Later();
        late.CheckpointMs = server.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        _scene.Later();
        var second = late.Scan(ScanMode.Enrol, other, voucher);
        await late.ReceiptAsync();
        var order = earlierIsUploadedLater ? new[] { late, early } : [early, late];
        foreach (var device in order)
        {
            await device.UploadAsync();
            await _scene.SettleAsync();
        }
        Assert.Equal(new Merged(VoucherState.Enrolled, one, false), await _scene.StateAsync(voucher));
        Assert.Equal(RefusalCode.None, await early.AnswerAsync(first));
        if (!earlierIsUploadedLater)
        {
            Assert.Equal(RefusalCode.EnrolledElsewhere, await late.AnswerAsync(second));
            return;
        }
        var (earlyCase, lateCase) = (Assert.Single(await early.CasesAsync()), Assert.Single(await late.CasesAsync()));
        Assert.Equal((earlyCase.CaseNumber, false, false), (lateCase.CaseNumber, lateCase.IsOpen, earlyCase.IsOpen));
        Assert.Contains("stands", earlyCase.Outcome!.En, StringComparison.Ordinal);
        Assert.Contains("does not stand", lateCase.Outcome!.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_committed_online_stands_also_when_another_desk_claims_the_same_class()
    {
        using var online = await _scene.PairAsync();
        using var same = await _scene.PairAsync();
        using var early = await _scene.PairAsync(2);
        var (one, other, voucher) = (await _scene.Scans.OpenClassAsync(), await _scene.Scans.OpenClassAsync(2), await _scene.Scans.IssueAsync());
        var lost = early.Scan(ScanMode.Enrol, other, voucher);
        await early.ReceiptAsync();
        _scene.Later();
        same.Scan(ScanMode.Enrol, one, voucher);
        await same.ReceiptAsync();
        Assert.True((await online.Terminal.ScanAsync(ScanMode.Enrol, one, voucher)).Accepted);
        foreach (var device in new[] { same, early })
        {
            await device.UploadAsync();
            await _scene.SettleAsync();
        }
        Assert.Equal(new Merged(VoucherState.Enrolled, one, false), await _scene.StateAsync(voucher));
        Assert.Equal(RefusalCode.EnrolledElsewhere, await early.AnswerAsync(lost));
    }

    [Fact]
    public async Task Attendance_waits_for_its_enrolment_from_another_desk_and_a_check_out_for_its_check_in()
    {
        using var desk = await _scene.PairAsync();
        using var door = await _scene.PairAsync();
        using var exit = await _scene.PairAsync();
        var (training, voucher) = (await _scene.Scans.OpenClassAsync(startsInDays: 1), await _scene.Scans.IssueAsync());
        _scene.ToNextMorning();
        foreach (var device in new[] { desk, door, exit }) await _scene.Scans.LogInAsync(device.Terminal);
        desk.Scan(ScanMode.Enrol, training, voucher);
        _scene.Later();
        var came = door.Scan(ScanMode.CheckIn, training, voucher);
        _scene.Later(90);
        var left = exit.Scan(ScanMode.CheckOut, training, voucher);
        foreach (var device in new[] { exit, door, desk })
        {
            Assert.Empty(await _scene.AttendedAsync(voucher));
            await device.ComeBackAsync();
            await _scene.SettleAsync();
        }
        Assert.Equal([(came.EntryId, left.EntryId)], await _scene.AttendedAsync(voucher));
        Assert.Equal((RefusalCode.None, RefusalCode.None), (await door.AnswerAsync(came), await exit.AnswerAsync(left)));
    }

    /// <summary>The later desk was merged first, and attendance at the earlier one's class was refused for it: it counts when the voucher comes there.</summary>
    [Fact]
    public async Task Attendance_refused_while_the_voucher_was_elsewhere_counts_when_an_earlier_claim_brings_it_back()
    {
        using var early = await _scene.PairAsync();
        using var door = await _scene.PairAsync();
        using var late = await _scene.PairAsync(2);
        var (one, other, voucher) = (await _scene.Scans.OpenClassAsync(startsInDays: 1), await _scene.Scans.OpenClassAsync(2, startsInDays: 1), await _scene.Scans.IssueAsync());
        _scene.ToNextMorning();
        foreach (var device in new[] { early, door, late }) await _scene.Scans.LogInAsync(device.Terminal);
        early.Scan(ScanMode.Enrol, one, voucher);
        await early.ReceiptAsync();
        _scene.Later();
        late.CheckpointMs = server.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        late.Scan(ScanMode.Enrol, other, voucher);
        var came = door.Scan(ScanMode.CheckIn, one, voucher);
        await late.ComeBackAsync();
        await _scene.SettleAsync();
        await door.ComeBackAsync();
        await _scene.SettleAsync();
        Assert.Equal(RefusalCode.OtherClass, await door.AnswerAsync(came));
        await early.UploadAsync();
        await _scene.SettleAsync();
        Assert.Equal(one, (await _scene.StateAsync(voucher)).Class);
        Assert.Equal([(came.EntryId, (Guid?)null)], await _scene.AttendedAsync(voucher));
    }

    [Fact]
    public async Task Two_desks_may_fill_a_class_beyond_its_capacity_and_who_sits_there_stays()
    {
        using var here = await _scene.PairAsync();
        using var there = await _scene.PairAsync();
        var training = await _scene.Scans.OpenClassAsync(capacity: 2);
        List<PaperVoucher> vouchers = [];
        foreach (var device in new[] { here, there, here, there })
        {
            vouchers.Add(await _scene.Scans.IssueAsync());
            device.Scan(ScanMode.Enrol, training, vouchers[^1]);
        }
        await here.ComeBackAsync();
        await there.ComeBackAsync();
        await _scene.SettleAsync();
        foreach (var voucher in vouchers) Assert.Equal(training, (await _scene.StateAsync(voucher)).Class);
        Assert.Equal(2, await _scene.AskAsync<int>("select over_capacity from training_class where id = @training", new { training }));
        using var online = await _scene.PairAsync();
        Assert.Equal(RefusalCode.ClassFull, (RefusalCode)(await online.Terminal.ScanAsync(ScanMode.Enrol, training, await _scene.Scans.IssueAsync())).Refusal);
    }

    [Fact]
    public async Task What_the_rules_do_not_allow_is_refused_each_for_its_reason()
    {
        using var device = await _scene.PairAsync();
        var (training, foreign) = (await _scene.Scans.OpenClassAsync(), await _scene.Scans.OpenClassAsync(2));
        var vouchers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _scene.Scans.IssueAsync()));
        var expired = await _scene.Scans.IssueAsync(validDays: 1, startsInDays: -3);
        await CloseAsync(vouchers[0], VoucherState.Revoked, 8);
        List<(JournalRecord Scan, RefusalCode Expected)> expected =
        [
            (device.Scan(ScanMode.Enrol, training, vouchers[0]), RefusalCode.VoucherRevoked),
            (device.Scan(ScanMode.Enrol, training, expired), RefusalCode.VoucherExpired),
            (device.Scan(ScanMode.Enrol, training, vouchers[1], scan => scan with { HolderCheck = scan.HolderCheck ^ 1 }), RefusalCode.HolderDiffers),
            (device.Scan(ScanMode.Enrol, training, vouchers[2], scan => scan with { HolderCheck = null }), RefusalCode.IdentityNotShown),
            (device.Scan(ScanMode.Enrol, foreign, vouchers[3]), RefusalCode.ClassOfOtherInstitution),
            (device.Scan(ScanMode.Enrol, new ClassId(999_999), vouchers[4]), RefusalCode.ClassNotKnown),
            (device.Scan(ScanMode.Complete, training, vouchers[5]), RefusalCode.OnlineOnly),
            (device.Scan(ScanMode.Enrol, training, vouchers[6], scan => scan with { Digits = null, ShortCode = vouchers[6].ShortCode.ToString() }), RefusalCode.OnlineOnly),
            (device.Scan(ScanMode.Enrol, training, vouchers[7], scan => scan with { Digits = Forge(scan.Digits!) }), RefusalCode.VoucherNotKnown),
            (device.Scan(ScanMode.Enrol, training, vouchers[8]), RefusalCode.None),
        ];
        await device.ComeBackAsync();
        await _scene.SettleAsync();
        foreach (var (scan, code) in expected) Assert.Equal(code, await device.AnswerAsync(scan));
    }

    /// <summary>Terminals and entries each; a larger run by VOUCHER_COMEBACK, such as 50x2000, says how long it took.</summary>
    private static (int Terminals, int Entries) ComeBack() =>
        Environment.GetEnvironmentVariable("VOUCHER_COMEBACK")?.Split('x') is [var terminals, var entries]
            ? (int.Parse(terminals, System.Globalization.CultureInfo.InvariantCulture), int.Parse(entries, System.Globalization.CultureInfo.InvariantCulture))
            : (5, JournalLimits.EntriesAtOnce);

    [Fact]
    public async Task Terminals_that_come_back_at_once_are_all_answered_and_nothing_is_lost()
    {
        var (count, length) = ComeBack();
        var training = await _scene.Scans.OpenClassAsync(startsInDays: 1, capacity: 1_000);
        var vouchers = new List<PaperVoucher>();
        for (var i = 0; i < count * 20; i++) vouchers.Add(await _scene.Scans.IssueAsync());
        var devices = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => _scene.PairAsync()));
        _scene.ToNextMorning();
        foreach (var device in devices) await _scene.Scans.LogInAsync(device.Terminal);
        foreach (var (device, own) in devices.Zip(vouchers.Chunk(20)))
        {
            foreach (var voucher in own) device.Scan(ScanMode.Enrol, training, voucher);
            for (var i = device.Entries.Count; i < length - 1; i++) device.Scan(i % 2 == 0 ? ScanMode.CheckIn : ScanMode.CheckOut, training, vouchers[i * 7 % vouchers.Count]);
            await device.ReceiptAsync();
        }
        var began = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(devices.Select(async device =>
        {
            foreach (var part in device.Entries.Chunk(JournalLimits.EntriesAtOnce)) await device.UploadAsync(part);
        }));
        var uploaded = TimeProvider.System.GetElapsedTime(began);
        await _scene.SettleAsync();
        TestContext.Current.SendDiagnosticMessage($"{count} x {length} entries: uploaded in {uploaded.TotalSeconds:F1} s, merged in {TimeProvider.System.GetElapsedTime(began).TotalSeconds:F1} s");
        foreach (var device in devices)
            foreach (var scans in device.Entries.Where(entry => entry.Kind == Core.Journals.JournalEntryKind.Scan).Chunk(JournalLimits.AnswersAtOnce))
                Assert.Equal(scans.Length, (await device.AnswersAsync(scans)).Count);
        Assert.Equal(vouchers.Count, await _scene.AskAsync<long>("select count(*) from enrolment where class_id = @training and is_active", new { training }));
    }

    private static ScanRequest RequestOf(JournalRecord entry) => System.Text.Json.JsonSerializer.Deserialize(entry.Content, WireJson.Default.ScanRequest)!;

    /// <summary>Well formed, and signed by nobody: the nonce says another number.</summary>
    private static string Forge(string digits)
    {
        var bytes = System.Numerics.BigInteger.Parse(digits[..200], System.Globalization.CultureInfo.InvariantCulture) + 1;
        var text = bytes.ToString("D200", System.Globalization.CultureInfo.InvariantCulture);
        var check = 98 - (int)(System.Numerics.BigInteger.Parse(text + "00", System.Globalization.CultureInfo.InvariantCulture) % 97);
        return $"{text}{check:D2}";
    }

    private async Task CloseAsync(PaperVoucher voucher, VoucherState state, short kind)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            insert into voucher_event (voucher_id, number, kind, from_state, to_state, at, account_id, reason)
            values (@Id, 2, @kind, 1, @state, @now, (select min(id) from account), 'test');
            update voucher set state = @state, events = 2 where id = @Id;
            """, new { voucher.Id, kind, state = (short)state, now = server.Clock.GetUtcNow() });
    }
}
