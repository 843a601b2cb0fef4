using Voucher.Core;
using Voucher.Core.Institutions;
using Voucher.Core.Money;
using Voucher.Core.Refusals;
using Voucher.Core.Settling;
using Voucher.Core.Vouchers;
using Voucher.Server.Accounts;
using Voucher.Server.Institutions.Consequences;
using Voucher.Server.Settling.Recovering;
using Voucher.Server.Settling.Retaining;

namespace Voucher.Server.Tests.Settling;

/// <summary>Where taking back meets what was kept back: no yuan of it is taken twice, and none is released to who owes.</summary>
public sealed class RecoveryAndRetentionTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>, IAsyncLifetime
{
    private readonly PublicationDesk _desk = new(server);
    private readonly RecoveryScene _recovering = new(server);
    private Desk Desk => _desk.Desk;

    public async ValueTask InitializeAsync()
    {
        await _desk.PrepareAsync();
        await Desk.HireAsync(RecoveryScene.Decider, Role.Approver);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task What_was_forfeited_is_not_taken_back_once_more_out_of_what_is_kept_of_others()
    {
        var (scene, vouchers) = await PaidAsync(2);
        (await DecideAsync(await ForfeitAsync(vouchers[0]), true)).OrThrow();
        var id = await _recovering.DecidedAsync($"{vouchers[0]}");
        var line = Assert.Single((await _recovering.ReadAsync(id)).Lines);
        Assert.Equal((Fen.FromYuan(1080), Fen.Zero), (line.FromPaid, line.FromRetained));
        Assert.Equal(Fen.FromYuan(120), (await scene.BalancesAsync())[LedgerAccountKind.Retained]); // The other voucher's.
        await Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task A_decision_is_not_reversed_into_what_was_forfeited_since()
    {
        var (_, vouchers) = await PaidAsync(1);
        var id = await _recovering.DecidedAsync($"{vouchers[0]} 30");
        (await DecideAsync(await ForfeitAsync(vouchers[0]), true)).OrThrow();
        var reverse = server.Get<ReverseRecovery>();
        (await reverse.ProposeAsync(id, "有误", await Desk.WhoAsync(PublicationDesk.Proposer))).OrThrow();
        Desk.ExpectRefusal(RefusalCode.RecoveryForfeitedSince, await reverse.ConfirmAsync(id, null, await Desk.WhoAsync(RecoveryScene.Decider)));
        await Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task Nothing_is_released_while_a_part_is_being_taken_back_and_again_when_it_is_paid_in()
    {
        var (scene, vouchers) = await PaidAsync(2, "manager2");
        ToDueDay();
        var proposed = (await _recovering.ProposeAsync($"{vouchers[0]} 500")).OrThrow();
        Desk.ExpectBadField("institutionId", await ReleaseAsync(scene)); // A proposal is enough: what is owed will be known soon.
        (await _recovering.ConfirmAsync(proposed)).OrThrow();
        Desk.ExpectBadField("institutionId", await ReleaseAsync(scene)); // 120 of it was kept back, 380 are owed.
        (await _recovering.PayInAsync(proposed, "留存-缴款1", "380")).OrThrow();
        var list = (await ReleaseAsync(scene)).OrThrow();
        (await DecideAsync(list, true)).OrThrow();
        Assert.Equal(Fen.Zero, (await scene.BalancesAsync())[LedgerAccountKind.Retained]);
        await Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task What_is_left_of_a_line_after_a_taking_back_is_released_and_the_books_agree()
    {
        var (scene, vouchers) = await PaidAsync(1, "manager2");
        await _recovering.DecidedAsync($"{vouchers[0]} 30"); // Out of what is kept back: nobody owes anything.
        ToDueDay();
        (await DecideAsync((await ReleaseAsync(scene)).OrThrow(), true)).OrThrow();
        Assert.Equal(Fen.FromYuan(90), (await scene.BalancesAsync())[LedgerAccountKind.Payable]);
        await Desk.ExpectInvariantsAsync();
        await _recovering.DecidedAsync($"{vouchers[0]} 40"); // Out of what was released and is not paid.
        Assert.Equal(Fen.FromYuan(50), (await scene.BalancesAsync())[LedgerAccountKind.Payable]);
        await Desk.ExpectInvariantsAsync();
        await _recovering.DecidedAsync($"{vouchers[0]} 50");
        await Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task A_list_whose_amounts_have_changed_since_it_was_drafted_is_not_approved()
    {
        var (scene, vouchers) = await PaidAsync(1);
        var list = await ForfeitAsync(vouchers[0]);
        await _recovering.DecidedAsync($"{vouchers[0]} 30");
        Desk.ExpectRefusal(RefusalCode.RetainedWrongStep, await DecideAsync(list, true));
        (await DecideAsync(list, false, "留存已变动")).OrThrow();
        (await DecideAsync(await ForfeitAsync(vouchers[0]), true)).OrThrow();
        Assert.Equal(Fen.Zero, (await scene.BalancesAsync())[LedgerAccountKind.Retained]);
        await Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task Nothing_is_released_to_an_institution_that_stands_on_a_rung_that_blocks_payments()
    {
        var (scene, _) = await PaidAsync(1, "manager2");
        ToDueDay();
        var list = (await ReleaseAsync(scene)).OrThrow();
        var impose = server.Get<ImposeConsequence>();
        var id = (await impose.ProposeAsync(
            scene.Institution, new ConsequenceForm(ConsequenceRung.LicenceProposal, "虚假办班", "建议吊销", null, null), await Desk.WhoAsync("clerk"))).OrThrow();
        (await impose.ConfirmAsync(id, null, await Desk.WhoAsync("approver"))).OrThrow();
        Desk.ExpectRefusal(RefusalCode.RetainedNotDue, await DecideAsync(list, true));
        (await impose.ProposeLiftAsync(id, "未吊销", await Desk.WhoAsync("clerk"))).OrThrow();
        (await impose.ConfirmAsync(id, null, await Desk.WhoAsync("approver"))).OrThrow();
        (await DecideAsync(list, true)).OrThrow();
        await Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task What_is_frozen_by_an_objection_is_neither_taken_back_nor_slips_away_by_a_reversal()
    {
        var scene = await SettledScene.BuildAsync(server, ownSource: true);
        var vouchers = await scene.CompletedVouchersAsync(2);
        var (claim, publication) = await _desk.PublishedAsync(vouchers);
        var objection = (await _desk.ObjectAsync(publication, "1,2")).OrThrow();
        var first = (await _recovering.ProposeAsync($"{vouchers[0]} 500")).OrThrow();
        Desk.ExpectRefusal(RefusalCode.ObjectionOpen, await _recovering.ConfirmAsync(first));
        Assert.Equal(ObjectionState.Dismissed, await _desk.DecideAsync(objection, ObjectionStep.ProposeDismissed));
        (await _recovering.ConfirmAsync(first)).OrThrow();
        // The rest is put up anew, and objected to anew: the reversal would replace what is frozen by what is not.
        var again = (await _desk.PublishAsync(claim)).OrThrow();
        var second = (await _desk.ObjectAsync(again, "1")).OrThrow();
        var reverse = server.Get<ReverseRecovery>();
        (await reverse.ProposeAsync(first, "有误", await Desk.WhoAsync("clerk"))).OrThrow();
        Desk.ExpectRefusal(RefusalCode.ObjectionOpen, await reverse.ConfirmAsync(first, null, await Desk.WhoAsync(RecoveryScene.Decider)));
        Assert.Equal(ObjectionState.Upheld, await _desk.DecideAsync(second, ObjectionStep.ProposeUpheld));
        Desk.ExpectRefusal(RefusalCode.ObjectionUpheld, await reverse.ConfirmAsync(first, null, await Desk.WhoAsync(RecoveryScene.Decider)));
        await Desk.ExpectInvariantsAsync();
    }

    private async Task<(SettledScene Scene, IReadOnlyList<VoucherId> Vouchers)> PaidAsync(int count, string manager = "manager")
    {
        var scene = await SettledScene.BuildAsync(server, manager: manager, ownSource: true);
        var vouchers = await scene.CompletedVouchersAsync(count);
        var claim = (await Desk.ClaimAsync(vouchers, manager)).OrThrow();
        (await Desk.ReviewAllAsync(claim)).OrThrow();
        (await Desk.ApproveAsync(claim)).OrThrow();
        (await _desk.PublishAsync(claim)).OrThrow();
        _desk.WaitOut();
        (await Desk.PaidAsync((await Desk.PayAsync([claim])).OrThrow())).OrThrow();
        return (scene, vouchers);
    }

    private void ToDueDay() => server.Clock.MoveTo(_desk.Today.AddMonths(1).AddDays(1), new TimeOnly(9, 0));

    private async Task<long> ForfeitAsync(VoucherId voucher) => (await server.Get<DraftRetained>().ForfeitAsync(
        await Desk.WhoAsync("clerk"), [await _desk.AskAsync<long>("select id from claim_line where voucher_id = @voucher and state <> 4", new { voucher })], "抽查查实未授课")).OrThrow();

    private async Task<Outcome<long>> ReleaseAsync(SettledScene scene) =>
        await server.Get<DraftRetained>().ReleaseDueAsync(await Desk.WhoAsync("clerk"), scene.Institution.Value, "留存期满，未发现问题");

    private async Task<Outcome<Nothing>> DecideAsync(long list, bool isApproved, string? reason = null) =>
        await server.Get<DecideRetained>().RunAsync(await Desk.WhoAsync(PublicationDesk.RetentionApprover), list, isApproved, reason);
}
