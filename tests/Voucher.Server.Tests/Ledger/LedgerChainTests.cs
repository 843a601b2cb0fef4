using Dapper;
using Npgsql;
using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Server.Demo;
using Voucher.Server.Ledger;
using Voucher.Server.Tests.Settling;

namespace Voucher.Server.Tests.Ledger;

/// <summary>The chain over what is posted: made by the database, computed again by the program, and not to be got round.</summary>
public sealed class LedgerChainTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly Desk _desk = new(server);

    /// <summary>{t}: the transaction that approved the claim.</summary>
    public static TheoryData<string, string> Edits => new()
    {
        { "update ledger_transaction set rule = rule || '.' where id = {t}", "ledger_transaction {t}" },
        { "update ledger_transaction set posted_at = posted_at + interval '1 microsecond' where id = {t}", "ledger_transaction {t}" },
        { "update ledger_transaction set staff_id = (select max(id) from staff) where id = {t}", "ledger_transaction {t}" },
        { "update ledger_transaction set account_id = null where id = {t}", "ledger_transaction {t}" },
        { "update ledger_transaction set cause = 'claim:9999' where id = {t}", "ledger_transaction {t}" },
        { "update ledger_transaction set subject_id = subject_id + 1 where id = {t}", "ledger_transaction {t}" },
        { "update ledger_transaction set document_no = 'x' where id = {t}", "ledger_transaction {t}" },
        { "update ledger_posting set amount_fen = amount_fen * 2 where transaction_id = {t}", "ledger_transaction {t}" },
        { "delete from ledger_posting where transaction_id = {t}", "ledger_transaction {t}" },
        { "update ledger_voucher_move set amount_fen = amount_fen + 1 where transaction_id = {t}", "ledger_transaction {t}" },
        { "delete from ledger_voucher_move where transaction_id = {t}", "ledger_transaction {t}" },
        { "insert into ledger_voucher_move select * from ledger_voucher_move where transaction_id = {t}", "ledger_transaction {t}" },
        { "delete from ledger_transaction where id = {t}", "ledger_transaction {t}" },
        { "delete from ledger_chain where transaction_id = {t}", "ledger_transaction {t}" },
        { "delete from ledger_chain where number = {n} - 1", "ledger_chain {n-1}" },
        { "update ledger_chain set hash = sha256('x') where transaction_id = {t}", "ledger_transaction {t}" },
        { "insert into ledger_transaction (posted_at, kind, cause, rule) values (now(), 1, 'allocate:1:put in', 'x')", "ledger_transaction {new}" },
    };

    [Theory]
    [MemberData(nameof(Edits))]
    public async Task The_first_that_was_edited_taken_out_or_put_in_is_named(string edit, string subject)
    {
        var claim = await ApprovedAsync();
        await using var connection = await server.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync(); // Never committed.
        await connection.ExecuteAsync("set local session_replication_role = replica");
        Assert.Empty(await LedgerChain.CheckAsync(connection, 10));
        var (id, number) = await connection.QuerySingleAsync<(long, long)>(
            "select t.id, c.number from ledger_transaction t join ledger_chain c on c.transaction_id = t.id where t.cause = @cause", new { cause = $"claim:{claim}" });
        await connection.ExecuteAsync(edit.Replace("{t}", Desk.Text(id)).Replace("{n}", Desk.Text(number)));
        var put = await connection.ExecuteScalarAsync<long>("select max(id) from ledger_transaction");
        var first = (await LedgerChain.CheckAsync(connection, 10))[0];
        Assert.Equal(LedgerChain.Number, first.Number);
        Assert.Equal(subject.Replace("{t}", Desk.Text(id)).Replace("{n-1}", Desk.Text(number - 1)).Replace("{new}", Desk.Text(put)), first.Subject);
    }

    [Fact]
    public async Task What_is_sealed_gains_no_posting_and_no_voucher_and_what_does_not_balance_is_not_committed()
    {
        var claim = await ApprovedAsync();
        await ExpectAsync("restrict", $"insert into ledger_posting select id, (select max(id) from ledger_account), 1 from ledger_transaction where cause = 'claim:{claim}'");
        await ExpectAsync("restrict", $"insert into ledger_voucher_move select m.* from ledger_voucher_move m join ledger_transaction t on t.id = m.transaction_id where t.cause = 'claim:{claim}'");
        await ExpectAsync("restrict", """
            with t as (insert into ledger_transaction (posted_at, kind, cause, rule) values (now(), 1, 'allocate:1:one-sided', 'x') returning id)
            insert into ledger_posting select t.id, a.id, 1 from t, (select min(id) as id from ledger_account where kind = 2) a;
            """);
    }

    [Fact]
    public async Task A_posting_moves_its_balance_and_nobody_overdraws_past_the_ledger()
    {
        var scene = await SettledScene.BuildAsync(server);
        await ExpectAsync("check", $"""
            with t as (insert into ledger_transaction (posted_at, kind, cause, rule) values (now(), 2, 'test:overdraw', 'x') returning id)
            insert into ledger_posting select t.id, a.id, -a.balance_fen - 1 from t, ledger_account a where a.kind = 2 and a.budget_line_id = {scene.BudgetLine.Value};
            """);
        Assert.Equal(Fen.FromYuan(1_000_000), (await scene.BalancesAsync())[LedgerAccountKind.Unreserved]);
    }

    [Fact]
    public async Task Many_that_post_at_once_and_twice_each_come_into_one_chain_without_gaps_or_waiting_in_a_circle()
    {
        var scenes = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => SettledScene.BuildAsync(server)));
        await Task.WhenAll(Enumerable.Range(0, 24).Select(async turn =>
        {
            await using var connection = await server.Get<NpgsqlDataSource>().OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            foreach (var part in new[] { "a", "b" })
            {
                LedgerMove[] moves = [new(scenes[turn % 2].BudgetLine, LedgerAccountKind.Allocated, LedgerAccountKind.Unreserved, Fen.FromYuan(1))];
                Assert.Null(await LedgerBook.PostAsync(
                    connection, transaction, LedgerTransactionKind.Allocate, $"allocate:{scenes[turn % 2].BudgetLine}:{turn}{part}",
                    DemoPolicy.For(DemoCounty.Region).RuleOf(Core.Policies.Clause.Funds), moves, null, server.Clock.GetUtcNow()));
            }
            await transaction.CommitAsync();
        }));
        await using var reading = await server.Database.OpenConnectionAsync();
        Assert.Empty(await LedgerChain.CheckAsync(reading, 10));
        Assert.True(await reading.ExecuteScalarAsync<bool>("select count(*) = max(number) from ledger_chain"));
    }

    [Fact]
    public async Task A_transaction_says_what_it_is_about_without_its_cause_being_read()
    {
        var claim = await ApprovedAsync();
        await using var connection = await server.Database.OpenConnectionAsync();
        Assert.Equal(1, await connection.ExecuteScalarAsync<int>(
            "select count(*)::int from ledger_transaction where kind = 4 and subject_kind = @kind and subject_id = @claim",
            new { kind = (short)LedgerSubjectKind.Claim, claim }));
    }

    private async Task<ClaimId> ApprovedAsync()
    {
        var scene = await SettledScene.BuildAsync(server);
        return await _desk.ApprovedClaimAsync(await scene.CompletedVouchersAsync(1));
    }

    private async Task ExpectAsync(string what, string sql)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        var fault = await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync(sql));
        Assert.Equal(what == "check" ? PostgresErrorCodes.CheckViolation : PostgresErrorCodes.RestrictViolation, fault.SqlState);
    }
}
