using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Voucher.Core;
using Voucher.Core.Policies;
using Voucher.Core.Refusals;
using Voucher.Core.Wire;
using Voucher.Server.Demo;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Issuing.Printing;
using Voucher.Server.Policies;
using Voucher.Server.Terminals;
using Voucher.Server.Tests.Redeeming;
using Voucher.Server.Vouchers;
using Voucher.Testing;

namespace Voucher.Server.Tests.SeveralServers;

/// <summary>What one server knows or has made, the other knows and hands out.</summary>
public sealed class OneCountyTests(TwoServers servers) : IClassFixture<TwoServers>
{
    private readonly ScanScene _scene = servers.Scene;

    [Fact]
    public async Task A_log_in_at_one_server_is_good_at_the_other_and_a_form_of_one_may_be_posted_to_the_other()
    {
        // The page of the log-in comes from one, its form goes to the other: the proxy takes turns.
        using var portal = await servers.First.OpenPortalAsync("clerk", address: servers.Proxy.Address);
        for (var i = 0; i < 4; i++) Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/live")).StatusCode);

        using var api = await servers.First.LogInAsync("clerk", servers.Proxy.Address);
        for (var i = 0; i < 4; i++) Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/terminals")).StatusCode);
    }

    [Fact]
    public async Task A_terminals_token_of_one_server_opens_the_hub_of_the_other()
    {
        using var terminal = await _scene.PairAsync();
        using var hub = await HubSocket.OpenAsync(servers.SecondAddress, HubNames.TerminalHubPath, options =>
            options.SetRequestHeader("Authorization", terminal.Client.DefaultRequestHeaders.Authorization!.ToString()));
        var scan = terminal.NewScan(ScanMode.Enrol, await _scene.OpenClassAsync(), await _scene.IssueAsync());
        await hub.SendAsync($$"""{"type":1,"invocationId":"1","target":"{{HubNames.Scan}}","arguments":[{{JsonSerializer.Serialize(scan, JsonSerializerOptions.Web)}}]}""");
        var answer = (await hub.ReadAsync()).GetProperty("result").Deserialize<ScanAnswer>(JsonSerializerOptions.Web)!;
        Assert.True(answer.Accepted);
        Assert.Equivalent(answer, await terminal.SendAsync(scan));
    }

    [Fact]
    public async Task A_notice_reaches_the_terminals_of_both_servers_once()
    {
        using var terminal = await _scene.PairAsync();
        using var here = await ListenAsync(terminal, servers.First.Address);
        using var there = await ListenAsync(terminal, servers.SecondAddress);
        var notices = servers.First.Get<TerminalNotices>();
        await ListensAsync(there, notices);
        await notices.RevokedAsync(terminal.Id);
        foreach (var hub in new[] { here, there })
            while (await TargetAsync(hub) != HubNames.Revoked) { }

        await notices.SetupChangedAsync(new InstitutionId(1));
        await notices.RevokedAsync(terminal.Id);
        foreach (var hub in new[] { here, there })
            Assert.Equal([HubNames.SetupChanged, HubNames.Revoked], [await TargetAsync(hub), await TargetAsync(hub)]);
    }

    /// <summary>The second server may still be on its way to Redis: tells until it is heard there.</summary>
    private static async Task ListensAsync(HubSocket there, TerminalNotices notices)
    {
        var heard = TargetAsync(there);
        while (!heard.IsCompleted)
        {
            await notices.SetupChangedAsync(new InstitutionId(1));
            await Task.WhenAny(heard, Task.Delay(200));
        }
        Assert.Equal(HubNames.SetupChanged, await heard);
    }

    private static Task<HubSocket> ListenAsync(TestTerminal terminal, Uri server) => HubSocket.OpenAsync(
        server, HubNames.TerminalHubPath, options => options.SetRequestHeader("Authorization", terminal.Client.DefaultRequestHeaders.Authorization!.ToString()));

    private static async Task<string> TargetAsync(HubSocket hub) => (await hub.ReadAsync()).GetProperty("target").GetString()!;

    [Fact]
    public async Task A_phone_page_opens_at_every_server()
    {
        var voucher = await _scene.IssueAsync();
        var key = servers.First.Get<PhoneKeys>().Of(voucher.Id);
        Assert.Equal(voucher.Id, servers.OfSecond<PhoneKeys>().Read(key));
    }

