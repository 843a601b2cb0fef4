using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Server.Accounts;
using Voucher.Server.Api;
using Voucher.Server.Settling.Claims;

namespace Voucher.Server.Tests.Settling;

public sealed class SettlementTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly Desk _desk = new(server);

    [Fact]
    public async Task A_voucher_goes_from_completed_to_paid_and_every_fen_is_where_it_should_be()
    {
        var scene = await SettledScene.BuildAsync(server, rateYuan: 1200, faceValueYuan: 1500);
        var vouchers = await scene.CompletedVouchersAsync(3);
        await scene.ExpectAsync(reserved: 4500, payable: 0, paid: 0);

        var claim = (await _desk.ClaimAsync(vouchers)).OrThrow();
        await scene.ExpectAsync(reserved: 4500, payable: 0, paid: 0);
        Assert.Equal(3, (await _desk.ReviewAllAsync(claim)).OrThrow());
        Assert.Equal(ClaimStatus.Approved, (await _desk.ApproveAsync(claim)).OrThrow());
        await scene.ExpectAsync(reserved: 0, payable: 3600, paid: 0);

        var payment = (await _desk.PayAsync([claim])).OrThrow();
        await scene.ExpectAsync(reserved: 0, payable: 3600, paid: 0);
        (await _desk.PaidAsync(payment)).OrThrow();
        await scene.ExpectAsync(reserved: 0, payable: 0, paid: 3600);
        Assert.Equal(ClaimStatus.Paid, (await _desk.ReadAsync(claim)).Summary.Status);
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task A_face_value_below_the_rate_is_paid_in_full_and_no_more()
    {
        var scene = await SettledScene.BuildAsync(server, rateYuan: 1800, faceValueYuan: 1500);
        await _desk.ApprovedClaimAsync(await scene.CompletedVouchersAsync(2));
        await scene.ExpectAsync(reserved: 0, payable: 3000, paid: 0);
    }

    [Fact]
    public async Task A_line_freezes_what_it_rests_on()
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = (await _desk.ClaimAsync(await scene.CompletedVouchersAsync(1))).OrThrow();
        var line = Assert.Single((await _desk.ReadAsync(claim)).Lines);
        Assert.Equal(scene.Class.Value, line.Evidence.ClassId);
        Assert.Equal((2, 2), (line.Evidence.SessionsAttended, line.Evidence.PlannedSessions));
        Assert.Equal((82, 91, true), (line.Evidence.TheoryScore, line.Evidence.PracticeScore, line.Evidence.HasPassed));
        Assert.NotNull(line.Evidence.SpotCheckId);
        Assert.NotEqual(Guid.Empty, line.Evidence.CompletionScanId);
        Assert.Equal(scene.Rate, line.Amount.Value);
        Assert.Equal("马**0", line.Holder.Replace("测", "*").Replace("试", "*"));
    }

    [Fact]
    public async Task Without_chosen_numbers_all_that_can_be_claimed_is_claimed()
    {
        var scene = await SettledScene.BuildAsync(server, manager: "manager2");
        await scene.CompletedVouchersAsync(3);
        await scene.EnrolledVouchersAsync(2);
        var claim = (await _desk.ClaimAsync(null, "manager2")).OrThrow();
        Assert.Equal(3, (await _desk.ReadAsync(claim)).Lines.Count);
        Desk.ExpectRefusal(RefusalCode.NothingToClaim, await _desk.ClaimAsync(null, "manager2"));
    }

    [Fact]
    public async Task A_voucher_in_training_is_not_claimable_and_says_so()
    {
        var scene = await SettledScene.BuildAsync(server);
        var voucher = (await scene.EnrolledVouchersAsync(1))[0];
        var refusal = Desk.Refused(await _desk.ClaimAsync([voucher]));
        Assert.Equal(RefusalCode.NotCompleted, refusal.Code);
        Assert.Contains(voucher.ToString(), refusal.Reason.Zh, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_class_without_its_spot_check_is_not_claimable_until_it_has_one()
    {
        var scene = await SettledScene.BuildAsync(server, isChecked: false);
        var vouchers = await scene.CompletedVouchersAsync(1);
        Desk.ExpectRefusal(RefusalCode.SpotCheckMissing, await _desk.ClaimAsync(vouchers));
        await scene.SpotCheckAsync();
        (await _desk.ClaimAsync(vouchers)).OrThrow();
    }

    [Fact]
    public async Task Lines_whose_spot_check_found_something_are_passed_one_by_one_and_with_a_reason()
    {
        var scene = await SettledScene.BuildAsync(server);
        await scene.SpotCheckAsync(isClean: false);
        await scene.SpotCheckAsync();
        var claim = (await _desk.ClaimAsync(await scene.CompletedVouchersAsync(2))).OrThrow();
        Assert.Equal(0, (await _desk.ReviewAllAsync(claim)).OrThrow());
        var lines = (await _desk.ReadAsync(claim)).Lines;
        Assert.All(lines, line => Assert.NotNull(line.FindingsAt));
        Desk.ExpectBadField("reason", await _desk.ReviewAsync(claim, lines[0].Id, LineVerdict.Pass));
        (await _desk.ReviewAsync(claim, lines[0].Id, LineVerdict.Pass, "已整改，电话核实本人到课")).OrThrow();
        (await _desk.ReviewAsync(claim, lines[1].Id, LineVerdict.Reject, "未到课")).OrThrow();
        Assert.Equal(ClaimStatus.Approved, (await _desk.ApproveAsync(claim)).OrThrow());
    }

    [Fact]
    public async Task A_spot_check_that_finds_something_after_the_review_stops_approval_until_it_is_looked_at()
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = (await _desk.ClaimAsync(await scene.CompletedVouchersAsync(1))).OrThrow();
        (await _desk.ReviewAllAsync(claim)).OrThrow();
        await scene.SpotCheckAsync(isClean: false, at: server.Clock.GetUtcNow().AddMinutes(1));
        Desk.ExpectRefusal(RefusalCode.SpotCheckFindings, await _desk.ApproveAsync(claim));
        server.Clock.Advance(TimeSpan.FromMinutes(2));
        var line = Assert.Single((await _desk.ReadAsync(claim)).Lines).Id;
        (await _desk.ReviewAsync(claim, line, LineVerdict.Pass, "现场已复核")).OrThrow();
        (await _desk.ApproveAsync(claim)).OrThrow();
    }

    [Fact]
    public async Task A_held_voucher_is_neither_claimable_nor_approvable_nor_payable_until_it_is_released()
    {
        var scene = await SettledScene.BuildAsync(server);
        var vouchers = await scene.CompletedVouchersAsync(2);
        var claim = (await _desk.ClaimAsync([vouchers[0]])).OrThrow();
        (await _desk.ReviewAllAsync(claim)).OrThrow();
        await HoldAsync(vouchers[0]);
        await HoldAsync(vouchers[1]);
        Desk.ExpectRefusal(RefusalCode.VoucherHeld, await _desk.ClaimAsync([vouchers[1]]));
        Desk.ExpectRefusal(RefusalCode.VoucherHeld, await _desk.ApproveAsync(claim));
        await SqlAsync("update hold set released_at = now()");
        (await _desk.ApproveAsync(claim)).OrThrow();
        await HoldAsync(vouchers[0]);
        Desk.ExpectRefusal(RefusalCode.VoucherHeld, await _desk.PayAsync([claim]));
        await SqlAsync("update hold set released_at = now()");
        (await _desk.PayAsync([claim])).OrThrow();
    }

    private Task HoldAsync(Core.Vouchers.VoucherId voucher) => SqlAsync($"""
        insert into hold (region, voucher_id, reason, opened_at, due_at, scan_id, terminal_id, evidence, alarmed_at)
        select region, {voucher.Value}, 2, now(), now(), gen_random_uuid(), (select min(id) from terminal), '[]', now() from county
        """);

    [Fact]
    public async Task A_voucher_in_conflict_is_neither_claimable_nor_approvable()
    {
        var scene = await SettledScene.BuildAsync(server);
        var vouchers = await scene.CompletedVouchersAsync(2);
        var claim = (await _desk.ClaimAsync([vouchers[0]])).OrThrow();
        (await _desk.ReviewAllAsync(claim)).OrThrow();
        await SqlAsync($"""
            update voucher set in_conflict = true where id in ({vouchers[0].Value}, {vouchers[1].Value});
            insert into conflict_case (region, voucher_id, opened_at)
            select (select region from county), id, now() from voucher where id in ({vouchers[0].Value}, {vouchers[1].Value});
            """);
        Desk.ExpectRefusal(RefusalCode.VoucherInConflict, await _desk.ClaimAsync([vouchers[1]]));
        Desk.ExpectRefusal(RefusalCode.VoucherInConflict, await _desk.ApproveAsync(claim));
        await scene.ExpectAsync(reserved: 3000, payable: 0, paid: 0);
    }

    [Fact]
    public async Task The_second_claim_on_a_voucher_names_the_first()
    {
        var scene = await SettledScene.BuildAsync(server);
        var vouchers = await scene.CompletedVouchersAsync(1);
        var first = (await _desk.ClaimAsync(vouchers)).OrThrow();
        var refusal = Desk.Refused(await _desk.ClaimAsync(vouchers));
        Assert.Equal(RefusalCode.AlreadyInClaim, refusal.Code);
        Assert.Contains(first.ToString(), refusal.Reason.Zh, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_institutions_voucher_is_as_unknown_as_one_that_does_not_exist()
    {
        var scene = await SettledScene.BuildAsync(server);
        var foreign = await _desk.ClaimAsync(await scene.CompletedVouchersAsync(1), "manager2");
        var unknown = await _desk.ClaimAsync([new(Voucher.Server.Demo.DemoCounty.Region, uint.MaxValue)], "manager2");
        Assert.Equal(Desk.Refused(unknown), Desk.Refused(foreign));
        Desk.ExpectRefusal(RefusalCode.NotFound, foreign);
    }

    [Fact]
    public async Task Rejection_needs_a_reason_and_lets_the_voucher_be_claimed_again_with_a_note()
    {
        var scene = await SettledScene.BuildAsync(server);
        var vouchers = await scene.CompletedVouchersAsync(2);
        var claim = (await _desk.ClaimAsync(vouchers)).OrThrow();
        var lines = (await _desk.ReadAsync(claim)).Lines;
        Desk.ExpectBadField("reason", await _desk.ReviewAsync(claim, lines[0].Id, LineVerdict.Reject));
        Desk.ExpectBadField("reason", await _desk.ReviewAsync(claim, lines[0].Id, LineVerdict.Reject, new string('长', Reasons.Longest + 1)));
        (await _desk.ReviewAsync(claim, lines[0].Id, LineVerdict.Reject, "签到照片不清")).OrThrow();
        Desk.ExpectRefusal(RefusalCode.LinesUndecided, await _desk.ApproveAsync(claim));
        (await _desk.ReviewAllAsync(claim)).OrThrow();
        (await _desk.ApproveAsync(claim)).OrThrow();
        await scene.ExpectAsync(reserved: 1500, payable: 1200, paid: 0);

        Desk.ExpectRefusal(RefusalCode.RejectedBefore, await _desk.ClaimAsync([lines[0].Voucher]));
        var again = (await _desk.ClaimAsync([lines[0].Voucher], note: "已补交清晰照片")).OrThrow();
        Assert.NotEqual(claim, again);
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task A_claim_without_a_passed_line_is_closed_and_moves_no_money()
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = (await _desk.ClaimAsync(await scene.CompletedVouchersAsync(1))).OrThrow();
        (await _desk.ReviewAsync(claim, (await _desk.ReadAsync(claim)).Lines[0].Id, LineVerdict.Reject, "不实")).OrThrow();
        Assert.Equal(ClaimStatus.Closed, (await _desk.ApproveAsync(claim)).OrThrow());
        Desk.ExpectRefusal(RefusalCode.WrongStep, await _desk.PayAsync([claim]));
        await scene.ExpectAsync(reserved: 1500, payable: 0, paid: 0);
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task Nobody_overwrites_anothers_verdict_so_no_reviewer_is_forgotten_at_approval()
    {
        await _desk.HireAsync("reviewer-b", Role.Reviewer);
        var scene = await SettledScene.BuildAsync(server);
        var claim = (await _desk.ClaimAsync(await scene.CompletedVouchersAsync(1))).OrThrow();
        var line = Assert.Single((await _desk.ReadAsync(claim)).Lines).Id;
        (await _desk.ReviewAsync(claim, line, LineVerdict.Pass)).OrThrow();
        Desk.ExpectRefusal(RefusalCode.VerdictOfAnother, await _desk.ReviewAsync(claim, line, LineVerdict.Reject, "另有看法", reviewer: "reviewer-b"));
        (await _desk.ReviewAsync(claim, line, LineVerdict.Reject, "再看一遍")).OrThrow();
    }

    [Fact]
    public async Task A_verdict_may_change_until_approval_and_not_after()
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = (await _desk.ClaimAsync(await scene.CompletedVouchersAsync(1))).OrThrow();
        var line = (await _desk.ReadAsync(claim)).Lines[0].Id;
        (await _desk.ReviewAsync(claim, line, LineVerdict.Reject, "先退回")).OrThrow();
        (await _desk.ReviewAsync(claim, line, LineVerdict.Pass)).OrThrow();
        (await _desk.ApproveAsync(claim)).OrThrow();
        Desk.ExpectRefusal(RefusalCode.WrongStep, await _desk.ReviewAsync(claim, line, LineVerdict.Reject, "晚了"));
        Assert.Equal(LineVerdict.Pass, (await _desk.ReadAsync(claim)).Lines[0].Verdict);
    }

    [Fact]
    public async Task A_line_of_another_claim_is_not_found()
    {
        var scene = await SettledScene.BuildAsync(server);
        var vouchers = await scene.CompletedVouchersAsync(2);
        var one = (await _desk.ClaimAsync([vouchers[0]])).OrThrow();
        var other = (await _desk.ClaimAsync([vouchers[1]])).OrThrow();
        var line = (await _desk.ReadAsync(other)).Lines[0].Id;
        Desk.ExpectRefusal(RefusalCode.NotFound, await _desk.ReviewAsync(one, line, LineVerdict.Pass));
    }

    [Fact]
    public async Task An_institution_without_a_payee_account_is_not_paid()
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = await _desk.ApprovedClaimAsync(await scene.CompletedVouchersAsync(1));
        await SqlAsync($"update payee_account set ended_at = now() where institution_id = {scene.Institution.Value}");
        Desk.ExpectRefusal(RefusalCode.PayeeMissing, await _desk.PayAsync([claim]));
        await SettledScene.BuildAsync(server); // Sets the payee again.
        (await _desk.PayAsync([claim])).OrThrow();
    }

    [Fact]
    public async Task Paying_needs_a_bank_reference_and_a_day_that_has_come()
    {
        var scene = await SettledScene.BuildAsync(server);
        var payment = (await _desk.PayAsync([await _desk.ApprovedClaimAsync(await scene.CompletedVouchersAsync(1))])).OrThrow();
        var today = CountyTime.DayOf(server.Clock.GetUtcNow());
        Desk.ExpectBadField("bankReference", await _desk.PaidAsync(payment, reference: " "));
        Desk.ExpectBadField("bankReference", await _desk.PaidAsync(payment, reference: new string('1', 61)));
        Desk.ExpectBadField("paidOn", await _desk.PaidAsync(payment, on: today.AddDays(1)));
        Desk.ExpectBadField("paidOn", await _desk.PaidAsync(payment, on: today.AddDays(-1)));
        (await _desk.PaidAsync(payment, on: today)).OrThrow();
    }

    [Theory]
    [InlineData("clerk")]
    [InlineData("approver")]
    [InlineData("manager")]
    public async Task Who_issued_or_claimed_does_not_review_whatever_the_account(string person)
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = (await _desk.ClaimAsync(await scene.CompletedVouchersAsync(1))).OrThrow();
        await _desk.HireAsync($"{person}-reviews", Role.Reviewer, sameAs: person);
        Desk.ExpectRefusal(RefusalCode.SamePerson, await _desk.ReviewAllAsync(claim, $"{person}-reviews"));
        Desk.ExpectRefusal(RefusalCode.SamePerson, await _desk.ReviewAsync(
            claim, (await _desk.ReadAsync(claim)).Lines[0].Id, LineVerdict.Reject, "x", $"{person}-reviews"));
    }

    [Theory]
    [InlineData("reviewer")]
    [InlineData("manager")]
    public async Task Who_reviewed_or_claimed_does_not_approve_whatever_the_account(string person)
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = (await _desk.ClaimAsync(await scene.CompletedVouchersAsync(1))).OrThrow();
        (await _desk.ReviewAllAsync(claim)).OrThrow();
        await _desk.HireAsync($"{person}-approves", Role.Approver, sameAs: person);
        Desk.ExpectRefusal(RefusalCode.SamePerson, await _desk.ApproveAsync(claim, $"{person}-approves"));
    }

    [Theory]
    [InlineData("clerk")]
    [InlineData("approver")]
    [InlineData("reviewer")]
    [InlineData("manager")]
    public async Task Who_did_anything_before_does_not_pay_whatever_the_account(string person)
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = await _desk.ApprovedClaimAsync(await scene.CompletedVouchersAsync(1));
        await _desk.HireAsync($"{person}-pays", Role.Finance, sameAs: person);
        Desk.ExpectRefusal(RefusalCode.SamePerson, await _desk.PayAsync([claim], $"{person}-pays"));
        var payment = (await _desk.PayAsync([claim])).OrThrow();
        Desk.ExpectRefusal(RefusalCode.SamePerson, await _desk.PaidAsync(payment, $"{person}-pays"));
    }

    private async Task SqlAsync(string sql)
    {
        await using var command = server.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
