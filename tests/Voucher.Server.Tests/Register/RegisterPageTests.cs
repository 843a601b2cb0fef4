using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Voucher.Server.Tests.Register;

/// <summary>The clerk's way through the portal: template, upload, result, list.</summary>
public sealed class RegisterPageTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task The_templates_are_files_that_the_import_understands()
    {
        using var portal = await server.OpenPortalAsync("clerk");
        using var clerk = await server.LogInAsync("clerk");
        foreach (var format in new[] { "xlsx", "csv" })
        {
            var template = await portal.GetByteArrayAsync($"/register/import?handler=Template&format={format}");
            Assert.Equal("表头下面没有数据行", await clerk.RefusalAsync($"a.{format}", template));
        }
    }

    [Fact]
    public async Task The_template_is_a_valid_workbook()
    {
        using var file = new MemoryStream(Voucher.Server.Register.Importing.Template.Xlsx());
        using var document = DocumentFormat.OpenXml.Packaging.SpreadsheetDocument.Open(file, isEditable: false);
        Assert.Empty(new DocumentFormat.OpenXml.Validation.OpenXmlValidator().Validate(document));
        await Task.CompletedTask;
    }

    [Fact]
    public async Task An_upload_in_the_portal_leads_to_its_result_with_every_error()
    {
        using var portal = await server.OpenPortalAsync("clerk");
        var where = await UploadAsync(portal, "花名册.csv", Roster.Csv(Roster.Header, Roster.Row(), Roster.Row((Roster.Phone, "1"))), "页面名单");
        Assert.StartsWith("/register/imports/", where, StringComparison.Ordinal);
        await portal.UntilAsync(where, "Checked");
        await portal.PressAsync(where, "Start");
        JsonElement state;
        do state = await portal.GetFromJsonAsync<JsonElement>($"{where}?handler=Progress");
        while (!state.GetProperty("isOver").GetBoolean());
        var page = await portal.GetStringAsync(where);
        Assert.Contains("data-status=\"Finished\"", page, StringComparison.Ordinal);
        Assert.Contains("不是11位手机号", page, StringComparison.Ordinal);
        Assert.Contains("花名册.csv", await portal.GetStringAsync("/register/imports"), StringComparison.Ordinal);
        Assert.Contains("姓名", await portal.GetStringAsync("/register/import"), StringComparison.Ordinal);
        Assert.Contains("3,联系电话", await portal.GetStringAsync($"{where}?handler=Csv"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_upload_keeps_the_list_name_and_names_the_field()
    {
        using var portal = await server.OpenPortalAsync("clerk");
        var page = await UploadAsync(portal, "a.xls", [1, 2, 3], "留下的名单");
        Assert.Contains("只接受 .xlsx 或 .csv 文件", page, StringComparison.Ordinal);
        Assert.Contains("value=\"留下的名单\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_import_takes_bodies_beyond_the_usual_limit()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var large = await clerk.PostAsync("/api/register/people/find", new StringContent(new string(' ', (int)ServerComposition.LargestBodyBytes + 1), new MediaTypeHeaderValue("application/json")));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        var titleRows = string.Concat(Enumerable.Repeat(new string('题', 1000) + "\r\n", 9));
        var padding = string.Concat(Enumerable.Repeat(",,,,,\r\n", (int)ServerComposition.LargestBodyBytes / 7));
        var file = System.Text.Encoding.UTF8.GetBytes(titleRows + Roster.CsvText(Roster.Header, Roster.Row()) + padding);
        Assert.True(file.Length > ServerComposition.LargestBodyBytes);
        Assert.Equal(1, (await clerk.ImportAsync("a.csv", file)).Added);
    }

    [Theory]
    [InlineData("page=0", "page")]
    [InlineData("page=x", "request")]
    [InlineData("category=%01", "category")]
    [InlineData("name=x", "name")]
    public async Task A_bad_query_names_the_field(string query, string field)
    {
        using var clerk = await server.LogInAsync("clerk");
        using var answer = await clerk.GetAsync($"/api/register/people?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"\"{field}\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"name\":\"\\u0000\"}", "name")]
    [InlineData("{\"page\":0}", "page")]
    public async Task A_bad_search_names_the_field(string body, string field)
    {
        using var clerk = await server.LogInAsync("clerk");
        using var answer = await clerk.PostAsync("/api/register/people/search", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"\"{field}\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/register/imports/999999")]
    [InlineData("/api/register/imports/999999/errors")]
    [InlineData("/api/register/imports/999999/errors.csv")]
    public async Task An_import_that_does_not_exist_is_not_found(string path)
    {
        using var clerk = await server.LogInAsync("clerk");
        using var answer = await clerk.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task People_are_filtered_by_township_category_list_and_name()
    {
        using var clerk = await server.LogInAsync("clerk");
        await clerk.ImportAsync("a.csv", Roster.Csv(
            Roster.Header, Roster.Row((Roster.Name, "冶甲"), (Roster.Township, "考勒乡"), (Roster.Categories, "测试类")), Roster.Row((Roster.Name, "冶乙"), (Roster.Township, "考勒乡"))), "筛选");
        var lists = await clerk.GetFromJsonAsync<JsonElement>("/api/register/lists");
        var list = lists.EnumerateArray().Single(entry => entry.GetProperty("name").GetString() == "筛选").GetProperty("id").GetInt32();
        var townships = await clerk.GetFromJsonAsync<JsonElement>("/api/townships");
        var code = townships.EnumerateArray().Single(entry => entry.GetProperty("name").GetString() == "考勒乡").GetProperty("code").GetInt32();
        foreach (var (name, expected) in new[] { ("冶甲", 1), ("%", 0) })
        {
            using var found = await clerk.PostAsJsonAsync("/api/register/people/search", new { name });
            Assert.Equal((name, expected), (name, (await found.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("total").GetInt32()));
        }
        foreach (var (query, expected) in new[] { ($"listId={list}", 2), ($"listId={list}&category=测试类", 1), ($"townshipCode={code}&listId={list}", 2), ($"listId={list}&page=2", 2) })
        {
            var page = await clerk.GetFromJsonAsync<JsonElement>($"/api/register/people?{query}");
            Assert.Equal((query, expected), (query, page.GetProperty("total").GetInt32()));
        }
        using var portal = await server.OpenPortalAsync("clerk");
        Assert.Contains("冶甲", await portal.GetStringAsync($"/register?list={list}&category=测试类"), StringComparison.Ordinal);
        Assert.Contains("没有符合条件的人", await portal.GetStringAsync($"/register?list={list}&category=没有"), StringComparison.Ordinal);
    }

    private static async Task<string> UploadAsync(HttpClient portal, string name, byte[] content, string list)
    {
        var html = await portal.GetStringAsync("/register/import");
        var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(content), "file", name }, { new StringContent(list), "list" },
            { new StringContent(ServerUnderTest.Antiforgery(html[html.IndexOf("data-testid=\"import-form\"", StringComparison.Ordinal)..])), "__RequestVerificationToken" },
        };
        using var answer = await portal.PostAsync("/register/import", form);
        return answer.Headers.Location?.ToString() ?? await answer.Content.ReadAsStringAsync();
    }
}
