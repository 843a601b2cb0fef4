using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Voucher.Core;
using Voucher.Server.PublicMenu;

namespace Voucher.Server.Tests.PublicMenu;

/// <summary>What anybody sees without a log-in.</summary>
public sealed class PublicMenuTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private const int Suonan = 622_926_100;
    private const int Daban = 622_926_101;

    private HttpClient Anybody() => new() { BaseAddress = server.Address };

    /// <summary>The menu is kept for a short while: a test that changed something looks after it.</summary>
    private void WaitOut() => server.Clock.Advance(MenuBoards.Keep + TimeSpan.FromSeconds(1));

    private static async Task<JsonElement[]> AskAsync(HttpClient client, string query) =>
        [.. (await client.GetFromJsonAsync<JsonElement>($"/api/menu?{query}")).GetProperty("programmes").EnumerateArray()];

    private static string[] NamesOf(IEnumerable<JsonElement> entries) => [.. entries.Select(entry => entry.GetProperty("name").GetString()!)];

    [Fact]
    public async Task Anybody_sees_what_may_be_learnt_where_and_whom_to_call()
    {
        using var client = Anybody();
        using var answer = await client.GetAsync("/menu");
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        foreach (var text in new[] { "牛肉拉面", "河州名厨培训学校", "0930-0000002", "达板镇", "1,500 元", "订单式培训", "刺绣工", "理论 18，实操 42", "培训机构和项目清单", "补贴依据：" }) Assert.Contains(text, page);
        Assert.DoesNotContain("Set-Cookie", answer.Headers.ToString());
        Assert.InRange(answer.Content.Headers.ContentLength ?? page.Length, 5_000, 100_000);
    }

    [Fact]
    public async Task Every_amount_says_by_which_document_version_and_clause()
    {
        using var client = Anybody();
        Assert.All(await AskAsync(client, ""), entry => Assert.Matches(@"〔\d{4}〕.+（第\d+版）", entry.GetProperty("rules")[0].GetString()));
    }

    [Fact]
    public async Task While_the_database_hangs_one_visitor_waits_and_the_others_see_what_is_known()
    {
        var boards = server.Get<MenuBoards>();
        var known = await boards.GetAsync();
        await using var connection = await server.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("lock table programme in access exclusive mode", transaction: transaction);
        WaitOut();
        var reader = boards.GetAsync();
        Assert.Same(known, await boards.GetAsync());
        Assert.False(reader.IsCompleted);
        await transaction.RollbackAsync();
        Assert.NotSame(known, await reader);
    }

    [Fact]
    public async Task The_page_says_how_long_it_may_be_kept_and_is_not_sent_again_while_it_says_the_same()
    {
        using var client = Anybody();
        using var first = await client.GetAsync($"/menu/{Suonan}");
        Assert.Equal((true, MenuBoards.Keep), (first.Headers.CacheControl!.Public, first.Headers.CacheControl.MaxAge));
        using var again = new HttpRequestMessage(HttpMethod.Get, $"/menu/{Suonan}");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var same = await client.SendAsync(again);
        Assert.Equal((HttpStatusCode.NotModified, 0), (same.StatusCode, (await same.Content.ReadAsByteArrayAsync()).Length));
        using var elsewhere = new HttpRequestMessage(HttpMethod.Get, $"/menu/{Daban}");
        elsewhere.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var other = await client.SendAsync(elsewhere);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task A_phone_that_can_unpack_gets_the_same_page_packed()
    {
        using var client = Anybody();
        var plain = await client.GetByteArrayAsync("/menu");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/menu");
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        using var packed = await client.SendAsync(request);
        Assert.Equal(["gzip"], packed.Content.Headers.ContentEncoding);
        await using var unpacked = new GZipStream(await packed.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        await unpacked.CopyToAsync(bytes);
        Assert.Equal(plain, bytes.ToArray());
    }

    [Theory]
    [InlineData("zspr", "中式烹饪")]
    [InlineData("pengren", "中式烹饪")]
    [InlineData("烹饪", "中式烹饪")]
    [InlineData("zhongzhi", "种植养殖技术")]
    [InlineData("chongzhi", "种植养殖技术")]
    [InlineData("nrlm", "牛肉拉面")]
    public async Task The_server_itself_finds_by_characters_pinyin_and_initials_so_that_no_script_is_needed(string typed, string name)
    {
        using var client = Anybody();
        Assert.Contains(name, NamesOf(await AskAsync(client, $"q={Uri.EscapeDataString(typed)}")));
        var page = await client.GetStringAsync($"/menu?q={Uri.EscapeDataString(typed)}");
        Assert.Contains($">{name}</span>", page);
        Assert.DoesNotContain(">叉车驾驶</span>", page);
    }

    [Fact]
    public async Task A_search_without_a_hit_says_what_to_do()
    {
        using var client = Anybody();
        Assert.Contains("没有找到：换个说法", await client.GetStringAsync("/menu?q=xyzxyz"));
    }

    [Fact]
    public async Task Of_a_township_what_is_taught_there_or_comes_there_stands_first_and_may_be_all()
    {
        using var client = Anybody();
        var entries = await AskAsync(client, $"township={Daban}");
        var near = entries.TakeWhile(entry => entry.GetProperty("isNear").GetBoolean()).ToList();
        Assert.DoesNotContain(entries.Skip(near.Count), entry => entry.GetProperty("isNear").GetBoolean());
        Assert.Contains("装载机挖掘机操作", NamesOf(near));
        Assert.Contains("种植养殖技术", NamesOf(near)); // Mobile: it comes to them.
        Assert.DoesNotContain("手工编织", NamesOf(near));
        var noodles = entries.Single(entry => entry.GetProperty("code").GetInt32() == 1002);
        Assert.Equal("河州名厨培训学校", noodles.GetProperty("offers")[0].GetProperty("institution").GetString());
        Assert.Equal(NamesOf(near), NamesOf(await AskAsync(client, $"township={Daban}&near=1")));
        Assert.Contains("本乡镇", await client.GetStringAsync($"/menu/{Daban}"));
    }

    [Fact]
    public async Task Trade_and_kind_narrow_the_menu()
    {
        using var client = Anybody();
        Assert.All(await AskAsync(client, "trade=2"), entry => Assert.Equal("建筑机械", entry.GetProperty("trade").GetString()));
        var ordered = Assert.Single(await AskAsync(client, "kind=OrderBased"));
        Assert.Equal(("手工编织", "刺绣工", 40), (
            ordered.GetProperty("name").GetString(), ordered.GetProperty("order").GetProperty("post").GetString(), ordered.GetProperty("order").GetProperty("size").GetInt32()));
    }

    [Theory]
    [InlineData("township=1", "township")]
    [InlineData("township=x", "township")]
    [InlineData("trade=1000", "trade")]
    [InlineData("kind=7", "kind")]
    [InlineData("q=%00", "q")]
    public async Task A_question_that_makes_no_sense_names_the_field_and_is_no_fault(string query, string field)
    {
        using var client = Anybody();
        using var answer = await client.GetAsync($"/api/menu?{query}");
        Assert.Equal([field], await Problem.FieldsAsync(answer));
        using var page = await client.GetAsync($"/menu?{query}");
        Assert.Equal(field == "township" ? HttpStatusCode.NotFound : HttpStatusCode.BadRequest, page.StatusCode);
    }

    [Fact]
    public async Task A_search_has_at_most_40_characters()
    {
        using var client = Anybody();
        Assert.Empty(await AskAsync(client, $"q={new string('x', MenuQuestion.LongestSearch)}"));
        using var beyond = await client.GetAsync($"/api/menu?q={new string('x', MenuQuestion.LongestSearch + 1)}");
        Assert.Equal(["q"], await Problem.FieldsAsync(beyond));
    }

    [Fact]
    public async Task An_institution_that_is_suspended_and_a_programme_that_is_closed_are_gone_from_the_menu_within_its_time()
    {
        using var client = Anybody();
        WaitOut();
        Assert.Contains("叉车驾驶", NamesOf(await AskAsync(client, "")));
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("update institution set is_suspended = true where name = '那勒寺养殖示范基地'; update programme set is_open = false where code = 1007");
        WaitOut();
        var entries = await AskAsync(client, "");
        await connection.ExecuteAsync("update institution set is_suspended = false; update programme set is_open = true where code = 1007");
        WaitOut();
        Assert.DoesNotContain("叉车驾驶", NamesOf(entries));
        Assert.DoesNotContain("那勒寺养殖示范基地", entries.SelectMany(entry => entry.GetProperty("offers").EnumerateArray()).Select(offer => offer.GetProperty("institution").GetString()));
    }

    [Fact]
    public async Task The_next_classes_stand_with_their_first_day_and_the_places_that_are_left()
    {
        using var client = Anybody();
        var today = CountyTime.DayOf(server.Clock.GetUtcNow());
        await using var connection = await server.Database.OpenConnectionAsync();
        // Approved and yet to come, full, over, and not approved.
        (string Name, int Days, int Enrolled, short Status)[] classes = [("缝纫一班", 5, 12, 2), ("缝纫二班", 6, 30, 2), ("缝纫旧班", -40, 0, 2), ("缝纫未审班", 7, 0, 1)];
        await connection.ExecuteAsync("""
            insert into training_class (
                region, institution_id, programme_id, name, site, starts_on, ends_on, capacity, status, created_by, created_at, rate_fen, enrolled)
            select i.region, i.id, p.id, @Name, '唐汪镇', @starts, @starts + 9, 30, @Status, 1, now(), case when @Status = 2 then 100000 end, @Enrolled
            from institution i, programme p where i.name = '巧娘手工编织合作社' and p.code = 1014
            """, classes.Select(one => new { one.Name, starts = today.AddDays(one.Days), one.Status, one.Enrolled }));
        WaitOut();
        var offer = (await AskAsync(client, "q=sgbz")).Single(entry => entry.GetProperty("code").GetInt32() == 1014).GetProperty("offers").EnumerateArray().Single(offer => offer.GetProperty("institution").GetString() == "巧娘手工编织合作社");
        Assert.Equal(
            [("缝纫一班", 18), ("缝纫二班", 0)],
            offer.GetProperty("classes").EnumerateArray().Select(one => (one.GetProperty("name").GetString()!, one.GetProperty("free").GetInt32())));
        var page = await client.GetStringAsync("/menu?q=sgbz");
        Assert.Contains($"{CountyTime.Show(today.AddDays(5))} 开班，还有 18 个名额", page);
        Assert.Contains($"{CountyTime.Show(today.AddDays(6))} 开班，已满", page);
    }

    [Fact]
    public async Task A_class_is_on_the_menu_while_a_desk_would_enrol_for_it()
    {
        using var client = Anybody();
        var today = CountyTime.DayOf(server.Clock.GetUtcNow());
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            insert into programme (region, code, name, trade_code, theory_hours, practice_hours, subsidy_fen) values (622926, 2901, '每日半日班', 1, 2, 2, 100000);
            insert into institution_programme (institution_id, programme_id) select min(i.id), p.id from institution i, programme p where p.code = 2901 group by p.id
            """);
        // One half day each: those of the days before are over. Of the longer ones, one enrols still, one no more, one not yet.
        (string Name, int From, int To)[] classes =
            [("前三天", -3, -3), ("前两天", -2, -2), ("昨天", -1, -1), ("今天", 0, 0), ("正在办", -3, 5), ("报到已止", -4, 5), ("明天", 1, 1), ("还没开始报到", 31, 40)];
        await connection.ExecuteAsync("""
            insert into training_class (region, institution_id, programme_id, name, site, starts_on, ends_on, capacity, status, created_by, created_at, rate_fen)
            select p.region, m.institution_id, p.id, @Name, '锁南镇', @starts, @ends, 30, 2, 1, now(), 100000
            from programme p join institution_programme m on m.programme_id = p.id where p.code = 2901
            """, classes.Select(one => new { one.Name, starts = today.AddDays(one.From), ends = today.AddDays(one.To) }));
        WaitOut();
        async Task<string[]> ShownAsync() =>
            NamesOf((await AskAsync(client, "")).Single(entry => entry.GetProperty("code").GetInt32() == 2901).GetProperty("offers")[0].GetProperty("classes").EnumerateArray());
        var shown = await ShownAsync();
        await connection.ExecuteAsync("update training_class set status = 1, rate_fen = null where name in ('今天', '明天')");
        WaitOut();
        var fewer = await ShownAsync();
        await connection.ExecuteAsync("update programme set is_open = false where code = 2901");
        WaitOut();
        Assert.Equal(["正在办", "今天", "明天"], shown);
        Assert.Equal(["正在办"], fewer);
    }

    [Fact]
    public async Task The_menu_speaks_English_when_asked_and_the_address_alone_decides()
    {
        using var client = Anybody();
        client.DefaultRequestHeaders.Add("Cookie", "language=c%3Den%7Cuic%3Den");
        Assert.Contains("培训项目菜单", await client.GetStringAsync("/menu"));
        var english = await client.GetStringAsync("/menu?lang=en");
        Assert.Contains("Training menu", english);
        Assert.Contains("lang=\"en\"", english);
        Assert.Contains("培训机构和项目清单", english); // What is printed is for the village.
    }

    [Fact]
    public async Task A_county_with_very_many_programmes_still_gets_a_small_page_that_leads_to_all()
    {
        using var client = Anybody();
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            with added as (
                insert into programme (region, code, name, trade_code, theory_hours, practice_hours, subsidy_fen)
                select 622926, 3000 + n, '很多项目之' || n, 1, 30, 70, 100000 from generate_series(1, 60) n returning id)
            insert into institution_programme (institution_id, programme_id)
            select i.id, a.id from added a, (select id from institution order by id limit 4) i
            """);
        WaitOut();
        var page = await client.GetByteArrayAsync("/menu?trade=1");
        var all = await AskAsync(client, "trade=1");
        await connection.ExecuteAsync("update programme set is_open = false where code > 3000");
        WaitOut();
        Assert.True(all.Length >= 60);
        Assert.InRange(page.Length, 20_000, 100_000);
        Assert.Contains($"下面是前 {MenuView.MostEntries} 个", System.Text.Encoding.UTF8.GetString(page));
    }
}
