using Dapper;
using Voucher.Core;
using Voucher.Core.Institutions;
using Voucher.Core.Refusals;
using Voucher.Core.Vouchers;
using Voucher.Server.Accounts;
using Voucher.Server.Institutions.Consequences;
using Voucher.Server.Settling.Claims;
using Voucher.Server.Settling.Reviewing;

namespace Voucher.Server.Tests.Settling;

/// <summary>Review beyond the verdict: return, hold, approval in parts, marks, the telephone sample, who may.</summary>
public sealed class ReviewTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly Desk _desk = new(server);

    [Fact]
    public async Task A_returned_line_is_completed_handed_in_again_and_rests_on_new_evidence()
    {
        var scene = await SettledScene.BuildAsync(server);
        var voucher = (await scene.CompletedVouchersAsync(1))[0];
        var claim = (await _desk.ClaimAsync([voucher])).OrThrow();
        var line = (await _desk.ReadAsync(claim)).Lines[0];
        Desk.ExpectBadField("missing", await _desk.StepAsync(claim, line.Id, LineStepKind.Returned, "成绩不全"));
        (await _desk.StepAsync(claim, line.Id, LineStepKind.Returned, "成绩不全", "补录实作成绩")).OrThrow();
        Desk.ExpectRefusal(RefusalCode.LineWrongStep, await _desk.ReviewAsync(claim, line.Id, LineVerdict.Pass));
        Desk.ExpectRefusal(RefusalCode.NotFound, await _desk.HandInAsync(claim, line.Id, "manager2"));
        await SqlAsync($"update assessment a set practice_score = 64 from completion d where d.enrolment_id = a.enrolment_id and d.voucher_id = {voucher.Value}");
        (await _desk.HandInAsync(claim, line.Id)).OrThrow();
        Desk.ExpectRefusal(RefusalCode.LineWrongStep, await _desk.HandInAsync(claim, line.Id));
        var again = (await _desk.ReadAsync(claim)).Lines[0];
        Assert.Equal((91, 64), (line.Evidence.PracticeScore, again.Evidence.PracticeScore));
        Assert.Equal(ClaimLineState.Submitted, again.State);
        await using var connection = await server.Database.OpenConnectionAsync();
        Assert.Equal(91, await connection.ExecuteScalarAsync<int>(
            "select (evidence ->> 'practiceScore')::int from claim_line_step where claim_line_id = @Id and kind = 6", new { line.Id }));
        (await _desk.ReviewAsync(claim, line.Id, LineVerdict.Pass)).OrThrow();
        Assert.Equal(ClaimStatus.Approved, (await _desk.ApproveAsync(claim)).OrThrow());
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task An_institution_that_may_not_claim_hands_nothing_in_again_either()
    {
        var scene = await SettledScene.BuildAsync(server, manager: "manager2");
        var voucher = (await scene.CompletedVouchersAsync(1))[0];
        var claim = (await _desk.ClaimAsync([voucher], "manager2")).OrThrow();
        var line = (await _desk.ReadAsync(claim)).Lines[0];
        (await _desk.StepAsync(claim, line.Id, LineStepKind.Returned, "成绩不全", "补录实作成绩")).OrThrow();
        var impose = server.Get<ImposeConsequence>();
        var id = (await impose.ProposeAsync(
            scene.Institution, new ConsequenceForm(ConsequenceRung.LicenceProposal, "虚假办班", "建议吊销", null, null), await _desk.WhoAsync("clerk"))).OrThrow();
        (await impose.ConfirmAsync(id, null, await _desk.WhoAsync("approver"))).OrThrow();
        Desk.ExpectRefusal(RefusalCode.ConsequenceBlocks, await _desk.HandInAsync(claim, line.Id, "manager2"));
        (await impose.ProposeLiftAsync(id, "未吊销", await _desk.WhoAsync("clerk"))).OrThrow();
        (await impose.ConfirmAsync(id, null, await _desk.WhoAsync("approver"))).OrThrow();
        (await _desk.HandInAsync(claim, line.Id, "manager2")).OrThrow();
    }

    [Fact]
    public async Task A_claim_is_approved_in_parts_and_each_part_is_booked_by_itself()
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = (await _desk.ClaimAsync(await scene.CompletedVouchersAsync(3))).OrThrow();
        var lines = (await _desk.ReadAsync(claim)).Lines;
        (await _desk.StepAsync(claim, lines[0].Id, LineStepKind.Held, "核实到课")).OrThrow();
        Assert.Equal(2, (await _desk.ReviewAllAsync(claim)).OrThrow());
        Assert.Equal(ClaimStatus.PartlyApproved, (await _desk.ApproveAsync(claim)).OrThrow());
        await scene.ExpectAsync(reserved: 1500, payable: 2400, paid: 0);
        await _desk.ExpectInvariantsAsync();
        Desk.ExpectRefusal(RefusalCode.NothingToApprove, await _desk.ApproveAsync(claim));

        (await _desk.StepAsync(claim, lines[0].Id, LineStepKind.Released, "已到班核实")).OrThrow();
        Desk.ExpectBadField("reason", await _desk.ReviewAsync(claim, lines[0].Id, LineVerdict.Pass));
        (await _desk.ReviewAsync(claim, lines[0].Id, LineVerdict.Pass, "已到班核实")).OrThrow();
        Assert.Equal(ClaimStatus.Approved, (await _desk.ApproveAsync(claim)).OrThrow());
        await scene.ExpectAsync(reserved: 0, payable: 3600, paid: 0);
        await using var connection = await server.Database.OpenConnectionAsync();
        Assert.Equal([$"claim:{claim}", $"claim:{claim}:2"], await connection.QueryAsync<string>(
            "select cause from ledger_transaction where kind = 4 and cause like @like order by id", new { like = $"claim:{claim}%" }));
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task Nothing_is_approved_before_its_telephone_sample_and_a_denial_holds_the_line()
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = (await _desk.ClaimAsync(await scene.CompletedVouchersAsync(11))).OrThrow();
        Assert.Empty(await _desk.SampleAsync(claim));
        (await _desk.ReviewAllAsync(claim)).OrThrow();
        var sample = await _desk.SampleAsync(claim);
        Assert.Equal(2, sample.Count); // 10 % of 11, rounded up.
        var refusal = Desk.Refused(await _desk.ApproveAsync(claim, isCalled: false));
        Assert.Equal(RefusalCode.PhoneSampleOpen, refusal.Code);
        Assert.NotNull(refusal.Rule);
        Desk.ExpectBadField("note", await _desk.CallAsync(claim, sample[0].Line, PhoneResult.Denies));
        Desk.ExpectBadField("note", await _desk.CallAsync(claim, sample[0].Line, PhoneResult.Denies, "回拨 13893012345"));
        (await _desk.CallAsync(claim, sample[0].Line, PhoneResult.Denies, "说没有上过课")).OrThrow();
        Desk.ExpectRefusal(RefusalCode.WrongStep, await _desk.CallAsync(claim, sample[0].Line, PhoneResult.Confirms));
        var denied = (await _desk.ReadAsync(claim)).Lines.Single(line => line.Id == sample[0].Line.Value);
        Assert.Equal((ClaimLineState.Held, null), (denied.State, denied.Verdict));
        Assert.Contains(LineMark.PhoneDenied, (await MarksAsync(claim))[sample[0].Line]);
        (await _desk.CallAsync(claim, sample[1].Line, PhoneResult.Confirms)).OrThrow();
        Assert.Equal(ClaimStatus.PartlyApproved, (await _desk.ApproveAsync(claim, isCalled: false)).OrThrow());
        (await _desk.ReviewAsync(claim, denied.Id, LineVerdict.Reject, "本人否认")).OrThrow();
        Assert.Equal(ClaimStatus.Approved, (await _desk.ApproveAsync(claim)).OrThrow());
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task For_somebody_who_is_not_reached_in_three_calls_the_next_of_the_class_is_drawn()
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = (await _desk.ClaimAsync(await scene.CompletedVouchersAsync(2))).OrThrow();
        (await _desk.ReviewAllAsync(claim)).OrThrow();
        var first = Assert.Single(await _desk.SampleAsync(claim)).Line;
        for (var call = 0; call < 3; call++) (await _desk.CallAsync(claim, first, PhoneResult.NotReached)).OrThrow();
        var sample = await _desk.SampleAsync(claim);
        Assert.Equal(2, sample.Count);
        var next = sample.Single(person => person.IsOpen);
        Assert.Equal(sample.Single(person => person.Line == first).Voucher, next.Replaces);
        (await _desk.CallAsync(claim, next.Line, PhoneResult.Confirms)).OrThrow();
        (await _desk.ApproveAsync(claim, isCalled: false)).OrThrow();
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task A_class_of_which_nobody_could_be_reached_is_held_until_a_reviewer_says_why_it_may_pass()
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = (await _desk.ClaimAsync(await scene.CompletedVouchersAsync(2))).OrThrow();
        (await _desk.ReviewAllAsync(claim)).OrThrow();
        for (var person = 0; person < 2; person++)
        {
            var line = (await _desk.SampleAsync(claim)).Single(one => one.IsOpen).Line;
            for (var call = 0; call < 3; call++) (await _desk.CallAsync(claim, line, PhoneResult.NotReached)).OrThrow();
        }
        Assert.DoesNotContain(await _desk.SampleAsync(claim), one => one.IsOpen);
        var held = (await _desk.ReadAsync(claim)).Lines;
        Assert.All(held, line => Assert.Equal((ClaimLineState.Held, null), (line.State, line.Verdict)));
        Assert.All((await MarksAsync(claim)).Values, marks => Assert.Contains(LineMark.SampleFellShort, marks));
        foreach (var line in held)
        {
            (await _desk.StepAsync(claim, line.Id, LineStepKind.Released, "村委会证实参加了培训")).OrThrow();
            Desk.ExpectBadField("reason", await _desk.ReviewAsync(claim, line.Id, LineVerdict.Pass));
            (await _desk.ReviewAsync(claim, line.Id, LineVerdict.Pass, "村委会证实参加了培训")).OrThrow();
        }
        (await _desk.ApproveAsync(claim, isCalled: false)).OrThrow();
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task The_number_is_shown_to_callers_alone_and_its_showing_stands_on_the_trail()
    {
        var scene = await SettledScene.BuildAsync(server);
        var voucher = (await scene.CompletedVouchersAsync(1))[0];
        await using (var connection = await server.Database.OpenConnectionAsync())
            await connection.ExecuteAsync("update person set phone_sealed = @phone where id = (select person_id from voucher where id = @voucher)",
                new { voucher, phone = server.Get<Voucher.Server.Register.PersonalData>().Seal("13893012345") });
        var claim = (await _desk.ClaimAsync([voucher])).OrThrow();
        (await _desk.ReviewAllAsync(claim)).OrThrow();
        var line = Assert.Single(await _desk.SampleAsync(claim)).Line;
        var record = server.Get<RecordCall>();
        Assert.Equal("13893012345", (await record.ShowNumberAsync(await _desk.WhoAsync("clerk"), claim, line)).OrThrow());
        Desk.ExpectRefusal(RefusalCode.NoLongerInRole, await record.ShowNumberAsync(await _desk.WhoAsync("finance"), claim, line));
        Desk.ExpectRefusal(RefusalCode.NotFound, await record.ShowNumberAsync(await _desk.WhoAsync("manager"), claim, line));
        await using var read = await server.Database.OpenConnectionAsync();
        Assert.Equal($"line {line}", await read.QuerySingleAsync<string>(
            "select detail from audit_entry where action = 'claim.phone-shown' and subject = @subject", new { subject = $"claim:{claim}" }));
    }

    [Fact]
    public async Task Lines_with_a_mark_are_left_by_the_pass_of_all()
    {
        var scene = await SettledScene.BuildAsync(server);
        var vouchers = await scene.CompletedVouchersAsync(3);
        await SqlAsync($"""
            insert into hold (region, voucher_id, reason, opened_at, due_at, scan_id, terminal_id, evidence, alarmed_at, released_at)
            select region, {vouchers[0].Value}, 2, now(), now(), gen_random_uuid(), (select min(id) from terminal), '[]', now(), now() from county
            """);
        var claim = (await _desk.ClaimAsync(vouchers)).OrThrow();
        Assert.Equal(2, (await _desk.ReviewAllAsync(claim)).OrThrow());
        var left = Assert.Single((await _desk.ReadAsync(claim)).Lines, line => line.Verdict is null);
        Assert.Equal([LineMark.HoldReleased], (await MarksAsync(claim))[new ClaimLineId(left.Id)]);
    }

    [Fact]
    public async Task Who_released_a_hold_or_made_the_only_spot_check_does_not_review()
    {
        var scene = await SettledScene.BuildAsync(server);
        var voucher = (await scene.CompletedVouchersAsync(1))[0];
        await _desk.HireAsync("releaser", Role.Reviewer);
        await SqlAsync($"""
            with held as (
                insert into hold (region, voucher_id, reason, opened_at, due_at, scan_id, terminal_id, evidence, alarmed_at, released_at)
                select region, {voucher.Value}, 2, now(), now(), gen_random_uuid(), (select min(id) from terminal), '[]', now(), now() from county returning id)
            insert into hold_decision (hold_id, number, verdict, reason, decided_by, decided_by_staff, decided_at)
            select held.id, 1, 1, '核实', a.id, a.staff_id, now() from held, account a where a.login = 'releaser'
            """);
        var claim = (await _desk.ClaimAsync([voucher])).OrThrow();
        var line = (await _desk.ReadAsync(claim)).Lines[0].Id;
        Desk.ExpectRefusal(RefusalCode.SamePerson, await _desk.ReviewAsync(claim, line, LineVerdict.Pass, "x", "releaser"));
        await _desk.HireAsync("sole-checker", Role.Reviewer);
        await SqlAsync($"update spot_check set checked_by = (select id from account where login = 'sole-checker') where class_id = {scene.Class.Value}");
        Desk.ExpectRefusal(RefusalCode.SamePerson, await _desk.ReviewAsync(claim, line, LineVerdict.Pass, "x", "sole-checker"));
        await scene.SpotCheckAsync(); // A second person's check: the first is not alone any more.
        (await _desk.ReviewAsync(claim, line, LineVerdict.Pass, "x", "sole-checker")).OrThrow();
    }

    [Fact]
    public async Task A_line_is_taken_over_once_its_reviewer_has_gone_and_neither_of_them_approves()
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = (await _desk.ClaimAsync(await scene.CompletedVouchersAsync(1))).OrThrow();
        var line = (await _desk.ReadAsync(claim)).Lines[0].Id;
        await _desk.HireAsync("goes", Role.Reviewer);
        (await _desk.ReviewAsync(claim, line, LineVerdict.Pass, reviewer: "goes")).OrThrow();
        Desk.ExpectRefusal(RefusalCode.VerdictOfAnother, await _desk.ReviewAsync(claim, line, LineVerdict.Pass, "接手"));
        await _desk.HireAsync("goes-approves", Role.Approver, sameAs: "goes");
        await SqlAsync("delete from account_role where role = 3 and account_id = (select id from account where login = 'goes')");
        Desk.ExpectRefusal(RefusalCode.ReasonMissing, await _desk.ReviewAsync(claim, line, LineVerdict.Pass));
        (await _desk.ReviewAsync(claim, line, LineVerdict.Pass, "原审核人已调离，接手复核")).OrThrow();
        Desk.ExpectRefusal(RefusalCode.SamePerson, await _desk.ApproveAsync(claim, "goes-approves"));
        (await _desk.ApproveAsync(claim)).OrThrow();
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task A_role_that_was_withdrawn_since_the_log_in_decides_nothing()
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = (await _desk.ClaimAsync(await scene.CompletedVouchersAsync(1))).OrThrow();
        await _desk.HireAsync("was-reviewer", Role.Reviewer);
        await _desk.HireAsync("was-approver", Role.Approver);
        var (reviewer, approver) = (await _desk.WhoAsync("was-reviewer"), await _desk.WhoAsync("was-approver"));
        await SqlAsync("update account set is_active = false where login = 'was-reviewer'; delete from account_role where account_id = (select id from account where login = 'was-approver')");
        Desk.ExpectRefusal(RefusalCode.NoLongerInRole, await server.Get<ReviewClaim>().AllUndecidedAsync(reviewer, claim, LineVerdict.Pass, null));
        (await _desk.ReviewAllAsync(claim)).OrThrow();
        Desk.ExpectRefusal(RefusalCode.NoLongerInRole, await server.Get<ApproveClaim>().RunAsync(approver, claim));
    }

    [Fact]
    public async Task Handing_in_again_and_rejecting_at_once_leave_one_of_the_two_orders()
    {
        for (var round = 0; round < 5; round++)
        {
            var scene = await SettledScene.BuildAsync(server);
            var claim = (await _desk.ClaimAsync(await scene.CompletedVouchersAsync(2))).OrThrow();
            var lines = (await _desk.ReadAsync(claim)).Lines;
            (await _desk.StepAsync(claim, lines[0].Id, LineStepKind.Returned, "缺", "补")).OrThrow();
            (await _desk.ReviewAllAsync(claim)).OrThrow();
            await _desk.CallAllAsync(claim);
            var handIn = Task.Run(() => _desk.HandInAsync(claim, lines[0].Id));
            var approve = Task.Run(() => _desk.ApproveAsync(claim, isCalled: false));
            (await handIn).OrThrow();
            // Approved before it came back: the line stays open. After: the claim waits for its verdict.
            if (await approve is Outcome<ClaimStatus>.Done(var status)) Assert.Equal(ClaimStatus.PartlyApproved, status);
            else Desk.ExpectRefusal(RefusalCode.LinesUndecided, await approve);
            Assert.Equal(ClaimLineState.Submitted, (await _desk.ReadAsync(claim)).Lines[0].State);
            (await _desk.ReviewAsync(claim, lines[0].Id, LineVerdict.Pass, "已补")).OrThrow();
            Assert.Equal(ClaimStatus.Approved, (await _desk.ApproveAsync(claim)).OrThrow());
            await scene.ExpectAsync(reserved: 0, payable: 2400, paid: 0);
            await _desk.ExpectInvariantsAsync();
        }
    }

    [Fact]
    public async Task A_voucher_revoked_after_its_review_is_not_approved()
    {
        var scene = await SettledScene.BuildAsync(server);
        var voucher = (await scene.CompletedVouchersAsync(1))[0];
        var claim = (await _desk.ClaimAsync([voucher])).OrThrow();
        (await _desk.ReviewAllAsync(claim)).OrThrow();
        await SqlAsync($"update voucher set state = 6 where id = {voucher.Value}");
        Desk.ExpectRefusal(RefusalCode.NotCompleted, await _desk.ApproveAsync(claim));
        await scene.ExpectAsync(reserved: 1500, payable: 0, paid: 0);
        await SqlAsync($"update voucher set state = 4 where id = {voucher.Value}");
    }

    [Fact]
    public async Task The_deadline_stands_still_while_the_institution_has_the_claim()
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = (await _desk.ClaimAsync(await scene.CompletedVouchersAsync(1))).OrThrow();
        var before = await OpenAsync(claim);
        Assert.NotNull(before.Deadline.DueOn);
        Assert.Equal((10, ReviewTurn.Reviewer), (before.Deadline.DaysLeft, before.Turn));
        var line = (await _desk.ReadAsync(claim)).Lines[0].Id;
        (await _desk.StepAsync(claim, line, LineStepKind.Returned, "缺", "补")).OrThrow();
        var paused = await OpenAsync(claim);
        Assert.Equal((null, ReviewTurn.Institution), (paused.Deadline.DueOn, paused.Turn));
        (await _desk.HandInAsync(claim, line)).OrThrow();
        Assert.Equal(before.Deadline.DueOn, (await OpenAsync(claim)).Deadline.DueOn);
        await SqlAsync($"update claim set submitted_at = submitted_at - interval '40 days' where id = {claim}");
        Assert.True((await OpenAsync(claim)).Deadline.IsOverdue);
        Assert.True((await server.Get<ReviewWork>().CountAsync(await _desk.WhoAsync("reviewer"))).Overdue > 0);
    }

    [Fact]
    public async Task A_finding_after_the_approval_stops_the_payable()
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = await _desk.ApprovedClaimAsync(await scene.CompletedVouchersAsync(2));
        Assert.Null(await StopAsync(claim));
        await scene.SpotCheckAsync(isClean: false, at: server.Clock.GetUtcNow().AddMinutes(1));
        Assert.Equal(RefusalCode.FindingsAfterReview, (await StopAsync(claim))!.Code);
    }

    [Fact]
    public async Task A_hold_a_conflict_and_a_changed_line_stop_the_payable()
    {
        var scene = await SettledScene.BuildAsync(server);
        var voucher = (await scene.CompletedVouchersAsync(1))[0];
        var claim = await _desk.ApprovedClaimAsync([voucher]);
        await SqlAsync($"""
            insert into hold (region, voucher_id, reason, opened_at, due_at, scan_id, terminal_id, evidence, alarmed_at)
            select region, {voucher.Value}, 2, now(), now(), gen_random_uuid(), (select min(id) from terminal), '[]', now() from county
            """);
        Assert.Equal(RefusalCode.VoucherHeld, (await StopAsync(claim))!.Code);
        await SqlAsync($"update hold set released_at = now() where voucher_id = {voucher.Value}");
        await SqlAsync($"update voucher set in_conflict = true where id = {voucher.Value}; insert into conflict_case (region, voucher_id, opened_at) select region, {voucher.Value}, now() from county");
        Assert.Equal(RefusalCode.VoucherInConflict, (await StopAsync(claim))!.Code);
        await SqlAsync($"update voucher set in_conflict = false where id = {voucher.Value}; update claim_line set state = 7 where claim_id = {claim}");
        Assert.Equal(RefusalCode.LineNotPayable, (await StopAsync(claim))!.Code);
        await SqlAsync($"update claim_line set state = 3 where claim_id = {claim}");
    }

    private async Task<Refusal?> StopAsync(ClaimId claim)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var payables = (await connection.QueryAsync<long>(
            "select y.id from payable y join claim_line l on l.id = y.claim_line_id where l.claim_id = @claim", new { claim }, transaction)).ToList();
        var policy = await server.Get<Voucher.Server.Policies.PolicyStore>().InForceOrLastAsync(CountyTime.DayOf(server.Clock.GetUtcNow()));
        return await Voucher.Server.Settling.PayableStops.AmongAsync(connection, transaction, payables, policy);
    }

    private async Task<OpenClaim> OpenAsync(ClaimId claim) =>
        Assert.Single(await server.Get<ReviewWork>().ListAsync(await _desk.WhoAsync("reviewer")), open => open.Id == claim.Value);

    private async Task<IReadOnlyDictionary<ClaimLineId, IReadOnlyList<LineMark>>> MarksAsync(ClaimId claim) =>
        await server.Get<LineFileStore>().MarksAsync(claim, await server.Get<Voucher.Server.Policies.PolicyStore>().GetAsync((await _desk.ReadAsync(claim)).Policy));

    private async Task SqlAsync(string sql)
    {
        await using var command = server.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
