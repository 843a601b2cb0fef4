using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Core.Refusals;
using Voucher.Server.Accounts;
using Voucher.Server.Settling.Recovering;

namespace Voucher.Server.Tests.Settling;

/// <summary>Taking back by many hands at once: exactly one effect.</summary>
public sealed class RecoveryRaceTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private const int Hands = 6;
    private readonly RecoveryScene _scene = new(server);

    [Fact]
    public async Task Two_deciders_at_once_take_back_once()
    {
        var (scene, paid) = await _scene.PaidAsync(1);
        await _scene.Desk.HireAsync("decider-two", Role.Approver);
        var id = (await _scene.ProposeAsync([paid[0]])).OrThrow();
        var outcomes = await InParallelAsync(hand => _scene.ConfirmAsync(id, hand % 2 == 0 ? RecoveryScene.Decider : "decider-two"));
        ExpectOneDone(outcomes, RefusalCode.RecoveryWrongStep);
        Assert.Equal(1200, await _scene.BalanceAsync(scene.BudgetLine, LedgerAccountKind.Receivable));
        await _scene.Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task The_same_line_in_several_proposals_is_taken_back_once()
    {
        var (scene, paid) = await _scene.PaidAsync(1);
        List<RecoveryId> ids = [];
        for (var i = 0; i < Hands; i++) ids.Add((await _scene.ProposeAsync([paid[0]])).OrThrow());
        ExpectOneDone(await InParallelAsync(hand => _scene.ConfirmAsync(ids[hand])), RefusalCode.RecoveryExceeds);
        Assert.Equal(1200, await _scene.BalanceAsync(scene.BudgetLine, LedgerAccountKind.Receivable));
        await _scene.Desk.ExpectInvariantsAsync(); // Also: the refused ones have left no gap in the numbers of notices.
    }

    [Fact]
    public async Task The_same_document_is_paid_in_once()
    {
        var (scene, paid) = await _scene.PaidAsync(1);
        var id = await _scene.DecidedAsync($"{paid[0]}");
        ExpectOneDone(await InParallelAsync(_ => _scene.PayInAsync(id, "同一张缴款书", "100")), RefusalCode.PayInDocumentUsed);
        Assert.Equal(1100, await _scene.BalanceAsync(scene.BudgetLine, LedgerAccountKind.Receivable));
        await _scene.Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task Different_documents_at_once_never_pay_in_more_than_is_owed()
    {
        var (scene, paid) = await _scene.PaidAsync(1);
        var id = await _scene.DecidedAsync($"{paid[0]}");
        var outcomes = await InParallelAsync(hand => _scene.PayInAsync(id, $"缴款书-{hand}-{id}", "500"));
        Assert.Equal(2, outcomes.Count(outcome => outcome is Outcome<Nothing>.Done));
        Assert.Equal(200, await _scene.BalanceAsync(scene.BudgetLine, LedgerAccountKind.Receivable));
        await _scene.Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task Taking_back_while_a_payment_is_being_made_does_one_or_the_other()
    {
        for (var round = 0; round < 4; round++)
        {
            await _scene.Desk.HireAsync(RecoveryScene.Decider, Role.Approver);
            var scene = await SettledScene.BuildAsync(server);
            var vouchers = await scene.CompletedVouchersAsync(1);
            var claim = await _scene.Desk.ApprovedClaimAsync(vouchers);
            var id = (await _scene.ProposeAsync([vouchers[0]])).OrThrow();
            var paying = Task.Run(() => _scene.Desk.PayAsync([claim]));
            var taking = Task.Run(() => _scene.ConfirmAsync(id));
            var (payment, decision) = (await paying, await taking);
            if (payment is Outcome<PaymentId>.Done) Desk.ExpectRefusal(RefusalCode.RecoveryInPayment, decision);
            else
            {
                Desk.ExpectRefusal(RefusalCode.WrongStep, payment);
                Assert.IsType<Outcome<NoticeNumber>.Done>(decision);
            }
            await _scene.Desk.ExpectInvariantsAsync();
        }
    }

    private static Task<T[]> InParallelAsync<T>(Func<int, Task<T>> act) => Task.WhenAll(Enumerable.Range(0, Hands).Select(hand => Task.Run(() => act(hand))));

    private static void ExpectOneDone<T>(Outcome<T>[] outcomes, RefusalCode others)
    {
        Assert.Single(outcomes, outcome => outcome is Outcome<T>.Done);
        Assert.All(outcomes.Where(outcome => outcome is not Outcome<T>.Done), outcome => Desk.ExpectRefusal(others, outcome));
    }
}
