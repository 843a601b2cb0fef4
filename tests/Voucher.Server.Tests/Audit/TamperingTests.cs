using System.Diagnostics;
using Dapper;
using Npgsql;
using Voucher.Core;
using Voucher.Server.Accounts;
using Voucher.Server.Audit;
using Voucher.Server.Audit.Verifying;
using Voucher.Testing;

namespace Voucher.Server.Tests.Audit;

/// <summary>Hands in the database, with its triggers switched off: whatever they do to the trail is found and named.</summary>
public sealed class TamperingTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task A_sound_trail_agrees_with_its_kept_roots()
    {
        Assert.Empty(await AfterAsync("select 1"));
        Assert.Empty(await AfterAsync("select 1", withRoots: false));
    }

    [Theory]
    [InlineData("detail = 'forged'")]
    [InlineData("staff_id = (select max(id) from staff)")]
    [InlineData("origin = '10.9.9.9'")]
    [InlineData("ground = 'another ground'")]
    [InlineData("account_id = null")]
    [InlineData("at = at + interval '1 second'")]
    public async Task An_edited_row_is_named(string change)
    {
        var found = Assert.Single(await AfterAsync($"update audit_entry set {change} where number = {{middle}}", withRoots: false));
        Assert.Contains($"entry {Middle} does not fit", found);
    }

    [Fact]
    public async Task A_row_taken_out_is_named()
    {
        var found = Assert.Single(await AfterAsync("delete from audit_entry where number = {middle}", withRoots: false));
        Assert.Equal($"entry {Middle} is missing, and entry {Middle + 1} cannot be verified without it", found);
    }

    [Fact]
    public async Task Rows_cut_off_at_the_end_are_found_by_the_kept_roots_alone()
    {
        const string cut = "delete from audit_entry where number > {last} - 2";
        Assert.Empty(await AfterAsync(cut, withRoots: false));
        var found = Assert.Single(await AfterAsync(cut));
        Assert.Contains("cut off at the end", found);
        Assert.Contains($"entries {_last - 1} to {_last} are missing", found);
    }

    [Fact]
    public async Task A_row_put_in_is_named()
    {
        // At the end with a hash that was made up, and in the middle with all that follow moved up.
        var added = Assert.Single(await AfterAsync("""
            insert into audit_entry (number, at, action, subject, detail, origin, ground, hash)
            select max(number) + 1, now(), 'budget.allocate', 'budget-line:1', 'x', 'server', 'x', sha256('made up') from audit_entry
            """, withRoots: false));
        Assert.Contains($"entry {_last + 1} does not fit", added);
        var moved = await AfterAsync("""
            update audit_entry set number = number + 100000 where number >= {middle};
            insert into audit_entry (number, at, action, subject, detail, origin, ground, hash)
            values ({middle}, now(), 'budget.allocate', 'budget-line:1', 'x', 'server', 'x', sha256('made up'));
            update audit_entry set number = number - 100000 + 1 where number > 100000;
            """, withRoots: false);
        Assert.Contains($"entry {Middle} does not fit", moved[0]);
    }

    [Fact]
    public async Task Two_rows_that_changed_places_are_named()
    {
        var found = await AfterAsync("""
            update audit_entry set number = -number where number in ({middle}, {middle} + 1);
            update audit_entry set number = case when number = -{middle} then {middle} + 1 else {middle} end where number < 0;
            """, withRoots: false, "alter table audit_entry drop constraint audit_entry_number_check");
        Assert.Contains($"entry {Middle} does not fit", found[0]);
        Assert.Contains($"entry {Middle + 1} does not fit", found[1]);
    }

    [Fact]
    public async Task A_chain_written_anew_from_one_row_on_is_found_by_the_kept_roots_alone()
    {
        await SeedAsync();
        var kept = await server.Get<AuditStore>().RootsToKeepAsync(100);
        await using var connection = await server.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("set local session_replication_role = replica");
        await connection.ExecuteAsync("update audit_entry set detail = 'forged' where number = @Middle", new { Middle });
        await RewriteFromAsync(connection, Middle);
        Assert.Empty(Findings(await VerifyChains.RunAsync(connection, [])));
        var found = Assert.Single(Findings(await VerifyChains.RunAsync(connection, kept)));
        Assert.Contains("was rewritten", found);
        var (from, to) = (long.Parse(found.Split("among entries ")[1].Split(' ')[0], null), long.Parse(found.Split(" to ")[1].Split(' ')[0], null));
        Assert.InRange(Middle, from, to);
    }

    [Fact]
    public async Task The_script_s_command_needs_no_more_than_to_read_and_says_what_it_found()
    {
        await SeedAsync();
        await using var connection = await server.Database.OpenConnectionAsync();
        var (role, file) = ($"reader_{Guid.NewGuid():n}", Path.Combine(server.Home, "roots.csv"));
        await connection.ExecuteAsync($"create role {role} login password 'reads-only'; grant usage on schema public to {role}; grant select on all tables in schema public to {role}");
        var reader = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Username = role, Password = "reads-only" }.ConnectionString;
        try
        {
            await File.WriteAllTextAsync(file, KeptRoots.ToCsv(await server.Get<AuditStore>().RootsToKeepAsync(100)));
            var (exit, output) = await RunAsync(reader, "--roots", file);
            Assert.True(exit == 0, output);
            Assert.Contains("0 findings", output);
            Assert.Contains($"invariants: {Voucher.Server.Invariants.Invariant.All.Count} checked, 0 violations.", output);
            Assert.Matches(@"Covered row by row: .*claim_line_step.*\n.*Not covered: .*photos", output);

            var root = (await server.Get<AuditStore>().RootsToKeepAsync(1))[0];
            await File.WriteAllTextAsync(file, KeptRoots.ToJson([root with { Number = root.Number + 5 }]));
            (exit, output) = await RunAsync(reader, "--roots", file);
            Assert.Equal(1, exit);
            Assert.Contains("cut off at the end", output);
            await File.WriteAllTextAsync(file, KeptRoots.ToCsv([root with { County = "110101" }]));
            (exit, output) = await RunAsync(reader, "--roots", file);
            Assert.Contains("of county 110101, not of this one, 622926", output);
            await File.WriteAllTextAsync(file, KeptRoots.ToCsv([root, root with { Chain = "ledgr" }]));
            (exit, output) = await RunAsync(reader, "--roots", file);
            Assert.Equal(2, exit);
            Assert.Contains("no such chain: ledgr", output);
            await File.WriteAllTextAsync(file, "day,number\n");
            Assert.Equal(2, (await RunAsync(reader, "--roots", file)).Exit);
        }
        finally
        {
            await connection.ExecuteAsync($"drop owned by {role}; drop role {role}");
        }
    }

    private long _last;
    private long Middle => _last - 5;

    /// <summary>Entries of four days, and the numbers at which the tests cut.</summary>
    private async Task SeedAsync()
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var clerk = await connection.QuerySingleAsync<AccountId>("select id from account where login = 'clerk'");
        for (var i = 0; i < 12; i++)
            await AuditTrail.AppendAsync(connection, transaction, server.Clock.GetUtcNow().AddDays(i / 3), clerk, "test.seed", $"test:{i}", $"detail {i}", "理由");
        await transaction.CommitAsync();
        _last = await connection.ExecuteScalarAsync<long>("select max(number) from audit_entry");
    }

    /// <summary>What is found after the hand was in the database; everything is undone afterwards.</summary>
    private async Task<IReadOnlyList<string>> AfterAsync(string hand, bool withRoots = true, string before = "select 1")
    {
        await SeedAsync();
        IReadOnlyList<KeptRoot> kept = withRoots ? await server.Get<AuditStore>().RootsToKeepAsync(100) : [];
        await using var connection = await server.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(before);
        await connection.ExecuteAsync("set local session_replication_role = replica");
        await connection.ExecuteAsync(hand.Replace("{middle}", $"{Middle}").Replace("{last}", $"{_last}"));
        return Findings(await VerifyChains.RunAsync(connection, kept));
    }

    private static List<string> Findings(IReadOnlyList<ChainReport> reports) => [.. reports.SelectMany(report => report.Findings).Select(finding => finding.En)];

    private sealed record Row(
        long Number, DateTimeOffset At, AccountId? Account, StaffId? Staff, string? Origin, string Action, string Subject, string Detail, string? Ground, byte[] Hash);

    /// <summary>What a forger who knows the formula does.</summary>
    private static async Task RewriteFromAsync(NpgsqlConnection connection, long number)
    {
        var rows = (await connection.QueryAsync<Row>("""
            select number, at, account_id as account, staff_id as staff, origin, action, subject, detail, ground, hash
            from audit_entry where number >= @number - 1 order by number
            """, new { number })).ToList();
        var hash = rows[0].Hash;
        foreach (var row in rows.Skip(1))
        {
            var entry = new AuditEntry(row.Number, row.At, row.Account, row.Staff, row.Origin, row.Action, row.Subject, row.Detail, row.Ground, []);
            hash = entry.HashAfter(hash, isFirstForm: false);
            await connection.ExecuteAsync("update audit_entry set hash = @hash where number = @Number", new { hash, row.Number });
        }
    }

    private async Task<(int Exit, string Output)> RunAsync(string postgres, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[typeof(ServerComposition).Assembly.Location, "audit", "verify", .. arguments]) start.ArgumentList.Add(argument);
        start.Environment["VOUCHER_POSTGRES"] = postgres;
        start.Environment["VOUCHER_REDIS"] = "";
        start.Environment["VOUCHER_HOME"] = server.Home;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }
}
