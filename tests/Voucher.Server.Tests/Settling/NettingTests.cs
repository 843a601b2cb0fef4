using Dapper;
using Npgsql;
using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Core.Refusals;
using Voucher.Core.Settling;
using Voucher.Core.Vouchers;
using Voucher.Server.Settling.Recovering;

namespace Voucher.Server.Tests.Settling;

/// <summary>抵扣: what an institution owes is kept from its next payment out of the same source, once.</summary>
public sealed class NettingTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly RecoveryScene _scene = new(server);

    [Fact]
    public async Task What_is_owed_is_planned_bound_and_netted_once_and_only_out_of_its_own_source()
    {
        var (scene, paid) = await _scene.PaidAsync(2);
        var (other, _) = await _scene.PaidAsync(1);
        var first = await _scene.DecidedAsync($"{paid[0]} 300");
        var second = await _scene.DecidedAsync($"{paid[1]} 900");
        var (source, elsewhere) = (await SourceAsync(scene.BudgetLine), await SourceAsync(other.BudgetLine));
        var row = await RowAsync(scene.BudgetLine);
        var policy = await _scene.PolicyAsync();
        await InTransactionAsync(async (connection, transaction) =>
        {
            var plan = Assert.Single(await NettingStore.PlanAsync(
                connection, transaction, [(scene.Institution, source, Fen.FromYuan(1000)), (other.Institution, elsewhere, Fen.FromYuan(1000))]));
            Assert.Equal((source, Fen.FromYuan(1000)), (plan.FundSource, plan.Total));
            Assert.Equal([(first, Fen.FromYuan(300)), (second, Fen.FromYuan(700))], plan.Parts.Select(part => (part.Recovery, part.Amount)));
            await NettingStore.BindAsync(connection, transaction, row, plan.Parts, policy, null, server.Clock.GetUtcNow());
        });
        await _scene.Desk.ExpectInvariantsAsync();
        Desk.ExpectRefusal(RefusalCode.PayInExceeds, await _scene.PayInAsync(first, "抵扣-1", "1")); // It is bound.
        await InTransactionAsync(async (connection, transaction) => // A second payment finds only what is left.
            Assert.Equal(Fen.FromYuan(200), Assert.Single(await NettingStore.PlanAsync(connection, transaction, [(scene.Institution, source, Fen.FromYuan(1000))])).Total));
        await InTransactionAsync(async (connection, transaction) =>
            Assert.Equal(Fen.FromYuan(1000), await NettingStore.PostAsync(connection, transaction, row, policy, null, server.Clock.GetUtcNow())));
        await InTransactionAsync(async (connection, transaction) => // Again changes nothing.
            Assert.Equal(Fen.Zero, await NettingStore.PostAsync(connection, transaction, row, policy, null, server.Clock.GetUtcNow())));
        Assert.Equal(200, await _scene.BalanceAsync(scene.BudgetLine, LedgerAccountKind.Receivable));
        Assert.Equal((RecoveryState.Settled, RecoveryState.Open), ((await _scene.ReadAsync(first)).Summary.State, (await _scene.ReadAsync(second)).Summary.State));
        await _scene.Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task What_was_bound_to_a_payment_that_was_not_made_is_owed_as_before()
    {
        var (scene, paid) = await _scene.PaidAsync(1);
        var id = await _scene.DecidedAsync($"{paid[0]}");
        var (source, row, policy) = (await SourceAsync(scene.BudgetLine), await RowAsync(scene.BudgetLine), await _scene.PolicyAsync());
        await InTransactionAsync(async (connection, transaction) =>
        {
            var plan = Assert.Single(await NettingStore.PlanAsync(connection, transaction, [(scene.Institution, source, Fen.FromYuan(400))]));
            await NettingStore.BindAsync(connection, transaction, row, plan.Parts, policy, null, server.Clock.GetUtcNow());
        });
        Assert.Equal(Fen.FromYuan(400), (await _scene.ReadAsync(id)).Summary.Bound);
        await InTransactionAsync((connection, transaction) => NettingStore.FreeAsync(connection, transaction, row, policy, null, server.Clock.GetUtcNow()));
        (await _scene.PayInAsync(id, "抵扣-2", "1200")).OrThrow();
        Assert.Equal([RecoveryStep.Propose, RecoveryStep.Decide, RecoveryStep.Bind, RecoveryStep.Free, RecoveryStep.PayIn], (await _scene.ReadAsync(id)).Steps.Select(step => step.Step));
        await _scene.Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task Two_payments_at_once_never_net_the_same()
    {
        var (scene, paid) = await _scene.PaidAsync(1);
        var id = await _scene.DecidedAsync($"{paid[0]}");
        var (source, policy) = (await SourceAsync(scene.BudgetLine), await _scene.PolicyAsync());
        List<long> rows = [];
        for (var i = 0; i < 4; i++) rows.Add(await RowAsync((await _scene.PaidAsync(1)).Scene.BudgetLine));
        await Task.WhenAll(rows.Select(row => InTransactionAsync(async (connection, transaction) =>
        {
            foreach (var plan in await NettingStore.PlanAsync(connection, transaction, [(scene.Institution, source, Fen.FromYuan(500))]))
                await NettingStore.BindAsync(connection, transaction, row, plan.Parts, policy, null, server.Clock.GetUtcNow());
        })));
        Assert.Equal(Fen.FromYuan(1200), (await _scene.ReadAsync(id)).Summary.Bound);
        await _scene.Desk.ExpectInvariantsAsync();
    }

    private Task<int> SourceAsync(BudgetLineId line) => _scene.ValueAsync<int>("select fund_source_id from budget_line where id = @line", new { line });

    /// <summary>A transfer to bind to: that by which the budget line's vouchers were paid.</summary>
    private Task<long> RowAsync(BudgetLineId line) => _scene.ValueAsync<long>("select max(id) from payment_row where budget_line_id = @line", new { line });

    private async Task InTransactionAsync(Func<NpgsqlConnection, NpgsqlTransaction, Task> act)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await act(connection, transaction);
        await transaction.CommitAsync();
    }
}
