using System.Net;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Voucher.Core.Wire;
using Voucher.Server.Operating;
using Voucher.Server.Invariants;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.Operating;

public sealed class OperatingPageTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task The_page_shows_every_server_its_scans_and_the_last_check_of_the_invariants()
    {
        var another = await server.StartAnotherAsync();
        var scene = new ScanScene(server);
        using var terminal = await scene.PairAsync();
        var training = await scene.OpenClassAsync();
        await server.Get<Pulse>().BeatAsync(default);
        await terminal.ScanAsync(ScanMode.Enrol, training, await scene.IssueAsync());
        await server.Get<Pulse>().BeatAsync(default);
        await another.Services.GetRequiredService<Pulse>().BeatAsync(default);
        using var portal = await server.OpenPortalAsync("operator");
        var page = await portal.GetStringAsync("/operating");
        Assert.Equal(2, Occurrences(page, "data-testid=\"server\""));
        Assert.Contains("通过 <strong>1</strong>", page);
        Assert.Contains("data-testid=\"guard-answers\">1 / 0 / 0<", page);
        Assert.Contains("<polyline", page);
        Assert.Contains("从未核对", page);
        for (var tries = 0; tries < 50 && !page.Contains("没有慢语句", StringComparison.Ordinal); tries++) page = await portal.GetStringAsync("/operating");
        Assert.Contains("没有慢语句", page);

        await another.StopAsync();
        await another.DisposeAsync();
        await server.Get<InvariantChecks>().RunAsync();
        var part = await portal.GetStringAsync("/operating?handler=Standing");
        Assert.Equal(1, Occurrences(part, "data-testid=\"server\"")); // One that stopped in order is gone at once.
        Assert.DoesNotContain("从未核对", part);
        Assert.Contains("处不符", part);
        Assert.DoesNotContain("<html", part);
    }

    [Fact]
    public async Task A_statement_that_waits_is_shown_with_who_blocks_it_and_without_its_literals()
    {
        await using var holder = await server.Database.OpenConnectionAsync();
        await using var held = await holder.BeginTransactionAsync();
        await holder.ExecuteAsync("select from county for update", transaction: held);
        var pid = await holder.ExecuteScalarAsync<int>("select pg_backend_pid()", transaction: held);
        await using var waiter = await server.Database.OpenConnectionAsync();
        var waiting = waiter.ExecuteAsync("update county set name = name where name <> '马小梅 13912345678'");
        using var portal = await server.OpenPortalAsync("auditor");
        var page = "";
        for (var tries = 0; tries < 100 && !page.Contains("data-testid=\"slow\"", StringComparison.Ordinal); tries++) page = await portal.GetStringAsync("/operating");
        Assert.Contains($">{pid}</span>", page);
        Assert.Contains("update county set name = name where name &lt;&gt; &#x27;…&#x27;", page);
        Assert.DoesNotContain("13912345678", page);
        await held.RollbackAsync();
        await waiting;
    }

    [Theory]
    [InlineData("clerk")]
    [InlineData("manager")]
    public async Task Those_who_do_not_operate_see_nothing_of_it(string login)
    {
        using var portal = await server.OpenPortalAsync(login);
        using var page = await portal.GetAsync("/operating?handler=Standing");
        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
    }

    private static int Occurrences(string text, string part) => text.Split(part).Length - 1;
}
