using Dapper;
using Voucher.Server.Invariants;

namespace Voucher.Server.Tests.Database;

/// <summary>What becomes of a ledger from before transactions named their vouchers.</summary>
public sealed class LedgerMigrationTests
{
    private const int Vouchers = 20_000;

    /// <summary>Of a county with data: the migration has the time of an ordinary statement here, and needs a small part of it.</summary>
    [Fact]
    public async Task Vouchers_are_named_where_they_can_be_told_and_what_cannot_be_is_written_down_and_accuses_nobody()
    {
        await using var schema = await SchemaAsOf.BeforeAsync("0035_ledger.sql");
        await SeedAsync(schema);
        await schema.RunAsync("0035_ledger.sql");

        Assert.Equal(2 * Vouchers, await CountAsync(schema, "ledger_voucher_move"));
        Assert.Equal(Vouchers * 100_000L, await schema.Connection.ExecuteScalarAsync<long>("select sum(amount_fen) from ledger_voucher_move where to_kind = 4"));
        Assert.Equal(["claim:21", "expire:20002"], await schema.Connection.QueryAsync<string>(
            "select t.cause from ledger_untold u join ledger_transaction t on t.id = u.transaction_id order by 1"));
        Assert.Equal(23, await CountAsync(schema, "ledger_chain"));

        var check = Invariant.All.Single(invariant => invariant.Number == "3.31").Sql;
        Assert.Empty(await schema.Connection.QueryAsync(check));
        // What could be told is held to it as anything posted since.
        await schema.Connection.ExecuteAsync("""
            set session_replication_role = replica;
            delete from ledger_voucher_move where voucher_id = 7;
            insert into ledger_transaction (posted_at, kind, cause, rule, subject_kind, subject_id) values (now(), 4, 'claim:22', 'x', 4, 22);
            insert into ledger_posting select id, 4, 500 from ledger_transaction where cause = 'claim:22';
            insert into ledger_posting select id, 3, -500 from ledger_transaction where cause = 'claim:22';
            reset session_replication_role;
            """);
        var accused = (await schema.Connection.QueryAsync<(string Subject, string Finding)>(check)).Select(row => row.Subject).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(await schema.Connection.QueryAsync<string>("select 'ledger_transaction ' || id from ledger_transaction where cause in ('claim:1', 'claim:22') order by 1"), accused);
    }

    /// <summary>
    /// Twenty approved claims of a thousand lines, 1,000 yuan of a face value of 1,200 each; one claim that was posted otherwise than its line
    /// says; vouchers that expired and were replaced since; an allocation.
    /// </summary>
    private static Task SeedAsync(SchemaAsOf schema) => schema.Connection.ExecuteAsync("""
        set session_replication_role = replica;
        insert into county (region, name) values (622926, '东乡县');
        insert into fund_source (region, name, document_no) values (622926, '来源', '来〔2026〕1号');
        insert into budget_line (region, fund_source_id, year, department, name) values (622926, 1, 2026, '县人社局', '项目');
        insert into ledger_account (budget_line_id, kind) select 1, kind from generate_series(1, 6) kind;
        insert into voucher (id, batch_id, person_id, kind, scope, face_value_fen, budget_line_id, valid_from, valid_until, state, is_reserved, replaced_by, short_code, token)
        select n, 1, n, 1, 0, 120000, 1, '2026-01-01', '2026-01-31', case when n > 20001 then 7 else 4 end, false, case when n > 20001 then 1 end, n, decode(repeat('00', 83), 'hex')
        from generate_series(1, 20002) n;
        insert into claim_line (claim_id, voucher_id, budget_line_id, face_value_fen, rate_fen, amount_fen, evidence, state, verdict, reviewed_by, reviewed_by_staff)
        select 1 + (n - 1) / 1000, n, 1, 120000, 100000, 100000, '{}', 3, 1, 1, 1 from generate_series(1, 20001) n;
        insert into ledger_transaction (posted_at, kind, cause, rule)
        select timestamptz '2026-02-10', 4, 'claim:' || n, '004 第三条' from generate_series(1, 21) n
        union all select '2026-02-11', 3, 'expire:20002', '004 第三条'
        union all select '2026-01-01', 1, 'allocate:1:文号', '004 第三条';
        insert into ledger_posting (transaction_id, ledger_account_id, amount_fen)
        select t.id, a.account, case when t.cause = 'claim:21' then a.fen / 4000 else a.fen end
        from ledger_transaction t cross join (values (3, -120000000), (4, 100000000), (2, 20000000)) a (account, fen) where t.kind = 4
        union all
        select t.id, a.account, a.fen from ledger_transaction t cross join (values (3, -120000), (2, 120000)) a (account, fen) where t.kind = 3
        union all
        select t.id, a.account, a.fen from ledger_transaction t cross join (values (1, -5000), (2, 5000)) a (account, fen) where t.kind = 1;
        reset session_replication_role;
        analyze;
        """);

    private static Task<int> CountAsync(SchemaAsOf schema, string table) => schema.Connection.ExecuteScalarAsync<int>($"select count(*)::int from {table}");
}
