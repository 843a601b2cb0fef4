using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Http;
using Voucher.Core;
using Voucher.Core.Planning;
using Voucher.Core.Vouchers;
using Voucher.Core.Refusals;
using Voucher.Server.Accounts;
using Voucher.Server.Fraud;
using Voucher.Server.Issuing;
using Voucher.Server.Planning;
using Voucher.Server.Planning.Breakdown;
using Voucher.Server.PublicMenu;
using Voucher.Server.Register.Places;
using Voucher.Server.Tests.Issuing;
using Voucher.Server.Tests.Settling;

namespace Voucher.Server.Tests.Register;

/// <summary>A township whose code has ended is chosen and named nowhere any more; what was bound to it says so.</summary>
public sealed class EndedTownshipTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private static int _township = 622_926_800;
    private static int _plan;

    /// <summary>A township of each name, the first of which has ended and is followed by the second.</summary>
    private async Task<(int Ended, int Next, string Stem)> EndedAsync(string oldName = "{0}乡", string nextName = "{0}镇", bool villages = false)
    {
        var (ended, next) = (Interlocked.Increment(ref _township), Interlocked.Increment(ref _township));
        var stem = $"换{ended}";
        var change = server.Get<ChangePlace>();
        var clerk = await ClerkAsync();
        string Named(string name) => name.Replace("{0}", stem, StringComparison.Ordinal);
        (await change.AddAsync(new($"{ended}", Named(oldName), new(2016, 1, 1)), clerk)).OrThrow();
        (await change.AddAsync(new($"{next}", Named(nextName), new(2016, 1, 1)), clerk)).OrThrow();
        if (villages)
        {
            (await change.AddAsync(new($"{ended}201", "一村", new(2016, 1, 1)), clerk)).OrThrow();
            (await change.AddAsync(new($"{next}201", "一村", new(2016, 1, 1)), clerk)).OrThrow();
            (await change.EndAsync(new($"{ended}201", new(2024, 12, 31), $"{next}201"), clerk)).OrThrow();
        }
        (await change.EndAsync(new($"{ended}", new(2024, 12, 31), $"{next}"), clerk)).OrThrow();
        return (ended, next, stem);
    }

    private Task<Actor> ClerkAsync() => SettledScene.ActorAsync(server, "clerk");

    // Plans

    private async Task<(PlanId Plan, TargetId Whole)> DraftAsync(int people)
    {
        var year = CountyTime.DayOf(server.Clock.GetUtcNow()).Year;
        var plan = (await server.Get<DraftPlan>().RunAsync(await ClerkAsync(), $"测撤〔2026〕{Interlocked.Increment(ref _plan)}号", "撤并计划", year, year, people)).OrThrow();
        return (plan, (await server.Get<PlanStore>().TreeAsync(plan)).Whole.Id);
    }

    private async Task<Outcome<Nothing>> DivideAsync(PlanId plan, TargetId target, params (int Township, string People)[] rows) =>
        await server.Get<SaveTargets>().RunAsync(
            await ClerkAsync(), plan, target, TargetSplit.Township, null, [.. rows.Select(row => new TargetRow($"{row.Township}", row.People))]);

    private async Task<int?> TownshipOfSheetAsync(string label)
    {
        var (plan, whole) = await DraftAsync(30);
        var import = server.Get<ImportBreakdown>();
        var content = Encoding.UTF8.GetBytes($"乡镇,人数\r\n{label},30\r\n");
        var sheet = (await import.StartAsync(await ClerkAsync(), plan, whole, new FormFile(new MemoryStream(content), 0, content.Length, "file", "分解表.csv"), default)).OrThrow();
        (await import.AdoptAsync(await ClerkAsync(), sheet)).OrThrow();
        var tree = await server.Get<PlanStore>().TreeAsync(plan);
        return Assert.Single(tree.Parts(tree.Whole, TargetSplit.Township)).Township;
    }

    [Fact]
    public async Task A_breakdown_that_gives_only_the_stem_means_the_township_in_force()
    {
        var (_, next, stem) = await EndedAsync();
        Assert.Equal(next, await TownshipOfSheetAsync(stem));
        Assert.Equal(next, await TownshipOfSheetAsync($"{stem}乡"));
    }

    [Fact]
    public async Task A_breakdown_means_the_township_that_bears_the_name_now_and_not_the_dead_code()
    {
        var (_, next, stem) = await EndedAsync();
        (await server.Get<ChangePlace>().RenameAsync($"{next}", $"{stem}乡", await ClerkAsync())).OrThrow();
        Assert.Equal(next, await TownshipOfSheetAsync($"{stem}乡"));
    }

    [Fact]
    public async Task A_target_of_a_township_that_ended_later_says_so_names_what_follows_and_is_no_laggard()
    {
        var (change, clerk) = (server.Get<ChangePlace>(), await ClerkAsync());
        var (old, between, last) = (Interlocked.Increment(ref _township), Interlocked.Increment(ref _township), Interlocked.Increment(ref _township));
        foreach (var code in new[] { old, between, last }) (await change.AddAsync(new($"{code}", $"并{code}乡", new(2016, 1, 1)), clerk)).OrThrow();
        var (plan, whole) = await DraftAsync(100);
        (await DivideAsync(plan, whole, (old, "60"), (last, "40"))).OrThrow();
        (await server.Get<ApprovePlan>().RunAsync(await SettledScene.ActorAsync(server, "approver"), plan)).OrThrow();
        (await change.EndAsync(new($"{old}", new(2024, 12, 31), $"{between}"), clerk)).OrThrow();
        (await change.EndAsync(new($"{between}", new(2024, 12, 31), $"{last}"), clerk)).OrThrow();

        var view = (await server.Get<PlanProgress>().ReadAsync(plan, null))!;
        Assert.Equal([last], view.Laggards.Select(laggard => laggard.Target.Township!.Value));
        Assert.Contains(Assert.Single(view.Parts).Lines, line => line.Target.Township == old && line.Name.Zh == $"并{old}乡（已撤销，居民已转入并{last}乡）");
        using var portal = await server.OpenPortalAsync("clerk");
        var page = WebUtility.HtmlDecode(await portal.GetStringAsync($"/planning/{plan}"));
        Assert.Contains("data-testid=\"ended-townships\"", page, StringComparison.Ordinal);
        Assert.Contains($"并{old}乡 → 并{last}乡", page, StringComparison.Ordinal);
        var cookies = new CookieContainer();
        cookies.Add(server.Address, new Cookie("language", "c%3Den%7Cuic%3Den"));
        using var english = await server.OpenPortalAsync("clerk", cookies);
        Assert.Contains($"并{old}乡 (ended, its people now belong to 并{last}乡)", WebUtility.HtmlDecode(await english.GetStringAsync($"/planning/{plan}")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revision_may_keep_the_target_of_an_ended_township_but_no_draft_gets_a_new_one()
    {
        var (change, clerk) = (server.Get<ChangePlace>(), await ClerkAsync());
        var (old, next) = (Interlocked.Increment(ref _township), Interlocked.Increment(ref _township));
        foreach (var code in new[] { old, next }) (await change.AddAsync(new($"{code}", $"留{code}乡", new(2016, 1, 1)), clerk)).OrThrow();
        var (plan, whole) = await DraftAsync(100);
        (await DivideAsync(plan, whole, (old, "60"), (next, "40"))).OrThrow();
        (await change.EndAsync(new($"{old}", new(2024, 12, 31), $"{next}"), clerk)).OrThrow();
        (await DivideAsync(plan, whole, (old, "50"), (next, "50"))).OrThrow();
        using (var portal = await server.OpenPortalAsync("clerk"))
            Assert.Contains($"留{old}乡（已撤销，居民已转入留{next}乡）", WebUtility.HtmlDecode(await portal.GetStringAsync($"/planning/{plan}/edit/{whole}?by=Township")), StringComparison.Ordinal);
        using (var portal = await server.OpenPortalAsync("clerk"))
        {
            // What is a draft already is not to be revised, and what was given up not at all.
            var page = WebUtility.HtmlDecode(await portal.GetStringAsync($"/planning/{plan}"));
            Assert.Contains("；请把任务并入接替的乡镇", page, StringComparison.Ordinal);
            await using var connection = await server.Database.OpenConnectionAsync();
            await connection.ExecuteAsync("update plan set status = 4 where id = @plan", new { plan });
            Assert.DoesNotContain("ended-townships", await portal.GetStringAsync($"/planning/{plan}"), StringComparison.Ordinal);
        }
        var (other, its) = await DraftAsync(10);
        Desk.ExpectBadField("rows[0].key", await DivideAsync(other, its, (old, "10")));
        using var clerks = await server.OpenPortalAsync("clerk");
        Assert.DoesNotContain($"留{old}乡", WebUtility.HtmlDecode(await clerks.GetStringAsync($"/planning/{other}/edit/{its}?by=Township")), StringComparison.Ordinal);
    }

    // The public menu

    [Theory]
    [InlineData("{0}乡", "{0}镇")]
    [InlineData("{0}乡", "合{0}镇")]
    public async Task An_address_that_names_the_old_township_lies_in_the_one_that_follows_it(string oldName, string nextName)
    {
        var (ended, next, stem) = await EndedAsync(oldName, nextName);
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("update institution set address = @address where name = '河州名厨培训学校'", new { address = $"{stem}乡街道12号" });
        server.Clock.Advance(MenuBoards.Keep + TimeSpan.FromSeconds(1));
        using var anybody = new HttpClient { BaseAddress = server.Address };
        var page = await anybody.GetStringAsync($"/menu/{next}");
        Assert.Contains("本乡镇", page, StringComparison.Ordinal);
        Assert.DoesNotContain($"value=\"{ended}\"", page, StringComparison.Ordinal);
        var offers = (await anybody.GetFromJsonAsync<JsonElement>($"/api/menu?township={next}&near=1")).GetProperty("programmes").EnumerateArray()
            .SelectMany(entry => entry.GetProperty("offers").EnumerateArray()).Where(offer => offer.GetProperty("institution").GetString() == "河州名厨培训学校").ToList();
        Assert.All(offers, offer => Assert.Equal(next, offer.GetProperty("township").GetInt32()));
        Assert.NotEmpty(offers);
        // The old address still hangs in the villages.
        Assert.Equal(page, await anybody.GetStringAsync($"/menu/{ended}"));
    }

    // Batches and baits

    [Fact]
    public async Task No_batch_is_for_a_township_or_village_that_has_ended()
    {
        var (ended, next, stem) = await EndedAsync(villages: true);
        using (var portal = await server.OpenPortalAsync("clerk"))
        {
            var page = WebUtility.HtmlDecode(await portal.GetStringAsync("/issuing/new"));
            Assert.Contains($"{stem}镇", page, StringComparison.Ordinal);
            Assert.DoesNotContain($"{stem}乡", page, StringComparison.Ordinal);
        }
        var nobody = new PeopleRequest(null, null, null, null, null);
        var draft = server.Get<DraftBatch>();
        Desk.ExpectBadField("people.townships", await draft.PreviewAsync(TestPeople.Request(0) with { People = nobody with { Townships = [next, ended] } }));
        Desk.ExpectBadField("people.villages", await draft.RunAsync(TestPeople.Request(0) with { People = nobody with { Villages = [ended * 1000L + 201] } }, await ClerkAsync()));
    }

    [Fact]
    public async Task A_bait_does_not_live_in_a_township_that_has_ended()
    {
        var (ended, _, _) = await EndedAsync();
        var errors = Assert.IsType<Outcome<VoucherId>.BadInput>(await server.Get<IssueBait>().RunAsync(new(null, "马小梅", ended), await ClerkAsync())).Errors;
        Assert.Contains("township", errors.Select(error => error.Field));
    }
}
