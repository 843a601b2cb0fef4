using System.Net;
using System.Net.Http.Json;
using Dapper;
using Voucher.Core.Refusals;
using Voucher.Core.Wire;
using Voucher.Server.Accounts;
using Voucher.Server.Invariants;
using Voucher.Server.Tests.Settling;

namespace Voucher.Server.Tests.Journals;

/// <summary>Contested enrolments, from two desks that were offline to the decision of two persons. Moves the server's clock.</summary>
public sealed class ConflictTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>, IDisposable
{
    private readonly ConflictScene _scene = new(server);

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task Both_desks_and_the_portal_see_one_case_with_what_speaks_for_each_place()
    {
        await _scene.ContestAsync();
        var found = await _scene.CaseAsync();
        Assert.Equal(found.CaseNumber, (await _scene.Here.CaseAsync(_scene.Voucher)).CaseNumber);
        Assert.Equal(found.CaseNumber, (await _scene.There.CaseAsync(_scene.Voucher)).CaseNumber);
        Assert.Contains(found.CaseNumber, (await _scene.Here.AnswerAsync(_scene.ClaimHere)).Reason.Zh);
        Assert.True((await _scene.VoucherAsync()).InConflict);
        Assert.Equal("马*梅", found.Holder);
        Assert.Equal(2, found.Claims.Count);
        var (here, there) = (found.Claims.Single(claim => claim.ScanId == _scene.ClaimHere), found.Claims.Single(claim => claim.ScanId == _scene.ClaimThere));
        Assert.Equal((1, 1, 0), (here.CheckIns, here.Waiting, there.CheckIns));
        Assert.True(here.NotBefore < there.NotAfter && there.NotBefore < here.NotAfter);
        Assert.True(here.ProbablyAt < there.ProbablyAt);

        using var portal = await server.OpenPortalAsync("reviewer");
        var page = await portal.GetStringAsync("/conflicts");
        Assert.Contains(found.CaseNumber, page);
        Assert.Contains("马*梅", page);
        Assert.DoesNotContain("马小梅", page);
        Assert.Contains("tel:", page);
        Assert.Contains("time-line-common", page);
        Assert.Contains("conflicts-to-decide", await portal.GetStringAsync("/"));
    }

    [Fact]
    public async Task The_upheld_place_gets_the_enrolment_and_the_attendance_that_waited_and_the_other_is_told_why_not()
    {
        await _scene.ContestAsync();
        var checkIn = await _scene.AskAsync<Guid>("select scan_id from offline_scan where voucher_id = @Id and mode = 2", new { _scene.Voucher.Id });
        var refused = _scene.There.Scan(ScanMode.CheckIn, _scene.ClassThere, _scene.Voucher);
        await _scene.There.ComeBackAsync();
        await _scene.SettleAsync(_scene.ClaimHere);

        Assert.Equal((3, false, _scene.ClassHere.Value), await _scene.VoucherAsync());
        Assert.True((await _scene.Here.AnswerAsync(checkIn)).Accepted);
        Assert.Equal(1, await _scene.AskAsync<long>("""
            select count(*) from attendance a join enrolment n on n.id = a.enrolment_id
            where n.voucher_id = @Id and n.is_active and a.in_scan_id = @checkIn and a.out_scan_id is not null
            """, new { _scene.Voucher.Id, checkIn }));
        Assert.Equal((int)RefusalCode.OtherClass, (await _scene.There.AnswerAsync(refused)).Refusal);
        Assert.Contains("报到有效", (await _scene.Here.CaseAsync(_scene.Voucher)).Outcome!.Zh);
        Assert.Contains("报到无效", (await _scene.There.CaseAsync(_scene.Voucher)).Outcome!.Zh);
        var closed = await _scene.CaseAsync(open: false);
        Assert.Equal(("Upheld", _scene.ClaimHere), (closed.Outcome, closed.Upheld));
        Assert.Equal(["电话核对过两处", "同意"], closed.Steps.Select(step => step.Reason));
        Assert.Equal(2, closed.Steps.Select(step => step.By).Distinct().Count());
        Assert.Equal(2, await _scene.AskAsync<long>("select count(*) from audit_entry where subject = @subject and action in ('conflict.propose', 'conflict.decide')", new { subject = $"conflict:{closed.Id}" }));
        await ExpectPayableInvariantsAsync();
    }

