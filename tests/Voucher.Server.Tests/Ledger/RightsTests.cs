using Dapper;
using Npgsql;
using Voucher.Server.Database;

namespace Voucher.Server.Tests.Ledger;

/// <summary>With the rights of the program, history can be read and added to, and nothing else: by right, before any trigger is asked.</summary>
public sealed class RightsTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private NpgsqlDataSource Program => server.Get<NpgsqlDataSource>();

    [Fact]
    public async Task The_server_works_as_the_program_also_when_a_session_comes_back_from_the_pool()
    {
        for (var i = 0; i < 3; i++)
        {
            await using var connection = await Program.OpenConnectionAsync();
            Assert.Equal(OwnerDatabase.Role, await connection.ExecuteScalarAsync<string>("select current_user"));
        }
        await using var owner = await server.Database.OpenConnectionAsync();
        Assert.NotEqual(OwnerDatabase.Role, await owner.ExecuteScalarAsync<string>("select current_user"));
    }

    [Theory]
    [InlineData("set role none")]
    [InlineData("reset role")]
    [InlineData("set session authorization default")]
    [InlineData("reset all")]
    public async Task A_session_that_gives_the_role_back_has_gained_nothing(string sql)
    {
        foreach (var deed in new[]
        {
            "update ledger_posting set amount_fen = amount_fen", "delete from audit_entry", "truncate ledger_chain", "drop trigger append_only on audit_entry",
            "update ledger_account set balance_fen = balance_fen + 1", "alter table ledger_posting disable trigger all", "set session_replication_role = replica",
            "create role mine login", "insert into migration (name, hash, run_at) values ('0099_mine.sql', 'x', now())",
        })
            await ExpectRefusedAsync($"{sql}; {deed}");
    }

    [Fact]
    public async Task Health_says_when_the_server_comes_as_the_owner()
    {
        await using (var program = await Program.OpenConnectionAsync()) Assert.False(await ServerLogIn.HasTooMuchAsync(program));
        await using var owner = new NpgsqlConnection(OwnerDatabase.AsProgram(server.ConnectionString));
        await owner.OpenAsync();
        Assert.Equal(OwnerDatabase.Role, await owner.ExecuteScalarAsync<string>("select current_user"));
        Assert.True(await ServerLogIn.HasTooMuchAsync(owner));
    }

    [Fact]
    public async Task The_owner_makes_the_servers_log_in_once_with_its_password_or_says_who_must()
    {
        await using var superuser = await server.Database.OpenConnectionAsync();
        var (mine, owner) = ($"server_{Guid.NewGuid():N}", $"owner_{Guid.NewGuid():N}");
        await superuser.ExecuteAsync($"create role {owner} login");
        try
        {
            Assert.Contains("as a superuser", await AdmitAsync(mine, owner), StringComparison.Ordinal);
            Assert.Null(await AdmitAsync(mine, owner: null));
            Assert.Null(await AdmitAsync(mine, owner: null));
            await using (var connection = new NpgsqlConnection(OwnerDatabase.AsProgram(As(mine))))
            {
                await connection.OpenAsync();
                Assert.False(await ServerLogIn.HasTooMuchAsync(connection));
            }
            // What PostgreSQL makes of the same password with the same salt.
            var kept = await superuser.ExecuteScalarAsync<string>($"select rolpassword from pg_authid where rolname = '{mine}'");
            Assert.Equal(kept, ScramVerifier.Of("geheim-3", Convert.FromBase64String(kept!.Split('$', ':')[2])));
            await superuser.ExecuteAsync($"set password_encryption = 'scram-sha-256'; alter role {mine} password 'geheim-3'");
            kept = await superuser.ExecuteScalarAsync<string>($"select rolpassword from pg_authid where rolname = '{mine}'");
            Assert.Equal(kept, ScramVerifier.Of("geheim-3", Convert.FromBase64String(kept!.Split('$', ':')[2])));
        }
        finally
        {
            await superuser.ExecuteAsync($"drop role if exists {mine}; drop role {owner}");
        }
    }

    private string As(string user) => new NpgsqlConnectionStringBuilder(server.ConnectionString) { Username = user, Password = "geheim-3", Pooling = false }.ConnectionString;

    private async Task<string?> AdmitAsync(string user, string? owner)
    {
        var settings = server.Get<ServerSettings>() with { Postgres = As(user), OwnerPostgres = owner is null ? server.ConnectionString : As(owner) };
        await using var database = new OwnerDatabase(settings);
        return await new ServerLogIn(database, settings).AdmitAsync();
    }

    [Fact]
    public async Task No_history_can_be_changed_deleted_or_emptied_whichever_table_it_is()
    {
        await using var owner = await server.Database.OpenConnectionAsync();
        var histories = (await owner.QueryAsync<string>("""
            select t.tgrelid::regclass::text from pg_trigger t join pg_proc p on p.oid = t.tgfoid
            where p.proname = 'refuse_change' and t.tgname = 'append_only' order by 1
            """)).ToList();
        Assert.Superset(new HashSet<string>(["ledger_transaction", "ledger_posting", "ledger_voucher_move", "ledger_chain", "balance_snapshot", "voucher_event", "audit_entry"]), histories.ToHashSet());
        foreach (var table in histories)
        {
            var column = await owner.ExecuteScalarAsync<string>(
                "select attname from pg_attribute where attrelid = @table::regclass and attnum > 0 and not attisdropped and attidentity = '' order by attnum limit 1", new { table });
            await ExpectRefusedAsync($"update {table} set {column} = {column}");
            await ExpectRefusedAsync($"delete from {table}");
            await ExpectRefusedAsync($"truncate {table} cascade");
        }
    }

    [Theory]
    [InlineData("insert into migration (name, hash, run_at) values ('0099_mine.sql', 'x', now())")]
    [InlineData("update ledger_account set balance_fen = balance_fen + 1")]
    [InlineData("insert into ledger_account (budget_line_id, kind, balance_fen) values (1, 7, 5)")]
    [InlineData("insert into ledger_chain (number, transaction_id, hash) select max(number) + 1, 1, decode(repeat('00', 32), 'hex') from ledger_chain")]
    [InlineData("select chain_ledger_transaction(1)")]
    [InlineData("delete from month_closing")]
    [InlineData("alter table ledger_posting disable trigger all")]
    [InlineData("drop trigger append_only on audit_entry")]
    [InlineData("set session_replication_role = replica")]
    public Task What_keeps_the_books_sound_is_not_the_programs_to_change(string sql) => ExpectRefusedAsync(sql);

    [Fact]
    public async Task A_log_in_that_may_not_take_the_role_and_a_role_that_is_not_there_are_told_in_words()
    {
        var stranger = $"stranger_{Guid.NewGuid():N}";
        await using var owner = await server.Database.OpenConnectionAsync();
        await owner.ExecuteAsync($"create role {stranger} login");
        try
        {
            Assert.Contains("grant voucher_app", Said(await RefusedAsync(stranger, OwnerDatabase.Role)), StringComparison.Ordinal);
            Assert.Contains("has no role voucher_app", Said(await RefusedAsync(null, "voucher_app_nobody")), StringComparison.Ordinal);
        }
        finally
        {
            await owner.ExecuteAsync($"drop role {stranger}");
        }
    }

    private static string Said(PostgresException fault) => OwnerDatabase.Explain(fault) ?? $"{fault.SqlState}: {fault.MessageText}";

    private async Task<PostgresException> RefusedAsync(string? user, string role)
    {
        var text = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false, Options = $"-c role={role}" };
        if (user is not null) text.Username = user;
        await using var connection = new NpgsqlConnection(text.ConnectionString);
        return await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync());
    }

    private async Task ExpectRefusedAsync(string sql)
    {
        await using var connection = await Program.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var fault = await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync(sql, transaction: transaction));
        Assert.True(fault.SqlState == PostgresErrorCodes.InsufficientPrivilege, $"{sql}: {fault.SqlState} {fault.MessageText}");
    }
}
