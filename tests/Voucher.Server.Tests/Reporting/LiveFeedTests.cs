using System.Net;
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

        var mark = await PublishAsync(institution: 1);
        var last = await PublishAsync(institution: 2);

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
        var last = await PublishAsync(institution: 1);

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

    private async Task<string> PublishAsync(int institution)
    {
        var mark = $"event {Guid.NewGuid()}";
        await server.Get<LiveFeed>().PublishAsync(new LiveEvent(
            LiveEventKind.Scan, server.Clock.GetUtcNow(), new Words("事件", mark), new InstitutionId(institution)));
        return mark;
    }
}

/// <summary>Two servers of one county.</summary>
public sealed class LiveFeedOfTwoServersTests(ServerUnderTest one, LiveFeedOfTwoServersTests.Other other)
    : IClassFixture<ServerUnderTest>, IClassFixture<LiveFeedOfTwoServersTests.Other>
{
    public sealed class Other : IAsyncLifetime
    {
        public ServerUnderTest Server { get; } = new();
        public ValueTask InitializeAsync() => Server.InitializeAsync();
        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }

    [Fact]
    public async Task Redis_carries_events_to_the_other_server_and_losing_it_leaves_each_its_own()
    {
        await using var here = await LivePage.OpenAsync(one, "clerk");
        await using var there = await LivePage.OpenAsync(other.Server, "clerk");
        var first = await PublishAsync(one);
        Assert.Equal(1, (await here.HearUntilAsync(first)).Count(heard => heard.WhatEn == first));
        Assert.Equal(1, (await there.HearUntilAsync(first)).Count(heard => heard.WhatEn == first));

        one.Get<RedisLink>().Dispose();
        var second = await PublishAsync(one);
        var third = await PublishAsync(other.Server);
        Assert.DoesNotContain(await here.HearUntilAsync(second), heard => heard.WhatEn == first);
        Assert.DoesNotContain(await there.HearUntilAsync(third), heard => heard.WhatEn == second);
    }

    private static async Task<string> PublishAsync(ServerUnderTest server)
    {
        var mark = $"event {Guid.NewGuid()}";
        await server.Get<LiveFeed>().PublishAsync(new LiveEvent(LiveEventKind.BatchProgress, server.Clock.GetUtcNow(), new Words("事件", mark)));
        return mark;
    }
}
