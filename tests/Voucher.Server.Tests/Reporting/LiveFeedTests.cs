using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Voucher.Core;
using Voucher.Core.Wire;
using Voucher.Server.Redis;
using Voucher.Server.Reporting;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.Reporting;

/// <summary>Of the demo log-ins, <c>manager</c> and <c>desk</c> belong to institution 1, <c>manager2</c> to institution 2.</summary>
public sealed class LiveFeedTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task An_event_reaches_the_county_and_its_own_institution_once_and_no_other()
    {
        await using var county = await LivePage.OpenAsync(server, "clerk");
        await using var own = await LivePage.OpenAsync(server, "desk");
        await using var foreign = await LivePage.OpenAsync(server, "manager2");

        var mark = await LivePage.PublishAsync(server.Services, new InstitutionId(1));
        var last = await LivePage.PublishAsync(server.Services, new InstitutionId(2));

        Assert.Equal([mark, last], (await county.HearUntilAsync(last)).Select(heard => heard.WhatEn).Where(sentence => sentence == mark || sentence == last));
        Assert.Equal(1, (await own.HearUntilAsync(mark)).Count(heard => heard.WhatEn == mark));
        Assert.DoesNotContain(mark, (await foreign.HearUntilAsync(last)).Select(heard => heard.WhatEn));
    }

    [Fact]
    public async Task A_scan_is_heard_with_its_verdict_and_masked_name()
    {
        var scene = new ScanScene(server);
        using var terminal = await scene.PairAsync();
        var (voucher, training) = (await scene.IssueAsync(), await scene.OpenClassAsync());
        await using var county = await LivePage.OpenAsync(server, "auditor");

        var answer = await terminal.ScanAsync(ScanMode.Enrol, training, voucher);
        var last = await LivePage.PublishAsync(server.Services, new InstitutionId(1));

        var heard = Assert.Single(await county.HearUntilAsync(last), heard => heard.VoucherNumber == voucher.Id.ToString());
        Assert.Equal(("Scan", true, answer.Reason.Zh, "马*梅"), (heard.Kind, heard.Accepted, heard.WhatZh, heard.Holder));
        using var portal = await server.OpenPortalAsync("desk");
        Assert.Contains(voucher.Id.ToString(), await portal.GetStringAsync("/live"));
        using var foreign = await server.OpenPortalAsync("manager2");
        Assert.DoesNotContain(voucher.Id.ToString(), await foreign.GetStringAsync("/live"));
    }

    [Fact]
    public async Task Nobody_listens_without_logging_in()
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = server.Address };
        using var answer = await client.PostAsync($"{LiveHub.Path}/negotiate?negotiateVersion=1", null);
        Assert.NotEqual(HttpStatusCode.OK, answer.StatusCode);
    }
}

/// <summary>Two servers of one county, over one database and one Redis; a log-in of one is good at the other.</summary>
public sealed class LiveFeedOfTwoServersTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task Redis_carries_events_to_the_other_server_and_losing_it_leaves_each_its_own()
    {
        await using var other = await server.StartAnotherAsync();
        await using var here = await LivePage.OpenAsync(server, "clerk");
        await using var there = await LivePage.OpenAsync(server, "clerk", ServerUnderTest.AddressOf(other));
        await here.ListensToAsync(server.Services);
        await there.ListensToAsync(server.Services);
        var listened = await LivePage.PublishAsync(server.Services);
        foreach (var page in new[] { here, there }) await page.HearUntilAsync(listened);
        var first = await LivePage.PublishAsync(server.Services);
        Assert.Equal([first], (await here.HearUntilAsync(first)).Select(heard => heard.WhatEn));
        Assert.Equal([first], (await there.HearUntilAsync(first)).Select(heard => heard.WhatEn));

        server.Get<RedisLink>().Dispose();
        var second = await LivePage.PublishAsync(server.Services);
        var third = await LivePage.PublishAsync(other.Services);
        Assert.Equal([second], (await here.HearUntilAsync(second)).Select(heard => heard.WhatEn));
        Assert.Equal([third], (await there.HearUntilAsync(third)).Select(heard => heard.WhatEn));
        await other.StopAsync();
    }
}
