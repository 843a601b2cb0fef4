using System.Net;
using System.Net.Http.Json;
using Dapper;
using Npgsql;
using Voucher.Server.Accounts;
using Voucher.Server.Audit;
using Voucher.Server.Audit.Verifying;

namespace Voucher.Server.Tests.Audit;

public sealed class AuditTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task A_changed_entry_and_a_missing_one_are_named()
    {
        for (var i = 0; i < 5; i++) await AppendAsync("test.chain", $"detail {i}");
        using var auditor = await server.LogInAsync("auditor");
        var whole = await CheckAsync(auditor);
        Assert.Null(whole.BrokenAt);
        Assert.True(whole.WholeUpTo >= 5);

        // A hand in psql is refused by the trigger; one that switches it off is found by the chain.
        await using var connection = await server.Database.OpenConnectionAsync();
        await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("update audit_entry set detail = 'x' where number = 3"));
        await connection.ExecuteAsync("set session_replication_role = replica");
        var kept = await connection.QuerySingleAsync<string>("select detail from audit_entry where number = 3");
        await connection.ExecuteAsync("update audit_entry set detail = 'forged' where number = 3");
        Assert.Equal(new AuditStore.Check(2, 3), await CheckAsync(auditor));
        using var portal = await server.OpenPortalAsync("approver");
        Assert.Contains("审计链在第 3 条处断开", await portal.GetStringAsync("/audit"));

        await connection.ExecuteAsync("update audit_entry set detail = @kept where number = 3", new { kept });
        Assert.Null((await CheckAsync(auditor)).BrokenAt);
        await connection.ExecuteAsync("delete from audit_entry where number = 4");
        Assert.Equal(new AuditStore.Check(3, 5), await CheckAsync(auditor));
    }

    [Fact]
    public async Task Entries_are_paged_and_filtered_and_show_who_acted()
    {
        for (var i = 0; i < 3; i++) await AppendAsync("test.paging", $"<b>{i}</b>");
        using var auditor = await server.LogInAsync("auditor");
        var first = await ReadAsync(auditor, "action=test.paging&most=2");
        Assert.Equal(["<b>2</b>", "<b>1</b>"], first.Select(entry => entry.Detail));
        Assert.Equal("马经办", first[0].Who);
        Assert.Equal("<b>0</b>", Assert.Single(await ReadAsync(auditor, $"action=test.paging&before={first[^1].Number}")).Detail);
        var tomorrow = Core.CountyTime.DayOf(server.Clock.GetUtcNow()).AddDays(1);
        Assert.Empty(await ReadAsync(auditor, $"action=test.paging&from={tomorrow:yyyy-MM-dd}"));
        Assert.Equal(3, (await ReadAsync(auditor, $"action=test.paging&until={tomorrow:yyyy-MM-dd}")).Length);

        using var portal = await server.OpenPortalAsync("auditor");
        var page = await portal.GetStringAsync("/audit?what=test.paging");
        Assert.Contains("&lt;b&gt;0&lt;/b&gt;", page);
        Assert.DoesNotContain("<b>0</b>", page);
    }

    [Fact]
    public async Task The_days_root_is_the_hash_of_its_last_entry_and_can_be_taken_away()
    {
        await AppendAsync("test.root", "");
        using var auditor = await server.LogInAsync("auditor");
        var last = (await ReadAsync(auditor, "most=1"))[0];
        var roots = await auditor.GetFromJsonAsync<AuditEndpoints.DayRoot[]>("/api/audit/roots");
        Assert.Equal((last.Number, last.Hash), (roots![0].Number, roots[0].Hash));
        Assert.Equal(("622926", "audit"), (roots[0].County, roots[0].Chain));
        // That the roots were taken is the next entry.
        var taken = (await ReadAsync(auditor, "most=1"))[0];
        Assert.Equal((last.Number + 1, "audit.roots"), (taken.Number, taken.Action));
        using var portal = await server.OpenPortalAsync("auditor");
        Assert.Contains($",{taken.Number},{taken.Hash}", await portal.GetStringAsync("/audit?handler=Roots"));
        var json = KeptRoots.Read(await portal.GetStringAsync("/audit?handler=Roots&json=true"));
        Assert.Equal(taken.Number + 1, json[0].Number);
    }

    [Fact]
    public async Task An_entry_says_which_person_from_where_and_on_what_ground()
    {
        await AppendAsync("test.where", "");
        using var auditor = await server.LogInAsync("auditor");
        Assert.Equal("server", Assert.Single(await ReadAsync(auditor, "action=test.where")).Origin);
        using var portal = await server.OpenPortalAsync("approver");
        using var roots = await portal.GetAsync("/audit?handler=Roots");
        var taken = (await ReadAsync(auditor, "action=audit.roots"))[0];
        Assert.Equal(("127.0.0.1", "杨审批"), (taken.Origin, taken.Who));

        var desk = new Settling.Desk(server);
        var scene = await Settling.SettledScene.BuildAsync(server);
        var claim = await desk.ApprovedClaimAsync(await scene.CompletedVouchersAsync(1));
        Assert.Contains("第1版", Assert.Single(await ReadAsync(auditor, "action=claim.approve"), entry => entry.Subject == $"claim:{claim}").Ground);
        await using var connection = await server.Database.OpenConnectionAsync();
        Assert.Equal(1, await connection.ExecuteScalarAsync<long>(
            "select count(*) from audit_entry e join account a on a.id = e.account_id and a.staff_id = e.staff_id where e.action = 'claim.approve' and e.subject = @subject", new { subject = $"claim:{claim}" }));
    }

    [Fact]
    public async Task Only_auditor_and_approver_read_it()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var answer = await clerk.GetAsync("/api/audit");
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private async Task AppendAsync(string action, string detail)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var clerk = await connection.QuerySingleAsync<Core.AccountId>("select id from account where login = 'clerk'", transaction: transaction);
        await AuditTrail.AppendAsync(connection, transaction, server.Clock.GetUtcNow(), clerk, action, "test:1", detail, "试");
        await transaction.CommitAsync();
    }

    private static async Task<AuditStore.Check> CheckAsync(HttpClient client) => (await client.GetFromJsonAsync<AuditStore.Check>("/api/audit/check"))!;

    private static async Task<AuditEndpoints.Entry[]> ReadAsync(HttpClient client, string query) =>
        (await client.GetFromJsonAsync<AuditEndpoints.Entry[]>($"/api/audit?{query}"))!;
}
