using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Server.Classes;
using Voucher.Server.Ledger.Budget;
using Voucher.Server.Settling.Claims;
using Voucher.Server.Supervising;
using Voucher.Server.Tests.Redeeming;
using Voucher.Server.Tests.Settling;

namespace Voucher.Server.Tests.Policies;

/// <summary>Settlement and classes on a day that no pack covers: no new money; what stops or records goes on.</summary>
public sealed class SettlingGapTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly Desk _desk = new(server);

    [Fact]
    public async Task Without_a_rule_no_money_is_promised_and_what_the_bank_did_is_still_recorded()
    {
        var scene = await SettledScene.BuildAsync(server);
        var reviewed = (await _desk.ClaimAsync(await scene.CompletedVouchersAsync(1))).OrThrow();
        (await _desk.ReviewAllAsync(reviewed)).OrThrow();
        var rejected = (await _desk.ClaimAsync(await scene.CompletedVouchersAsync(1))).OrThrow();
        var approved = await _desk.ApprovedClaimAsync(await scene.CompletedVouchersAsync(1));
        var payment = (await _desk.PayAsync([await _desk.ApprovedClaimAsync(await scene.CompletedVouchersAsync(1))])).OrThrow();
        var unclaimed = await scene.CompletedVouchersAsync(1);
        var enrolled = (await scene.EnrolledVouchersAsync(1))[0];
        (await _desk.ReleaseAsync(payment)).OrThrow();
        var asked = await new ScanScene(server).OpenClassAsync(isApproved: false);
        var (finance, reviewer, approver, manager) =
            (await _desk.WhoAsync("finance"), await _desk.WhoAsync("reviewer"), await _desk.WhoAsync("approver"), await _desk.WhoAsync("manager"));
        var today = CountyTime.DayOf(server.Clock.GetUtcNow());
        await PolicyGap.OpenAsync(server, today, today);

        GapActs acts = new();
        acts.Refused("claim", () => _desk.ClaimAsync(unclaimed));
        acts.Refused("approve a claim", () => _desk.ApproveAsync(reviewed));
        acts.GoesOn("reject a claim's lines", () => server.Get<ReviewClaim>().AllUndecidedAsync(reviewer, rejected, LineVerdict.Reject, "证据不足"));
        acts.GoesOn("close a claim of which nothing was passed", () => _desk.ApproveAsync(rejected));
        acts.Refused("make a payment", () => _desk.PayAsync([approved]));
        acts.GoesOn("note what the bank has paid", () => _desk.PaidAsync(payment));
        acts.Refused("allocate money", () => server.Get<AllocateBudget>().RunAsync(finance, scene.BudgetLine, Fen.FromYuan(1_000), "东财〔2026〕1号"));
        acts.Refused("approve a class", () => server.Get<DecideClass>().ApproveAsync(asked, approver));
        acts.GoesOn("refuse a class", () => server.Get<DecideClass>().RefuseAsync(asked, "场地不符", approver));
        acts.GoesOn("record a spot check", () => server.Get<RecordSpotCheck>().RunAsync(scene.Class, new SpotCheckForm(20, "到课正常", true), reviewer));
        acts.GoesOn("take a trainee out of a class", () => server.Get<WithdrawTrainee>().RunAsync(scene.Class, enrolled.ToString(), "本人退学", manager));
        await acts.AssertAsync();
        await _desk.ExpectInvariantsAsync();
    }
}
