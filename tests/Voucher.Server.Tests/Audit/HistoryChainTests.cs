using Dapper;
using Voucher.Core;
using Voucher.Server.Audit.Verifying;
using Voucher.Server.Classes.Certificates;
using Voucher.Server.Tests.Settling;

namespace Voucher.Server.Tests.Audit;

/// <summary>Steps of settlement that were edited, taken out or put in past the triggers are found by <c>audit verify</c>, and named.</summary>
public sealed class HistoryChainTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly Desk _desk = new(server);

    /// <summary>What the hand does, and what is found of it. {l}: a claim line that was reviewed, called and approved, {r}: a recovery.</summary>
    public static TheoryData<string, string> Hands => new()
    {
        { "update claim_line_step set done_by_staff = done_by_staff + 1 where claim_line_id = {l}", "claim_line_step {l},1 was edited" },
        { "update claim_line_step set reason = 'x' where claim_line_id = {l}", "claim_line_step {l},1 was edited" },
        { "update claim_line_step set done_at = done_at + interval '1 microsecond' where claim_line_id = {l}", "claim_line_step {l},1 was edited" },
        { "delete from claim_line_step where claim_line_id = {l}", "claim_line_step {l},1 is missing" },
        { "insert into claim_line_step select claim_line_id, 2, 7, null, null, null, done_by, done_by_staff, done_at from claim_line_step where claim_line_id = {l}", "claim_line_step {l},2 is in no link" },
        { "update phone_attempt set result = 3 where claim_line_id = {l}", "phone_attempt {l},1 was edited" },
        { "delete from phone_attempt where claim_line_id = {l}", "phone_attempt {l},1 is missing" },
        { "update certificate set number = 'JY-9' where enrolment_id = (select d.enrolment_id from completion d join claim_line l on l.voucher_id = d.voucher_id where l.id = {l})", "certificate" },
        { "update recovery_step set reason = 'x' where recovery_id = {r} and number = 1", "recovery_step {r},1 was edited" },
        { "update claim_approval set approved_by_staff = approved_by_staff + 1 where claim_id = (select claim_id from claim_line where id = {l})", "claim_approval" },
        { "delete from history_chain where number = 2", "entry 2 is missing, and entry 3 cannot be verified" },
        { "update history_chain set key = 'x' where number = 2", "the hash of entry 2 does not fit" },
    };

    [Theory]
    [MemberData(nameof(Hands))]
    public async Task A_step_that_was_touched_is_named(string hand, string said)
    {
        var (line, recovery) = await SceneAsync();
        string With(string text) => text.Replace("{l}", $"{line}", StringComparison.Ordinal).Replace("{r}", $"{recovery}", StringComparison.Ordinal);
        await using var connection = await server.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync(); // Never committed.
        await connection.ExecuteAsync("set local session_replication_role = replica");
        Assert.Empty(await FoundAsync(connection));
        Assert.NotEqual(0, await connection.ExecuteAsync(With(hand)));
        Assert.Contains(await FoundAsync(connection), finding => finding.Contains(With(said), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_table_that_seals_its_rows_is_verified_and_the_zone_of_a_session_changes_nothing()
    {
        await SceneAsync();
        await using var connection = await server.Database.OpenConnectionAsync();
        var sealing = await connection.QueryAsync<string>(
            "select t.tgrelid::regclass::text from pg_trigger t join pg_proc p on p.oid = t.tgfoid where p.proname = 'seal_history'");
        Assert.Equal(HistoryChain.Tables.Order(), sealing.Order());
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("set local timezone = 'America/New_York'; set local bytea_output = 'escape'");
        Assert.Empty(await FoundAsync(connection));
    }

    [Fact]
    public async Task The_program_itself_may_not_write_a_link()
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        Assert.Equal(
            (false, false, false, false),
            await connection.QuerySingleAsync<(bool, bool, bool, bool)>("""
                select has_table_privilege('voucher_app', 'history_chain', 'insert'), has_table_privilege('voucher_app', 'history_chain', 'update'),
                       has_table_privilege('voucher_app', 'history_chain', 'delete'), has_function_privilege('voucher_app', 'seal_row(text, text, jsonb)', 'execute')
                """));
    }

    private static async Task<List<string>> FoundAsync(Npgsql.NpgsqlConnection connection) =>
        [.. (await VerifyChains.RunAsync(connection, [])).Single(report => report.Chain.Key == "history").Findings.Select(finding => finding.En)];

    private async Task<(long Line, long Recovery)> SceneAsync()
    {
        var scene = await SettledScene.BuildAsync(server);
        var vouchers = await scene.CompletedVouchersAsync(1);
        (await server.Get<IssueCertificates>().RunAsync(scene.Class, null, await _desk.WhoAsync("manager"))).OrThrow();
        var claim = await _desk.ApprovedClaimAsync(vouchers);
        var recovering = new RecoveryScene(server);
        var recovery = await recovering.DecidedAsync($"{(await recovering.PaidAsync(1)).Paid[0]} 400");
        return ((await _desk.ReadAsync(claim)).Lines[0].Id, recovery.Value);
    }
}