    [Fact]
    public async Task A_new_policy_at_one_server_is_in_force_at_the_other_within_the_half_minute()
    {
        var today = CountyTime.DayOf(servers.First.Clock.GetUtcNow());
        servers.First.Clock.Advance(PolicyStore.KeepPacks); // So that what the second server keeps is fresh.
        var old = (await servers.OfSecond<PolicyStore>().InForceOnAsync(today))!;
        var pack = DemoPolicy.For(DemoCounty.Region) with { DocumentNo = "test", EffectiveFrom = today };
        await servers.First.Get<PolicyStore>().AddAsync(pack);
        var added = (await servers.First.Get<PolicyStore>().InForceOnAsync(today))!;

        Assert.Equal(old.Id, (await servers.OfSecond<PolicyStore>().InForceOnAsync(today))!.Id);
        // Asked for by its number, as by a batch that the first server has made, it is there at once.
        Assert.Equal("test", (await servers.OfSecond<PolicyStore>().GetAsync(added.Id)).DocumentNo);
        var later = pack with { DocumentNo = "later" };
        await servers.First.Get<PolicyStore>().AddAsync(later with { Version = 2 });
        servers.First.Clock.Advance(PolicyStore.KeepPacks);
        Assert.Equal("later", (await servers.OfSecond<PolicyStore>().InForceOnAsync(today))!.DocumentNo);
    }

    [Fact]
    public async Task A_pdf_that_one_server_has_made_is_fetched_from_both()
    {
        Requires.Chromium();
        var voucher = await _scene.IssueAsync();
        await using var connection = await servers.First.Database.OpenConnectionAsync();
        var batch = await connection.ExecuteScalarAsync<long>("select batch_id from voucher where id = @Id", new { voucher.Id });
        using var clerk = await servers.First.LogInAsync("clerk");
        using var asked = await clerk.PostAsJsonAsync($"/api/batches/{batch}/print", new { });
        Assert.True(asked.IsSuccessStatusCode, await asked.Content.ReadAsStringAsync());
        using var there = await servers.First.LogInAsync("clerk", servers.SecondAddress);
        while ((await there.GetFromJsonAsync<PrintStatusAnswer>($"/api/batches/{batch}/print"))!.Ready == 0)
            await Task.Delay(100, TestContext.Current.CancellationToken);

        var pdf = await clerk.GetByteArrayAsync($"/api/batches/{batch}/print/1.pdf");
        Assert.StartsWith("%PDF", System.Text.Encoding.ASCII.GetString(pdf, 0, 8), StringComparison.Ordinal);
        Assert.Equal(pdf, await there.GetByteArrayAsync($"/api/batches/{batch}/print/1.pdf"));
    }
}

/// <summary>Revokes the key of its own servers.</summary>
public sealed class KeysOfTwoServersTests(TwoServers servers) : IClassFixture<TwoServers>
{
    [Fact]
    public async Task A_key_revoked_at_one_server_is_refused_by_the_other_and_a_new_one_signs_only_where_it_lies()
    {
        using var terminal = await servers.PairAsync();
        var (voucher, training) = (await servers.Scene.IssueAsync(), await servers.Scene.OpenClassAsync());
        var validUntil = CountyTime.DayOf(servers.First.Clock.GetUtcNow()).AddDays(90);
        Assert.Equal(1, (await servers.OfSecond<IssuingKeys>().SigningKeyAsync(validUntil))!.Value.KeyId);
        await servers.First.Get<IssuingKeys>().RotateAsync();
        await servers.First.Get<IssuingKeys>().RevokeAsync(1);
        servers.First.Clock.Advance(TimeSpan.FromSeconds(31));

        for (var i = 0; i < 2; i++)
            Assert.Equal((int)RefusalCode.KeyRevoked, (await terminal.ScanAsync(ScanMode.Enrol, training, voucher)).Refusal);
        Assert.Null(await servers.OfSecond<IssuingKeys>().SigningKeyAsync(validUntil));
        TwoServers.CopyKeys(servers.First.Home, servers.SecondHome);
        Assert.Equal(2, (await servers.OfSecond<IssuingKeys>().SigningKeyAsync(validUntil))!.Value.KeyId);
    }
}
