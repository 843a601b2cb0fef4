using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Voucher.Core;
using Voucher.Server.PublicMenu;
using Voucher.Server.Tests.Policies;

namespace Voucher.Server.Tests.PublicMenu;

/// <summary>What anybody sees on a day that no pack covers, and no desk enrols.</summary>
public sealed class MenuWithoutRuleTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private const string Notice = "目前没有施行中的政策";

    [Fact]
    public async Task A_day_without_a_rule_names_no_class_and_says_why()
    {
        using var client = new HttpClient { BaseAddress = server.Address };
        var today = CountyTime.DayOf(server.Clock.GetUtcNow());
        await using (var connection = await server.Database.OpenConnectionAsync())
        {
            await connection.ExecuteAsync("""
                insert into training_class (region, institution_id, programme_id, name, site, starts_on, ends_on, capacity, status, created_by, created_at, rate_fen)
                select i.region, i.id, p.id, '编织一班', '唐汪镇', @today + 5, @today + 9, 30, 2, 1, now(), 100000
                from institution i, programme p where i.name = '巧娘手工编织合作社' and p.code = 1014
                """, new { today });
        }
        var gap = today.AddDays(3);
        await PolicyGap.OpenAsync(server, gap, gap);
        server.Clock.Advance(MenuBoards.Keep + TimeSpan.FromSeconds(1));
        Assert.Equal((true, 1), await AskAsync(client));
        Assert.DoesNotContain(Notice, await client.GetStringAsync("/menu"), StringComparison.Ordinal);

        server.Clock.MoveTo(gap, new TimeOnly(9, 0));
        Assert.Equal((false, 0), await AskAsync(client));
        var page = await client.GetStringAsync("/menu");
        Assert.Contains(Notice, page, StringComparison.Ordinal);
        Assert.DoesNotContain("开班", page, StringComparison.Ordinal);
        Assert.Contains("牛肉拉面", page, StringComparison.Ordinal);
        Assert.Contains("No policy is in force now", await client.GetStringAsync("/menu?lang=en"), StringComparison.Ordinal);

        server.Clock.MoveTo(gap.AddDays(1), new TimeOnly(9, 0));
        Assert.Equal((true, 1), await AskAsync(client));
    }

    /// <returns>Whether the county has a rule today, and the classes of the weavers.</returns>
    private static async Task<(bool HasRule, int Classes)> AskAsync(HttpClient client)
    {
        var menu = await client.GetFromJsonAsync<JsonElement>("/api/menu");
        var offers = menu.GetProperty("programmes").EnumerateArray().SelectMany(entry => entry.GetProperty("offers").EnumerateArray());
        return (menu.GetProperty("hasRule").GetBoolean(),
            offers.Sum(offer => offer.GetProperty("classes").EnumerateArray().Count(one => one.GetProperty("name").GetString() == "编织一班")));
    }
}
