using System.Net;
using System.Net.Http.Headers;
using Dapper;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Server.Classes.Certificates;
using Voucher.Server.Settling.Reviewing;
using Voucher.Server.Supervising;

namespace Voucher.Server.Tests.Settling;

/// <summary>The pages of review, photos of spot checks, and the holidays.</summary>
public sealed class ReviewPageTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private readonly Desk _desk = new(server);

    [Fact]
    public async Task The_file_of_a_line_is_for_the_county_and_an_institution_sees_what_is_asked_of_it()
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = (await _desk.ClaimAsync(await scene.CompletedVouchersAsync(1))).OrThrow();
        var line = (await _desk.ReadAsync(claim)).Lines[0].Id;
        (await _desk.StepAsync(claim, line, LineStepKind.Returned, "成绩不全", "补录实作成绩")).OrThrow();
        using var reviewer = await server.OpenPortalAsync("reviewer");
        var file = await reviewer.GetStringAsync($"/settling/claims/{claim}/lines/{line}");
        Assert.Contains("data-testid=\"line-step\"", file, StringComparison.Ordinal);
        Assert.Contains("补录实作成绩", file, StringComparison.Ordinal);
        Assert.Contains("data-testid=\"deadline\"", await reviewer.GetStringAsync("/settling/review"), StringComparison.Ordinal);
        using var manager = await server.OpenPortalAsync("manager");
        var page = await manager.GetStringAsync($"/settling/claims/{claim}");
        Assert.Contains("补录实作成绩", page, StringComparison.Ordinal);
        Assert.Contains("data-testid=\"line-hand-in\"", page, StringComparison.Ordinal);
        foreach (var path in new[] { $"/settling/claims/{claim}/lines/{line}", $"/settling/claims/{claim}/calls" })
        {
            using var refused = await manager.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        }
        using var other = await server.OpenPortalAsync("manager2");
        Assert.DoesNotContain($"/settling/claims/{claim}\"", await other.GetStringAsync("/settling/review"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beside_a_line_stand_its_scans_roster_photos_certificate_practice_share_marks_and_matches()
    {
        var scene = await SettledScene.BuildAsync(server);
        var vouchers = await scene.CompletedVouchersAsync(1);
        Assert.Equal(1, (await server.Get<IssueCertificates>().RunAsync(scene.Class, null, await _desk.WhoAsync("manager"))).OrThrow());
        var number = Assert.Single(await server.Get<CertificateStore>().RosterAsync(scene.Class)).Number!;
        var check = Assert.Single(await server.Get<SpotCheckStore>().ListAsync(scene.Class)).Id;
        (await server.Get<AddPhoto>().RunAsync(await _desk.WhoAsync("clerk"), scene.Class, check, Png)).OrThrow();
        await using (var connection = await server.Database.OpenConnectionAsync())
        {
            await connection.ExecuteAsync("""
                insert into hold (region, voucher_id, reason, opened_at, due_at, scan_id, terminal_id, evidence, alarmed_at, released_at)
                select region, @voucher, 2, now(), now(), gen_random_uuid(), (select min(id) from terminal), '[]', now(), now() from county
                """, new { voucher = vouchers[0] });
        }
        var claim = (await _desk.ClaimAsync(vouchers)).OrThrow();
        using var reviewer = await server.OpenPortalAsync("reviewer");
        var path = $"/settling/claims/{claim}/lines/{(await _desk.ReadAsync(claim)).Lines[0].Id}";
        var page = WebUtility.HtmlDecode(await reviewer.GetStringAsync(path));
        Assert.Matches($"data-testid=\"line-certificate\"[^\n]*{number}", page);
        Assert.DoesNotContain("data-testid=\"no-certificate\"", page, StringComparison.Ordinal);
        Assert.Contains("排课 50%", page, StringComparison.Ordinal);
        Assert.Contains("规定 70%", page, StringComparison.Ordinal);
        Assert.Matches("data-testid=\"frozen-mark\">[^<]*50%/50%", page);
        Assert.Contains($"href=\"/classes/{scene.Class}\"", page, StringComparison.Ordinal);
        Assert.Contains($"/spot-checks/{check}?handler=Photo&number=1", page, StringComparison.Ordinal);
        Assert.Contains("已放行", page, StringComparison.Ordinal);
        Assert.Matches("<td>终端[0-9]+", page);

        // A certificate that was made void is still seen, and is none.
        await using (var connection = await server.Database.OpenConnectionAsync())
        {
            await connection.ExecuteAsync("""
                update certificate set voided_by = recorded_by, voided_by_staff = recorded_by_staff, voided_at = now(), void_reason = '编号有误' where number = @number
                """, new { number });
        }
        page = await reviewer.GetStringAsync(path);
        Assert.Contains("编号有误", page, StringComparison.Ordinal);
        Assert.Contains("data-testid=\"no-certificate\"", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("节假日.json", """{"year":2032,"notice":"试","days":[{"kind":"off","from":"2032-10-01","until":"2032-10-07","name":"国庆节"},{"kind":"work","from":"2032-10-09"}]}""")]
    [InlineData("节假日.csv", "休或班,起日,止日,名称,文号\n休,2033-10-01,2033-10-07,国庆节,试\n班,2033-10-08,,,\n")]
    public async Task A_year_of_holidays_is_imported_from_a_file(string name, string content)
    {
        using var clerk = await server.OpenPortalAsync("clerk");
        using var answer = await clerk.PostAsync("/settling/holidays?handler=Import", await FileAsync(clerk, name, content));
        Assert.DoesNotContain("data-testid=\"holiday-faults\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var days = await server.Get<HolidayStore>().CalendarAsync();
        var year = name.EndsWith("json", StringComparison.Ordinal) ? 2032 : 2033;
        Assert.True(days.Knows(year));
        Assert.False(days.IsWorking(new DateOnly(year, 10, 7)));
        Assert.True(days.IsWorking(new DateOnly(year, 10, year == 2032 ? 9 : 8)));
    }

    [Theory]
    [InlineData("x.json", """{"year":2034,"notice":"试","days":[{"kind":"off","from":"2034-10-01","until":"soon"}]}""", "第1行 until")]
    [InlineData("x.csv", "休或班,起日,止日,名称,文号\n休,2034-10-01,2034-10-07,国庆节,试\n班,2034-10-03,,,\n", "第3行 from")]
    [InlineData("x.json", "{\"year\":", "不是可读的 JSON")]
    [InlineData("x.csv", "a,b\n1,2\n", "没有找到表头")]
    [InlineData("x.txt", "a", "只接受")]
    public async Task A_file_of_holidays_that_is_wrong_says_where_and_changes_nothing(string name, string content, string said)
    {
        using var clerk = await server.OpenPortalAsync("clerk");
        using var answer = await clerk.PostAsync("/settling/holidays?handler=Import", await FileAsync(clerk, name, content));
        Assert.Contains(said, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        Assert.False((await server.Get<HolidayStore>().CalendarAsync()).Knows(2034));
    }

    private static async Task<MultipartFormDataContent> FileAsync(HttpClient portal, string name, string content) => new()
    {
        { new StringContent(ServerUnderTest.Antiforgery(await portal.GetStringAsync("/settling/holidays"))), "__RequestVerificationToken" },
        { new ByteArrayContent([.. System.Text.Encoding.UTF8.GetPreamble(), .. System.Text.Encoding.UTF8.GetBytes(content)]), "file", name },
    };

    [Fact]
    public async Task Photos_are_judged_by_their_bytes_counted_and_shown_to_the_class_s_own_institution_alone()
    {
        var scene = await SettledScene.BuildAsync(server);
        var check = Assert.Single(await server.Get<SpotCheckStore>().ListAsync(scene.Class)).Id;
        var add = server.Get<AddPhoto>();
        var clerk = await _desk.WhoAsync("clerk");
        Desk.ExpectBadField("file", await add.RunAsync(clerk, scene.Class, check, "<svg/>"u8.ToArray()));
        Desk.ExpectRefusal(RefusalCode.NotFound, await add.RunAsync(await _desk.WhoAsync("manager"), scene.Class, check, Png));
        Desk.ExpectRefusal(RefusalCode.NotFound, await add.RunAsync(clerk, new ClassId(scene.Class.Value + 1000), check, Png));
        var numbers = await Task.WhenAll(Enumerable.Range(0, 14).Select(_ => add.RunAsync(clerk, scene.Class, check, Png)));
        Assert.Equal(Enumerable.Range(1, AddPhoto.Most), numbers.OfType<Outcome<int>.Done>().Select(done => done.Value).Order());
        foreach (var (login, status) in new[] { ("reviewer", HttpStatusCode.OK), ("manager", HttpStatusCode.OK), ("manager2", HttpStatusCode.NotFound) })
        {
            using var portal = await server.OpenPortalAsync(login);
            using var answer = await portal.GetAsync($"/classes/{scene.Class}/spot-checks/{check}?handler=Photo&number=1");
            Assert.Equal(status, answer.StatusCode);
            if (status == HttpStatusCode.OK) Assert.Equal(new MediaTypeHeaderValue("image/png"), answer.Content.Headers.ContentType);
        }
        using var reader = await server.OpenPortalAsync("reviewer");
        Assert.Contains("handler=Photo&amp;number=10", (await reader.GetStringAsync($"/classes/{scene.Class}/spot-checks/{check}")).Replace("Photo&number", "Photo&amp;number", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shipped_holidays_are_read_and_what_the_county_enters_counts_over_them()
    {
        var store = server.Get<HolidayStore>();
        var days = await store.CalendarAsync();
        Assert.True(days.Knows(2024) && days.Knows(2025) && days.Knows(2026));
        Assert.False(days.IsWorking(new DateOnly(2025, 10, 8)));
        Assert.True(days.IsWorking(new DateOnly(2024, 9, 29)));
        var save = server.Get<SaveHolidays>();
        Desk.ExpectBadField("text", await save.RunAsync(await _desk.WhoAsync("clerk"), 2031, "休 2031-10-01 2031-10-07 国庆节"));
        Desk.ExpectRefusal(RefusalCode.NotAllowed, await save.RunAsync(await _desk.WhoAsync("manager"), 2031, "x"));
        (await save.RunAsync(await _desk.WhoAsync("clerk"), 2031, "文号 试\n休 2031-10-01 2031-10-07 国庆节\n班 2031-10-11")).OrThrow();
        (await save.RunAsync(await _desk.WhoAsync("clerk"), 2031, "文号 试\n休 2031-10-01 2031-10-06 国庆节")).OrThrow();
        days = await store.CalendarAsync();
        Assert.True(days.IsWorking(new DateOnly(2031, 10, 7)));
        Assert.False(days.IsWorking(new DateOnly(2031, 10, 11)));
        await using var connection = await server.Database.OpenConnectionAsync();
        Assert.Equal(2, await connection.ExecuteScalarAsync<int>("select count(*)::int from audit_entry where action = 'holidays.save' and subject = 'year:2031'"));
        using var clerk = await server.OpenPortalAsync("clerk");
        Assert.Contains("2031", await clerk.GetStringAsync("/settling/holidays"), StringComparison.Ordinal);
    }
}