    [Fact]
    public async Task With_none_upheld_the_voucher_is_free_and_may_be_enrolled_anew_where_it_was_decided_against()
    {
        await _scene.ContestAsync();
        await _scene.SettleAsync(upheld: null);
        Assert.Equal((2, false, null), await _scene.VoucherAsync());
        Assert.Contains("都不成立", (await _scene.Here.CaseAsync(_scene.Voucher)).Outcome!.Zh);
        Assert.Equal("NoneUpheld", (await _scene.CaseAsync(open: false)).Outcome);
        var again = await _scene.There.OnlineAsync(ScanMode.Enrol, _scene.ClassThere, _scene.Voucher);
        Assert.True(again.Accepted, again.Reason.En);
        // What was decided before must not take the new enrolment back when more comes in.
        _scene.Here.Scan(ScanMode.CheckIn, _scene.ClassHere, _scene.Voucher);
        await _scene.Here.ComeBackAsync();
        Assert.Equal((3, false, _scene.ClassThere.Value), await _scene.VoucherAsync());
    }

    [Fact]
    public async Task Whoever_proposed_cannot_decide_not_even_by_another_account()
    {
        await _scene.ContestAsync();
        await new Desk(server).HireAsync("second-log-in", Role.Approver, sameAs: "reviewer");
        using var proposed = await _scene.ProposeAsync("reviewer", _scene.ClaimHere.ToString());
        Assert.Equal(HttpStatusCode.NoContent, proposed.StatusCode);
        using var same = await _scene.DecideAsync("reviewer", "confirm");
        Assert.Equal(RefusalCode.SamePerson, await Problem.RefusalAsync(same));
        var id = (await _scene.CaseAsync()).Id;
        var decide = server.Get<Server.Journals.Conflicts.DecideConflict>();
        var other = await decide.DecideAsync(id, Server.Journals.Conflicts.ConflictStepKind.Decided, "同意", 2, await new Desk(server).WhoAsync("second-log-in"));
        Desk.ExpectRefusal(RefusalCode.SamePerson, other);
        Assert.True((await _scene.VoucherAsync()).InConflict);
    }

    [Fact]
    public async Task A_proposal_that_is_sent_back_leaves_the_case_open_and_stays_to_be_read()
    {
        await _scene.ContestAsync();
        using var proposed = await _scene.ProposeAsync("reviewer", _scene.ClaimThere.ToString());
        using var twice = await _scene.ProposeAsync("approver", "none");
        Assert.Equal(RefusalCode.ConflictWrongStep, await Problem.RefusalAsync(twice));
        using var returned = await _scene.DecideAsync("approver", "return", reason: "考勤在另一处，请再核");
        Assert.Equal(HttpStatusCode.NoContent, returned.StatusCode);
        using var nothing = await _scene.DecideAsync("reviewer", "confirm");
        Assert.Equal(RefusalCode.ConflictWrongStep, await Problem.RefusalAsync(nothing));
        // The parts may change: who sent back proposes, who proposed decides.
        using var anew = await _scene.ProposeAsync("approver", _scene.ClaimHere.ToString());
        using var decided = await _scene.DecideAsync("reviewer", "confirm");
        Assert.Equal(HttpStatusCode.NoContent, decided.StatusCode);
        Assert.Equal(["Proposed", "SentBack", "Proposed", "Decided"], (await _scene.CaseAsync(open: false)).Steps.Select(step => step.Step));
    }

    [Fact]
    public async Task What_nobody_has_seen_or_is_no_claim_of_the_case_cannot_be_decided_on_and_a_closed_case_stays_closed()
    {
        await _scene.ContestAsync();
        using var blind = await _scene.ProposeAsync("reviewer", _scene.ClaimHere.ToString(), claims: 1);
        Assert.Equal(RefusalCode.ConflictWrongStep, await Problem.RefusalAsync(blind));
        using var strange = await _scene.ProposeAsync("reviewer", Guid.NewGuid().ToString());
        Assert.Equal(["choice"], await Problem.FieldsAsync(strange));
        using var silent = await _scene.ProposeAsync("reviewer", choice: "x", reason: " ");
        Assert.Equal(["choice", "reason"], await Problem.FieldsAsync(silent));
        var id = (await _scene.CaseAsync()).Id;
        await _scene.SettleAsync(_scene.ClaimHere);
        using var late = await _scene.DecideAsync("approver", "confirm", id);
        Assert.Equal(RefusalCode.ConflictWrongStep, await Problem.RefusalAsync(late));
    }

