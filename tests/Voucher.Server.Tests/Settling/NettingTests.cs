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
        var row = await RowAsync(scene.BudgetLine);
        var policy = await _scene.PolicyAsync();
        await InTransactionAsync(async (connection, transaction) =>
        {
            var plan = Assert.Single(await NettingStore.PlanAsync(
                connection, transaction, [(scene.Institution, scene.BudgetLine, Fen.FromYuan(1000)), (other.Institution, other.BudgetLine, Fen.FromYuan(1000))]));
            Assert.Equal((scene.BudgetLine, Fen.FromYuan(1000)), (plan.Line, plan.Total));
            Assert.Equal([(first, Fen.FromYuan(300)), (second, Fen.FromYuan(700))], plan.Parts.Select(part => (part.Recovery, part.Amount)));
            await NettingStore.BindAsync(connection, transaction, row, plan.Parts, policy, null, server.Clock.GetUtcNow());
        });
        await _scene.Desk.ExpectInvariantsAsync();
        Desk.ExpectRefusal(RefusalCode.PayInExceeds, await _scene.PayInAsync(first, "抵扣-1", "1")); // It is bound.
        await InTransactionAsync(async (connection, transaction) => // A second payment finds only what is left.
            Assert.Equal(Fen.FromYuan(200), Assert.Single(await NettingStore.PlanAsync(connection, transaction, [(scene.Institution, scene.BudgetLine, Fen.FromYuan(1000))])).Total));
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
        var (row, policy) = (await RowAsync(scene.BudgetLine), await _scene.PolicyAsync());
        await InTransactionAsync(async (connection, transaction) =>
        {
            var plan = Assert.Single(await NettingStore.PlanAsync(connection, transaction, [(scene.Institution, scene.BudgetLine, Fen.FromYuan(400))]));
            await NettingStore.BindAsync(connection, transaction, row, plan.Parts, policy, null, server.Clock.GetUtcNow());
        });
        Assert.Equal(Fen.FromYuan(400), (await _scene.ReadAsync(id)).Summary.Bound);
        await InTransactionAsync((connection, transaction) => NettingStore.FreeAsync(connection, transaction, row, policy, null, server.Clock.GetUtcNow()));
        (await _scene.PayInAsync(id, "抵扣-2", "1200")).OrThrow();
        Assert.Equal([RecoveryStep.Propose, RecoveryStep.Decide, RecoveryStep.Bind, RecoveryStep.Free, RecoveryStep.PayIn], (await _scene.ReadAsync(id)).Steps.Select(step => step.Step));
        await _scene.Desk.ExpectInvariantsAsync();
    }

    [Theory]
    [InlineData("update budget_line set year = year + 1 where id = @line")]
    [InlineData("insert into fund_purpose (region, fund_source_id, budget_line_id, scope) select region, fund_source_id, id, 7 from budget_line where id = @line")]
    public async Task Money_of_another_year_or_purpose_is_not_netted_though_the_source_is_the_same(string elsewhere)
    {
        var (scene, paid) = await _scene.PaidAsync(1);
        await _scene.DecidedAsync($"{paid[0]}");
        await using var connection = await server.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync(); // Never committed.
        var line = await connection.QuerySingleAsync<BudgetLineId>("""
            insert into budget_line (region, fund_source_id, year, department, name)
            select region, fund_source_id, year, department, name || '二' from budget_line where id = @BudgetLine returning id
            """, new { scene.BudgetLine }, transaction);
        var plan = Assert.Single(await NettingStore.PlanAsync(connection, transaction, [(scene.Institution, line, Fen.FromYuan(500))]));
        Assert.Equal(scene.BudgetLine, Assert.Single(plan.Parts).Line); // Another line of the same pot.
        await connection.ExecuteAsync("set local session_replication_role = replica; " + elsewhere, new { line }, transaction);
        Assert.Empty(await NettingStore.PlanAsync(connection, transaction, [(scene.Institution, line, Fen.FromYuan(500))]));
    }

    [Fact]
    public async Task What_is_netted_and_paid_in_names_its_vouchers_to_the_fen()
    {
        var (scene, paid) = await _scene.PaidAsync(2);
        var id = await _scene.DecidedAsync($"{paid[0]} 300.01\n{paid[1]} 200");
        (await _scene.PayInAsync(id, "抵扣-3", "100")).OrThrow();
        var (row, policy) = (await RowAsync(scene.BudgetLine), await _scene.PolicyAsync());
        await InTransactionAsync(async (connection, transaction) =>
        {
            var plan = Assert.Single(await NettingStore.PlanAsync(connection, transaction, [(scene.Institution, scene.BudgetLine, Fen.FromYuan(250))]));
            await NettingStore.BindAsync(connection, transaction, row, plan.Parts, policy, null, server.Clock.GetUtcNow());
            await NettingStore.PostAsync(connection, transaction, row, policy, null, server.Clock.GetUtcNow());
        });
        Assert.Equal((0m, 150.01m), (await OwedAsync(paid[0]), await OwedAsync(paid[1])));
        (await _scene.PayInAsync(id, "抵扣-4", "150.01")).OrThrow();
        Assert.Equal((0m, 0m), (await OwedAsync(paid[0]), await OwedAsync(paid[1])));
        await _scene.Desk.ExpectInvariantsAsync();
    }

    /// <summary>What the books say that is owed back for the voucher, in yuan.</summary>
    private async Task<decimal> OwedAsync(VoucherId voucher) => await _scene.ValueAsync<long>(
        "select coalesce(sum(amount_fen), 0)::bigint from ledger_voucher where voucher_id = @voucher and account_kind = 6", new { voucher }) / 100m;

    [Fact]
    public async Task Two_payments_at_once_never_net_the_same()
    {
        var (scene, paid) = await _scene.PaidAsync(1);
        var id = await _scene.DecidedAsync($"{paid[0]}");
        var policy = await _scene.PolicyAsync();
        List<long> rows = [];
        for (var i = 0; i < 4; i++) rows.Add(await RowAsync((await _scene.PaidAsync(1)).Scene.BudgetLine));
        await Task.WhenAll(rows.Select(row => InTransactionAsync(async (connection, transaction) =>
        {
            foreach (var plan in await NettingStore.PlanAsync(connection, transaction, [(scene.Institution, scene.BudgetLine, Fen.FromYuan(500))]))
                await NettingStore.BindAsync(connection, transaction, row, plan.Parts, policy, null, server.Clock.GetUtcNow());
        })));
        Assert.Equal(Fen.FromYuan(1200), (await _scene.ReadAsync(id)).Summary.Bound);
        await _scene.Desk.ExpectInvariantsAsync();
    }

    /// <summary>A transfer to bind to. Its payment was given up, so that the checks ask nothing of it: here the recoveries are looked at.</summary>
    private Task<long> RowAsync(BudgetLineId line) => _scene.ValueAsync<long>("""
        with known as (select * from payment_row where budget_line_id = @line order by id desc limit 1),
        given as (
            insert into payment (region, status, created_by, created_by_staff, created_at, round_by_staff, total_fen, fund_source_id,
                                 cancelled_by, cancelled_by_staff, cancelled_at, cancel_reason)
            select p.region, 5, p.created_by, p.created_by_staff, p.created_at, p.round_by_staff, k.gross_fen, p.fund_source_id, p.created_by, p.created_by_staff, p.created_at, '测试'
            from known k join payment p on p.id = k.payment_id returning id)
        insert into payment_row (payment_id, number, institution_id, budget_line_id, payee_account_id, payee_name, payee_bank, payee_account_sealed, payee_account_masked,
                                 vouchers, gross_fen, amount_fen)
        select g.id, 1, k.institution_id, k.budget_line_id, k.payee_account_id, k.payee_name, k.payee_bank, k.payee_account_sealed, k.payee_account_masked, k.vouchers, k.gross_fen, k.gross_fen
        from known k, given g returning id
        """, new { line });

    private async Task InTransactionAsync(Func<NpgsqlConnection, NpgsqlTransaction, Task> act)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await act(connection, transaction);
        await transaction.CommitAsync();
    }
}
