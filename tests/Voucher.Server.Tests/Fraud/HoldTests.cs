using System.Net;
using System.Net.Http.Json;
using Dapper;
using Voucher.Core.Fraud;
using Voucher.Core.Policies;
using Voucher.Core.Refusals;
using Voucher.Core.Wire;
using Voucher.Server.Demo;
using Voucher.Server.Fraud;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.Fraud;

/// <summary>Each rule through the real server, with the thresholds of the policy. Moves the server's clock.</summary>
public sealed class HoldTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private static readonly TimeSpan Close = TimeSpan.FromSeconds(2);

    private readonly GuardScene _scene = new(server);

    [Fact]
    public async Task The_fifth_close_enrolment_waits_for_the_county_and_passes_once_released()
    {
        await _scene.SetPolicyAsync(new PolicyParameters());
        await _scene.WarmAsync();
        using var terminal = await _scene.Scans.PairAsync();
        var training = await _scene.Scans.OpenClassAsync();
        var enrolled = await _scene.EnrolAsync(terminal, training, 5, Close);
        Assert.All(enrolled.Take(4), one => Assert.True(one.Answer.Accepted, one.Answer.Reason.En));
        var (voucher, scan, answer) = enrolled[4];
        Assert.Equal((int)RefusalCode.VoucherHeld, answer.Refusal);

        var hold = await _scene.OpenHoldOfAsync(voucher.Id);
        Assert.Equal(nameof(HoldReason.TooClose), hold.Reason);
        Assert.Equal(hold.OpenedAt.AddHours(24), hold.DueAt);
        Assert.Contains(hold.CaseNumber, answer.Reason.Zh);
        Assert.Contains(hold.CaseNumber, answer.Reason.En);
        Assert.Contains(DemoCounty.Phone, answer.NextStep.Zh);
        Assert.Equal(5, hold.Evidence.Count);
        Assert.Equal("马*梅", hold.Holder);

        Assert.Equal(answer, await terminal.SendAsync(scan));
        await _scene.DecideAsync(hold.Id, "release");
        Assert.Equal(answer, await terminal.SendAsync(scan));
        Assert.True((await terminal.ScanAsync(ScanMode.Enrol, training, voucher)).Accepted);
        Assert.Equal(1, await _scene.HoldsOfAsync(voucher.Id));
    }

    [Fact]
    public async Task Enrolments_three_seconds_apart_are_nobodys_concern()
    {
        await _scene.SetPolicyAsync(new PolicyParameters());
        using var terminal = await _scene.Scans.PairAsync();
        var training = await _scene.Scans.OpenClassAsync();
        Assert.All(await _scene.EnrolAsync(terminal, training, 8, TimeSpan.FromSeconds(3)), one => Assert.True(one.Answer.Accepted, one.Answer.Reason.En));
    }

    [Fact]
    public async Task A_village_enrolled_within_five_minutes_is_held_from_the_policys_number_on()
    {
        await _scene.SetPolicyAsync(new PolicyParameters { EnrolmentsPerTerminalPerFiveMinutes = 3 });
        await _scene.WarmAsync();
        using var terminal = await _scene.Scans.PairAsync();
        var training = await _scene.Scans.OpenClassAsync();
        var fast = await _scene.EnrolAsync(terminal, training, 4, TimeSpan.FromSeconds(60));
        Assert.Equal([0, 0, 0, (int)RefusalCode.VoucherHeld], fast.Select(one => one.Answer.Refusal));
        Assert.Equal(nameof(HoldReason.ManyAtOnce), (await _scene.OpenHoldOfAsync(fast[3].Voucher.Id)).Reason);
        using var slower = await _scene.Scans.PairAsync();
        Assert.All(await _scene.EnrolAsync(slower, training, 4, TimeSpan.FromSeconds(100)), one => Assert.True(one.Answer.Accepted));
    }

    [Theory]
    [InlineData(29, nameof(HoldReason.TwoPlaces))]
    [InlineData(31, nameof(HoldReason.TriedElsewhere))]
    [InlineData(119, nameof(HoldReason.TriedElsewhere))]
    [InlineData(120, null)]
    public async Task A_voucher_tried_at_another_institution_before_is_held_for_as_long_as_the_policy_says(int minutes, string? reason)
    {
        await _scene.SetPolicyAsync(new PolicyParameters());
        await _scene.WarmAsync();
        var voucher = await _scene.Scans.IssueAsync();
        var closed = await _scene.Scans.OpenClassAsync(institution: 2, programmeCode: 1002, isApproved: false);
        using (var there = await _scene.Scans.PairAsync(institution: 2))
            Assert.Equal((int)RefusalCode.ClassNotApproved, (await there.ScanAsync(ScanMode.Enrol, closed, voucher)).Refusal);
        server.Clock.Advance(TimeSpan.FromMinutes(minutes));
        using var here = await _scene.Scans.PairAsync();
        var training = await _scene.Scans.OpenClassAsync();
        var answer = await here.ScanAsync(ScanMode.Enrol, training, voucher);
        Assert.Equal(reason is null, answer.Accepted);
        if (reason is null) return;
        var hold = await _scene.OpenHoldOfAsync(voucher.Id);
        Assert.Equal(reason, hold.Reason);
        await _scene.DecideAsync(hold.Id, "release");
        Assert.True((await here.ScanAsync(ScanMode.Enrol, training, voucher)).Accepted);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_terminal_that_has_moved_is_no_other_place_at_its_new_institution_and_what_it_scanned_before_was_elsewhere(bool isSeenBefore, bool isRedisEmptied)
    {
        await _scene.SetPolicyAsync(new PolicyParameters());
        await _scene.WarmAsync();
        var (voucher, other) = (await _scene.Scans.IssueAsync(), await _scene.Scans.IssueAsync());
        var (before, after) = (await _scene.Scans.OpenClassAsync(isApproved: false), await _scene.Scans.OpenClassAsync(institution: 2, programmeCode: 1002));
        using var moving = await _scene.Scans.PairAsync();
        using var neighbour = await _scene.Scans.PairAsync(institution: 2);
        await moving.ScanAsync(ScanMode.Enrol, before, isSeenBefore ? voucher : other);
        await MoveAsync(moving, institution: 2);
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        if (isRedisEmptied)
        {
            await server.Redis.EmptyAsync();
            await server.Get<GuardWatch>().LookAsync();
            await _scene.WarmAsync();
        }

        var enrolled = await (isRedisEmptied ? neighbour : moving).ScanAsync(ScanMode.Enrol, after, voucher);
        if (isSeenBefore)
        {
            Assert.Equal(nameof(HoldReason.TwoPlaces), (await _scene.OpenHoldOfAsync(voucher.Id)).Reason);
            return;
        }
        Assert.True(enrolled.Accepted, enrolled.Reason.En);
        foreach (var desk in new[] { neighbour, moving })
        {
            server.Clock.Advance(TimeSpan.FromMinutes(1));
            await desk.ScanAsync(ScanMode.Enrol, after, voucher);
        }
        Assert.Equal(0, await _scene.HoldsOfAsync(voucher.Id));
    }

    private async Task MoveAsync(TestTerminal terminal, int institution)
    {
        using var clerk = await server.LogInAsync("clerk");
        using var answer = await clerk.PostAsJsonAsync($"/api/terminals/{terminal.Id}/move", new { institutionId = institution, reason = "乡镇点合并" });
        answer.EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task Two_vouchers_of_one_person_at_two_institutions_sooner_than_travel_allows_are_held()
    {
        await _scene.SetPolicyAsync(new PolicyParameters { TravelMinutes = 10 });
        await _scene.WarmAsync();
        using var here = await _scene.Scans.PairAsync();
        using var there = await _scene.Scans.PairAsync(institution: 2);
        var first = await _scene.Scans.IssueAsync();
        var second = await _scene.Scans.IssueAgainAsync(first);
        var training = await _scene.Scans.OpenClassAsync();
        var later = await _scene.Scans.OpenClassAsync(institution: 2, programmeCode: 1002, startsInDays: 20);
        Assert.True((await here.ScanAsync(ScanMode.Enrol, training, first)).Accepted);
        Assert.Equal((int)RefusalCode.VoucherHeld, (await there.ScanAsync(ScanMode.Enrol, later, second)).Refusal);
        Assert.Equal(nameof(HoldReason.TwoPlaces), (await _scene.OpenHoldOfAsync(second.Id)).Reason);
        // Somebody else is nobody's twin.
        Assert.True((await there.ScanAsync(ScanMode.Enrol, later, await _scene.Scans.IssueAsync())).Accepted);
    }

    [Fact]
    public async Task A_hold_lets_attendance_go_on_and_says_so_but_neither_completes_nor_replaces()
    {
        await _scene.SetPolicyAsync(new PolicyParameters { TriedElsewhereMinutes = 0, TravelMinutes = 5, EnrolmentSpacingSeconds = 0 });
        await _scene.WarmAsync();
        server.Clock.MoveTo(_scene.Scans.Today.AddDays(1), new TimeOnly(8, 30));
        var voucher = await _scene.Scans.IssueAsync();
        var training = await _scene.Scans.OpenClassAsync();
        var elsewhere = await _scene.Scans.OpenClassAsync(institution: 2, programmeCode: 1002);
        using var here = await _scene.Scans.PairAsync();
        using var there = await _scene.Scans.PairAsync(institution: 2);
        Assert.True((await here.ScanAsync(ScanMode.Enrol, training, voucher)).Accepted);
        // A copy of the voucher at another desk: the definite answer there, and a case for the county.
        Assert.Equal((int)RefusalCode.OtherClass, (await there.ScanAsync(ScanMode.CheckIn, elsewhere, voucher)).Refusal);
        var hold = await _scene.OpenHoldOfAsync(voucher.Id);
        var checkedIn = await here.ScanAsync(ScanMode.CheckIn, training, voucher);
        Assert.True(checkedIn.Accepted, checkedIn.Reason.En);
        Assert.Contains(hold.CaseNumber, checkedIn.NextStep.Zh);
        server.Clock.Advance(TimeSpan.FromHours(3));
        await _scene.Scans.LogInAsync(here);
        Assert.True((await here.ScanAsync(ScanMode.CheckOut, training, voucher)).Accepted);
        await _scene.Scans.AssessAsync(voucher, passed: true);
        Assert.Equal((int)RefusalCode.VoucherHeld, (await here.ScanAsync(ScanMode.Complete, training, voucher)).Refusal);
        using var clerk = await server.LogInAsync("clerk");
        using var replaced = await clerk.PostAsJsonAsync($"/api/vouchers/{voucher.Id.ToString().Replace(" ", "")}/replace", new { reason = "丢失" });
        Assert.Equal(RefusalCode.VoucherHeld, await Problem.RefusalAsync(replaced));
        await _scene.DecideAsync(hold.Id, "confirm");
        Assert.Equal((int)RefusalCode.VoucherHeld, (await here.ScanAsync(ScanMode.Complete, training, voucher)).Refusal);
        await _scene.DecideAsync(hold.Id, "confirm", HttpStatusCode.Conflict);
        await _scene.DecideAsync(hold.Id, "release");
        Assert.True((await here.ScanAsync(ScanMode.Complete, training, voucher)).Accepted);
        await _scene.DecideAsync(hold.Id, "release", HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_terminal_that_scans_too_fast_is_told_how_long_to_wait_and_its_scan_is_not_spent()
    {
        await _scene.SetPolicyAsync(new PolicyParameters { ScansPerTerminalPerMinute = 2 });
        using var terminal = await _scene.Scans.PairAsync();
        var training = await _scene.Scans.OpenClassAsync();
        await _scene.EnrolAsync(terminal, training, 2, TimeSpan.FromSeconds(20));
        var scan = terminal.NewScan(ScanMode.Enrol, training, await _scene.Scans.IssueAsync());
        using (var answer = await terminal.Client.PostAsJsonAsync("/api/terminal/scans", scan))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
            Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
            Assert.Equal(RefusalCode.TooManyScans, await Problem.RefusalAsync(answer));
            server.Clock.Advance(answer.Headers.RetryAfter.Delta.Value);
        }
        Assert.True((await terminal.SendAsync(scan)).Accepted);
        await _scene.SetPolicyAsync(new PolicyParameters());
    }

    [Theory]
    [InlineData("clerk", HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData("manager", HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData("desk", HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData("finance", HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData("auditor", HttpStatusCode.OK, HttpStatusCode.Forbidden)]
    [InlineData("reviewer", HttpStatusCode.OK, HttpStatusCode.NotFound)]
    [InlineData("approver", HttpStatusCode.OK, HttpStatusCode.NotFound)]
    public async Task Reviewers_and_approvers_decide_auditors_read_and_nobody_else_sees(string login, HttpStatusCode reading, HttpStatusCode deciding)
    {
        using var client = await server.LogInAsync(login);
        using var read = await client.GetAsync("/api/fraud/holds");
        Assert.Equal(reading, read.StatusCode);
        using var decided = await client.PostAsJsonAsync("/api/fraud/holds/999999/decision", new { verdict = "release", reason = "x" });
        Assert.Equal(deciding, decided.StatusCode);
    }

    [Fact]
    public async Task A_decision_names_its_field_when_it_is_not_one()
    {
        using var reviewer = await server.LogInAsync("reviewer");
        using var empty = await reviewer.PostAsJsonAsync("/api/fraud/holds/1/decision", new { });
        Assert.Equal(["reason", "verdict"], await Problem.FieldsAsync(empty));
        using var far = await reviewer.GetAsync("/api/fraud/holds?page=0");
        Assert.Equal(["page"], await Problem.FieldsAsync(far));
    }

    [Fact]
    public async Task Decisions_stay_and_holds_are_never_deleted()
    {
        using var terminal = await _scene.Scans.PairAsync();
        await using var connection = await server.Database.OpenConnectionAsync();
        var voucher = await _scene.Scans.IssueAsync();
        var id = await connection.ExecuteScalarAsync<long>("""
            insert into hold (region, voucher_id, reason, opened_at, due_at, scan_id, terminal_id, evidence, alarmed_at)
            select region, @Id, 2, now(), now(), gen_random_uuid(), (select min(id) from terminal), '[]', now() from county returning id
            """, new { voucher.Id });
        await _scene.DecideAsync(id, "confirm");
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => connection.ExecuteAsync("delete from hold where id = @id", new { id }));
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => connection.ExecuteAsync("update hold_decision set reason = 'x' where hold_id = @id", new { id }));
        Assert.True(await connection.ExecuteScalarAsync<bool>("select exists (select from audit_entry where action = 'fraud.confirm' and subject = 'hold:' || @id)", new { id }));
    }
}