    [Fact]
    public async Task A_voucher_completed_before_the_contest_was_known_stays_in_conflict_for_good_when_it_is_decided_against()
    {
        await _scene.BeginAsync();
        var (voucher, here, there) = (_scene.Voucher, _scene.Here, _scene.There);
        _scene.Advance(10);
        here.Scan(ScanMode.Enrol, _scene.ClassHere, voucher);
        var claim = there.Scan(ScanMode.Enrol, _scene.ClassThere, voucher);
        _scene.Advance(5);
        await here.ComeBackAsync();
        _scene.Advance(95);
        Assert.True((await here.OnlineAsync(ScanMode.CheckIn, _scene.ClassHere, voucher)).Accepted);
        _scene.Advance(165);
        Assert.True((await here.OnlineAsync(ScanMode.CheckOut, _scene.ClassHere, voucher)).Accepted);
        await _scene.Scans.AssessAsync(voucher, passed: true);
        var completed = await here.OnlineAsync(ScanMode.Complete, _scene.ClassHere, voucher);
        Assert.True(completed.Accepted, completed.Reason.En);
        await there.ComeBackAsync();
        Assert.Equal((4, true, _scene.ClassHere.Value), await _scene.VoucherAsync());

        await _scene.SettleAsync(claim);
        Assert.Equal((4, true, _scene.ClassHere.Value), await _scene.VoucherAsync());
        Assert.True((await _scene.CaseAsync(open: false)).NeverPayable);
        using var portal = await server.OpenPortalAsync("auditor");
        Assert.Contains("conflict-never-payable", await portal.GetStringAsync("/conflicts"));
        // More of the journal comes in: the decision stands.
        there.Scan(ScanMode.CheckIn, _scene.ClassThere, voucher);
        await there.ComeBackAsync();
        Assert.Equal((4, true, _scene.ClassHere.Value), await _scene.VoucherAsync());
        await ExpectPayableInvariantsAsync();
    }

    [Fact]
    public async Task An_approved_claim_with_a_contested_voucher_is_not_paid_and_says_which_case_to_look_at()
    {
        var settled = await SettledScene.BuildAsync(server);
        var vouchers = await settled.CompletedVouchersAsync(1);
        var desk = new Desk(server);
        var claim = await desk.ApprovedClaimAsync(vouchers);
        await using var connection = await server.Database.OpenConnectionAsync();
        var id = await connection.ExecuteScalarAsync<long>("""
            update voucher set in_conflict = true where id = @voucher;
            insert into conflict_case (region, voucher_id, opened_at) values (@Region, @voucher, @now) returning id;
            """, new { voucher = vouchers[0], Server.Demo.DemoCounty.Region, now = server.Clock.GetUtcNow() });
        var refusal = Desk.Refused(await desk.PayAsync([claim]));
        Assert.Equal(RefusalCode.VoucherInConflict, refusal.Code);
        Assert.Contains(Core.Journals.ConflictCase.NumberOf(id), refusal.NextStep.Zh);
        await ExpectPayableInvariantsAsync();
        await connection.ExecuteAsync("""
            update conflict_case set decided_at = @now, outcome = 3 where id = @id;
            update voucher set in_conflict = false where id = @voucher;
            """, new { id, voucher = vouchers[0], now = server.Clock.GetUtcNow() });
        (await desk.PayAsync([claim])).OrThrow();
    }

