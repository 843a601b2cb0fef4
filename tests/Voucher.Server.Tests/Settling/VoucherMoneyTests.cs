using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Core.Settling;
using Voucher.Core.Vouchers;
using Voucher.Server.Accounts;
using Voucher.Server.Settling.Recovering;
using Voucher.Server.Settling.Retaining;
using Voucher.Server.Settling.Reviewing;

namespace Voucher.Server.Tests.Settling;

/// <summary>A voucher's history tells the whole story of its money, each step once and in its order.</summary>
public sealed class VoucherMoneyTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>, IAsyncLifetime
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
    public async Task From_the_claim_over_the_objection_and_the_payment_to_what_was_kept_back_and_came_back()
    {
        var scene = await SettledScene.BuildAsync(server, ownSource: true);
        var vouchers = await scene.CompletedVouchersAsync(2);
        var claim = (await Desk.ClaimAsync(vouchers)).OrThrow();
        var lines = (await Desk.ReadAsync(claim)).Lines;
        (await Desk.StepAsync(claim, lines[0].Id, LineStepKind.Held, "核实到课")).OrThrow();
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        (await Desk.StepAsync(claim, lines[0].Id, LineStepKind.Released, "已核实")).OrThrow();
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        foreach (var line in lines) (await Desk.ReviewAsync(claim, line.Id, Voucher.Core.Settling.LineVerdict.Pass, "已核实")).OrThrow();
        (await Desk.ApproveAsync(claim)).OrThrow();
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        var publication = (await _desk.PublishAsync(claim)).OrThrow();
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        var objection = (await _desk.ObjectAsync(publication, "1,2")).OrThrow();
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        await _desk.DecideAsync(objection, ObjectionStep.ProposeDismissed);
        _desk.WaitOut();
        (await Desk.PaidAsync((await Desk.PayAsync([claim])).OrThrow())).OrThrow();
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        var forfeit = (await server.Get<DraftRetained>().ForfeitAsync(await Desk.WhoAsync("clerk"), [lines[0].Id], "抽查查实")).OrThrow();
        (await server.Get<DecideRetained>().RunAsync(await Desk.WhoAsync(PublicationDesk.RetentionApprover), forfeit, true, null)).OrThrow();
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        var voucher = lines[0].Voucher;
        var recovery = await _recovering.DecidedAsync($"{voucher} 500");
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        (await _recovering.PayInAsync(recovery, "经过-1", "500")).OrThrow();

        await using var connection = await server.Database.OpenConnectionAsync();
        var story = await VoucherMoneyStore.OfAsync(connection, voucher);
        string[] told =
        [
            "列入申报单", "审核暂缓", "审核解除暂缓", "审核通过", "结算审批", "公示", "收到异议", "拟异议不成立", "异议不成立", "列入支付批次", "已支付",
            "拟不予释放留存", "留存不予释放", "提出追回", "决定追回", "缴回",
        ];
        Assert.Equal(told.Length, story.Count);
        Assert.All(told.Zip(story), pair => Assert.StartsWith(pair.First, pair.Second.What.Zh, StringComparison.Ordinal));
        Assert.Equal(
            (Fen.FromYuan(1080), Fen.FromYuan(120), Fen.FromYuan(500)),
            (AmountOf(story, "已支付"), AmountOf(story, "留存不予释放"), AmountOf(story, "缴回")));
        // The approval is told with who approved this part, and everything that is told leads somewhere.
        Assert.All(story, step => Assert.NotNull(step.Path));
        Assert.All(story, step => Assert.NotNull(step.By));
    }

    [Fact]
    public async Task Allowances_are_told_with_their_list_and_their_payment()
    {
        var allowances = await AllowanceScene.BuildAsync(server, 40);
        var voucher = (await allowances.TraineesAsync(1))[0];
        var list = await allowances.ApprovedAsync();
        (await allowances.CancelAsync(list)).OrThrow();
        await using var connection = await server.Database.OpenConnectionAsync();
        var story = await VoucherMoneyStore.OfAsync(connection, voucher);
        Assert.Equal(
            [$"列入补助发放表 {list}", $"补助审批（发放表 {list}）", $"补助作废（发放表 {list}）"], story.Where(step => step.Amount is not null).Select(step => step.What.Zh));
        Assert.All(story, step => Assert.Equal(Fen.FromYuan(80), step.Amount));
    }

    private static Fen? AmountOf(IEnumerable<MoneyStep> story, string what) => story.Single(step => step.What.Zh == what).Amount;
}
