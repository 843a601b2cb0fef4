using Dapper;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.Portal;

public sealed class StartPageTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task Each_role_sees_only_the_work_that_waits_for_it()
    {
        using var before = await server.OpenPortalAsync("approver");
        Assert.Contains("nothing-waits", await before.GetStringAsync("/"));

        var scene = new ScanScene(server);
        await scene.OpenClassAsync(isApproved: false);
        await scene.OpenClassAsync(institution: 2, programmeCode: 1002);
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            insert into register_import (region, file_name, file_hash, status, bad, created_by, created_at)
            values (622926, 'x.csv', '\x00', 3, 2, 1, @now)
            """, new { now = server.Clock.GetUtcNow() });

        Assert.Equal(["classes-to-approve"], await WorkOfAsync("approver"));
        Assert.Equal(["spot-checks", "imports-with-errors"], await WorkOfAsync("clerk"));
        Assert.Equal(["spot-checks"], await WorkOfAsync("reviewer"));
        Assert.Empty(await WorkOfAsync("manager"));
        Assert.Empty(await WorkOfAsync("auditor"));
    }

    private async Task<List<string>> WorkOfAsync(string login)
    {
        using var portal = await server.OpenPortalAsync(login);
        var page = await portal.GetStringAsync("/");
        return [.. page.Split("data-testid=\"work-").Skip(1).Select(rest => rest[..rest.IndexOf('"')])];
    }
}
