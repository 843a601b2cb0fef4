using System.Net;
using System.Text;
using System.Text.Json;
using Dapper;
using Voucher.Server.Register.Importing;

namespace Voucher.Server.Tests.Register;

/// <summary>Between the upload and the import a clerk says what the columns are, sees what would happen, and starts it or not.</summary>
public sealed class ImportPlanTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private static int _layouts;

    [Fact]
    public async Task A_file_whose_titles_are_all_known_goes_straight_to_a_dry_run_that_changes_nothing()
    {
        using var portal = await server.OpenPortalAsync("clerk");
        using var clerk = await server.LogInAsync("clerk");
        var known = Roster.Row();
        await clerk.ImportAsync("a.csv", Roster.Csv(Roster.Header, known));
        var before = await server.RegisterDigestAsync();
        var changed = known.ToArray();
        (changed[Roster.Phone], changed[Roster.Education]) = ("15400000099", "高中");
        var where = await portal.HandInAsync("b.csv", Roster.Csv(Roster.Header, changed, Roster.Row(), Roster.Row((Roster.Phone, "1"))));
        var page = await portal.UntilAsync(where, "Checked");
        Assert.Equal((1, 1, 0, 1), (Figure(page, "added"), Figure(page, "changed"), Figure(page, "unchanged"), Figure(page, "bad")));
        Assert.Contains("联系电话", page[page.IndexOf("import-changes", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.Contains("不是11位手机号", page, StringComparison.Ordinal);
        Assert.Equal(before, await server.RegisterDigestAsync());

        await portal.PressAsync(where, "Start");
        page = await portal.UntilAsync(where, "Finished");
        Assert.Equal((1, 1, 0, 1), (Figure(page, "added"), Figure(page, "changed"), Figure(page, "unchanged"), Figure(page, "bad")));
        Assert.Equal("高中", (await server.FindAsync(known[Roster.IdNumber])).Education);
    }

    [Fact]
    public async Task Unknown_titles_are_asked_about_once_and_remembered_for_the_layout_also_by_the_API()
    {
        using var portal = await server.OpenPortalAsync("clerk");
        var other = $"备用{Interlocked.Increment(ref _layouts)}";
        string[] Header() => ["哪位", "证号", "打这个号", other];
        string[] Row(string[] full) => [full[Roster.Name], full[Roster.IdNumber], full[Roster.Phone], "x"];
        var row = Roster.Row();
        var where = await portal.HandInAsync("异样.csv", Roster.Csv(Header(), Row(row)));
        var page = await portal.UntilAsync(where, "Columns");
        Assert.DoesNotContain(row[Roster.IdNumber], page, StringComparison.Ordinal);
        Assert.DoesNotContain(row[Roster.Phone], page, StringComparison.Ordinal);

        var refused = await portal.ChooseAsync(where, ["Name", "Name", "", ""]);
        Assert.Contains("必须指明哪一列是“身份证号码”", refused, StringComparison.Ordinal);
        Assert.Contains("选了两列", refused, StringComparison.Ordinal);
        Assert.Equal("", await portal.ChooseAsync(where, ["Name", "IdNumber", "Phone", ""]));
        await portal.UntilAsync(where, "Checked");
        await portal.PressAsync(where, "Start");
        Assert.Equal(1, Figure(await portal.UntilAsync(where, "Finished"), "added"));

        // The next file of the layout is understood, over the API without a word.
        using var clerk = await server.LogInAsync("clerk");
        var next = await clerk.ImportAsync("异样2.csv", Roster.Csv(Header(), Row(Roster.Row())));
        Assert.Equal(("Finished", 1), (next.Status, next.Added));
        Assert.Contains("没有用到的列：" + other, next.Notes, StringComparison.Ordinal);
        Assert.StartsWith("前 10 行里没有找到表头", await clerk.RefusalAsync("异样3.csv", Roster.Csv(["谁", "证号", other], ["马小梅", "x", "y"])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dates_are_read_in_the_order_that_was_said()
    {
        using var portal = await server.OpenPortalAsync("clerk");
        var number = Roster.NewNumber();
        var day = number.BirthDate;
        string[] header = ["姓名", "身份证号码", "出生日期", $"备用{Interlocked.Increment(ref _layouts)}"];
        var file = Roster.Csv(header, ["马小梅", number.Reveal(), $"{day.Day:00}/{day.Month:00}/{day.Year}", ""]);
        var where = await portal.HandInAsync("日期.csv", file);
        await portal.UntilAsync(where, "Columns");
        await portal.ChooseAsync(where, ["Name", "IdNumber", "BirthDate", ""], nameof(DateOrder.YearFirst));
        Assert.Equal(1, Figure(await portal.UntilAsync(where, "Checked"), "bad"));
        await portal.ChooseAsync(where, ["Name", "IdNumber", "BirthDate", ""], nameof(DateOrder.DayFirst));
        Assert.Equal((0, 1), (Figure(await portal.UntilAsync(where, "Checked"), "bad"), Figure(await portal.UntilAsync(where, "Checked"), "added")));
    }

    [Fact]
    public async Task A_discarded_upload_is_gone_and_cannot_be_started()
    {
        using var portal = await server.OpenPortalAsync("clerk");
        var before = await server.RegisterDigestAsync();
        var where = await portal.HandInAsync("不要.csv", Roster.Csv(Roster.Header, Roster.Row()));
        await portal.UntilAsync(where, "Checked");
        await portal.PressAsync(where, "Discard");
        Assert.Contains("data-status=\"Discarded\"", await portal.GetStringAsync(where), StringComparison.Ordinal);
        using var clerk = await server.LogInAsync("clerk");
        using var answer = await clerk.PostAsync("/api" + where + "/start", null);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("826", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(before, await server.RegisterDigestAsync());
        await using var connection = await server.Database.OpenConnectionAsync();
        Assert.True(await connection.ExecuteScalarAsync<bool>("select content is null and screen is null from register_import order by id desc limit 1"));
    }

    [Fact]
    public async Task A_dry_run_over_the_API_waits_to_be_started()
    {
        using var clerk = await server.LogInAsync("clerk");
        var form = new MultipartFormDataContent { { new ByteArrayContent(Roster.Csv(Roster.Header, Roster.Row())), "file", "a.csv" }, { new StringContent("true"), "preview" } };
        using var answer = await clerk.PostAsync("/api/register/imports", form);
        var id = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetInt64();
        Imported state;
        do state = await clerk.WaitAsync(id);
        while (state.Status == "Checking");
        Assert.Equal(("Checked", 1), (state.Status, state.Added));
        using var started = await clerk.PostAsync($"/api/register/imports/{id}/start", null);
        Assert.Equal(HttpStatusCode.NoContent, started.StatusCode);
        Assert.Equal(("Finished", 1), ((await clerk.WaitAsync(id)).Status, state.Added));
    }

    [Fact]
    public async Task New_columns_are_read_and_a_wrong_word_in_them_is_named()
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        var township = await connection.QuerySingleAsync<int>("select code from township where name = '锁南镇'");
        var village = township * 1000L + 777;
        await connection.ExecuteAsync("insert into village (code, region, township_code, name) values (@village, 622926, @township, '列名村') on conflict do nothing", new { village, township });
        var (code, trade) = await connection.QueryFirstAsync<(int, string)>("select code, name from trade order by code");
        string[] header = [.. Roster.Header, "户编号", "与户主关系", "劳动能力", "村", "就业状态", "培训意愿"];
        string[] Row(params string[] more) => [.. Roster.Row((Roster.Township, "锁南")), .. more];
        using var clerk = await server.LogInAsync("clerk");
        var good = Row("H-001", "户主", "弱劳动力", "列名", "务农", trade);
        var byCode = Row("H-001", "之妻", "普通", $"{village}", "", $"{code}");
        var import = await clerk.ImportAsync("新列.csv", Roster.Csv(
            header, good, byCode, Row("H-#", "", "", "", "", ""), Row("", "", "很强", "", "", ""), Row("", "", "", "没有村", "", ""), Row("", "", "", "", "退休了", ""), Row("", "", "", "", "", "没有工种")));
        Assert.Equal((2, 5), (import.Added, import.Bad));
        Assert.Equal(["户编号", "劳动能力", "村", "就业状态", "培训意愿"], import.Errors.Select(error => error.Column));
        foreach (var row in new[] { good, byCode })
        {
            var id = (await server.FindAsync(row[Roster.IdNumber])).Id;
            var person = await connection.QuerySingleAsync<(string, long, int[])>("select household_number, village_code, wish_trades from person where id = @id", new { id });
            Assert.Equal(("H-001", village), (person.Item1, person.Item2));
            Assert.Equal([code], person.Item3);
        }
    }

    private static int Figure(string page, string key)
    {
        var at = page.IndexOf($"data-testid=\"import-{key}\">", StringComparison.Ordinal);
        var text = page[(page.IndexOf('>', at) + 1)..];
        return int.Parse(text[..text.IndexOf('<')], System.Globalization.NumberStyles.AllowThousands, System.Globalization.CultureInfo.InvariantCulture);
    }
}

/// <summary>The clerk's hands in the portal.</summary>
public static class ImportHands
{
    /// <summary>The page of the import, or the page that refused it.</summary>
    public static async Task<string> HandInAsync(this HttpClient portal, string name, byte[] content, string list = "")
    {
        var html = await portal.GetStringAsync("/register/import");
        var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(content), "file", name }, { new StringContent(list), "list" }, { new StringContent(TokenOf(html)), "__RequestVerificationToken" },
        };
        using var answer = await portal.PostAsync("/register/import", form);
        return answer.Headers.Location?.ToString() ?? await answer.Content.ReadAsStringAsync();
    }

    /// <summary>The page once the import has come to the stage.</summary>
    public static async Task<string> UntilAsync(this HttpClient portal, string where, string status)
    {
        for (var patience = 0; patience < 2_000; patience++)
        {
            var page = await portal.GetStringAsync(where);
            if (page.Contains($"data-status=\"{status}\"", StringComparison.Ordinal)) return page;
            if (page.Contains("data-status=\"Failed\"", StringComparison.Ordinal)) Assert.Fail(page);
            await Task.Delay(20);
        }
        throw new TimeoutException(await portal.GetStringAsync(where));
    }

    public static async Task PressAsync(this HttpClient portal, string where, string handler, params (string Name, string Value)[] fields)
    {
        using var answer = await PostAsync(portal, where, handler, fields);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    /// <summary>Empty when the choice was taken; the page that refused it otherwise.</summary>
    public static async Task<string> ChooseAsync(this HttpClient portal, string where, string[] columns, string dates = nameof(DateOrder.YearFirst))
    {
        using var answer = await PostAsync(portal, where, "Columns", [.. columns.Select(column => ("columns", column)), ("dates", dates)]);
        return answer.StatusCode == HttpStatusCode.Redirect ? "" : await answer.Content.ReadAsStringAsync();
    }

    public static async Task<HttpResponseMessage> PostAsync(this HttpClient portal, string where, string handler, params (string Name, string Value)[] fields)
    {
        var token = TokenOf(await portal.GetStringAsync(where));
        var form = fields.Append(("__RequestVerificationToken", token)).Select(field => KeyValuePair.Create(field.Item1, field.Item2));
        return await portal.PostAsync(handler.Length == 0 ? where : $"{where}?handler={handler}", new FormUrlEncodedContent(form));
    }

    private static string TokenOf(string html) => ServerUnderTest.Antiforgery(html);
}