    [Theory]
    [InlineData("clerk", false, false)]
    [InlineData("finance", false, false)]
    [InlineData("manager", false, false)]
    [InlineData("desk", false, false)]
    [InlineData("operator", false, false)]
    [InlineData("auditor", true, false)]
    [InlineData("reviewer", true, true)]
    [InlineData("approver", true, true)]
    public async Task Reviewers_and_approvers_decide_auditors_read_and_nobody_else_sees_anything(string login, bool mayRead, bool mayDecide)
    {
        using var client = await server.LogInAsync(login);
        using var read = await client.GetAsync("/api/conflicts");
        Assert.Equal(mayRead ? HttpStatusCode.OK : HttpStatusCode.Forbidden, read.StatusCode);
        using var proposed = await client.PostAsJsonAsync("/api/conflicts/999999/proposal", new { choice = "none", reason = "x", claims = 1 });
        using var decided = await client.PostAsJsonAsync("/api/conflicts/999999/decision", new { verdict = "confirm", reason = "x", claims = 1 });
        var expected = mayDecide ? HttpStatusCode.NotFound : HttpStatusCode.Forbidden;
        Assert.Equal((expected, expected), (proposed.StatusCode, decided.StatusCode));
    }

    [Fact]
    public async Task Two_persons_decide_on_the_page_and_the_first_is_told_to_leave_it_to_another()
    {
        await _scene.ContestAsync();
        var found = await _scene.CaseAsync();
        using var reviewer = await server.OpenPortalAsync("reviewer");
        using var empty = await PostAsync(reviewer, "Propose", new() { ["case"] = $"{found.Id}", ["claims"] = "2", ["choice"] = "none" });
        Assert.Contains("请填写", await empty.Content.ReadAsStringAsync());
        using var proposed = await PostAsync(reviewer, "Propose", new() { ["case"] = $"{found.Id}", ["claims"] = "2", ["choice"] = $"{_scene.ClaimHere}", ["reason"] = "本人在此上课" });
        Assert.Equal(HttpStatusCode.Redirect, proposed.StatusCode);
        var own = await reviewer.GetStringAsync("/conflicts");
        Assert.Contains("conflict-own", own);
        Assert.Contains("本人在此上课", own);
        using var auditor = await server.OpenPortalAsync("auditor");
        var readOnly = await auditor.GetStringAsync("/conflicts");
        Assert.DoesNotContain("conflict-decide", readOnly);
        using var approver = await server.OpenPortalAsync("approver");
        using var decided = await PostAsync(approver, "Decide", new() { ["case"] = $"{found.Id}", ["claims"] = "2", ["verdict"] = "confirm", ["reason"] = "属实" });
        Assert.Equal(HttpStatusCode.Redirect, decided.StatusCode);
        Assert.Equal((3, false, _scene.ClassHere.Value), await _scene.VoucherAsync());
        using var english = await PostAsync(approver, "/language", new() { ["language"] = "en", ["returnTo"] = "/conflicts" });
        Assert.Contains("One upheld", await approver.GetStringAsync("/conflicts"));
    }

    [Fact]
    public async Task Desks_that_were_offline_fill_a_class_beyond_its_places_and_the_county_is_told_what_to_do()
    {
        await _scene.BeginAsync();
        var training = await _scene.Scans.OpenClassAsync(capacity: 1);
        _scene.Here.Scan(ScanMode.Enrol, training, _scene.Voucher);
        _scene.Here.Scan(ScanMode.Enrol, training, await _scene.Scans.IssueAsync());
        _scene.Advance(5);
        await _scene.Here.ComeBackAsync();
        using var portal = await server.OpenPortalAsync("reviewer");
        Assert.Contains("class-overfull", await portal.GetStringAsync($"/classes/{training}"));
        Assert.DoesNotContain("class-overfull", await portal.GetStringAsync($"/classes/{_scene.ClassHere}"));
    }

    private async Task ExpectPayableInvariantsAsync()
    {
        var report = await server.Get<InvariantChecks>().RunAsync();
        Assert.DoesNotContain(
            report.Violations.Select(v => $"{v.Number} {v.Subject}: {v.Finding}"),
            text => text.StartsWith("1.", StringComparison.Ordinal) || text.StartsWith("6.", StringComparison.Ordinal));
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient portal, string handler, Dictionary<string, string> fields)
    {
        fields["__RequestVerificationToken"] = ServerUnderTest.Antiforgery(await portal.GetStringAsync("/conflicts"));
        return await portal.PostAsync(handler.StartsWith('/') ? handler : $"/conflicts?handler={handler}", new FormUrlEncodedContent(fields));
    }
}
