using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Voucher.Server.Tests.Programmes;

public sealed class ProgrammeTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task A_programme_is_added_and_warned_of_when_practice_is_short()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var fits = await clerk.PostAsJsonAsync("/api/programmes", Form(2001, "刺绣", theory: 30, practice: 70));
        Assert.Equal(JsonValueKind.Null, (await fits.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("warning").ValueKind);
        using var talk = await clerk.PostAsJsonAsync("/api/programmes", Form(2002, "讲座", theory: 60, practice: 40));
        Assert.Equal(HttpStatusCode.OK, talk.StatusCode);
        Assert.Contains("40%", (await talk.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("warning").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_bad_field_is_named_at_once()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var answer = await clerk.PostAsJsonAsync("/api/programmes", new
        {
            code = 999, name = "", tradeCode = 99, theoryHours = -1, practiceHours = 1001, subsidyFen = 0,
        });
        Assert.Equal(["code", "name", "practiceHours", "subsidyFen", "theoryHours", "tradeCode"], await Problem.FieldsAsync(answer));
        using var nothing = await clerk.PostAsJsonAsync("/api/programmes", Form(2003, "空", theory: 0, practice: 0));
        Assert.Equal(["practiceHours"], await Problem.FieldsAsync(nothing));
    }

    [Fact]
    public async Task A_taken_code_and_a_taken_name_are_named()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var code = await clerk.PostAsJsonAsync("/api/programmes", Form(1001, "别的名字"));
        Assert.Equal(["code"], await Problem.FieldsAsync(code));
        using var name = await clerk.PostAsJsonAsync("/api/programmes", Form(2004, "中式烹饪"));
        Assert.Equal(["name"], await Problem.FieldsAsync(name));
    }

    [Theory]
    [InlineData("manager")]
    [InlineData("approver")]
    public async Task Others_read_the_menu_but_only_a_clerk_changes_it(string login)
    {
        using var client = await server.LogInAsync(login);
        Assert.True((await client.GetFromJsonAsync<JsonElement>("/api/programmes")).GetArrayLength() >= 16);
        Assert.Equal(8, (await client.GetFromJsonAsync<JsonElement>("/api/trades")).GetArrayLength());
        using var answer = await client.PostAsJsonAsync("/api/programmes", Form(2005, "不许"));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task The_page_takes_yuan_and_keeps_what_was_typed()
    {
        using var portal = await server.OpenPortalAsync("clerk");
        var fields = new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = ServerUnderTest.Antiforgery(await portal.GetStringAsync("/programmes/new")),
            ["code"] = "2006", ["name"] = "茶艺", ["tradeCode"] = "1", ["theoryHours"] = "30", ["practiceHours"] = "70",
            ["subsidyYuan"] = "12.345", ["isOpen"] = "true",
        };
        using var bad = await portal.PostAsync("/programmes/new", new FormUrlEncodedContent(fields));
        Assert.Contains("value=\"12.345\"", await bad.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        fields["subsidyYuan"] = "1,200.50";
        using var good = await portal.PostAsync("/programmes/new", new FormUrlEncodedContent(fields));
        Assert.True(good.StatusCode == HttpStatusCode.Redirect, await good.Content.ReadAsStringAsync());
        Assert.Contains("1200.50", await portal.GetStringAsync(good.Headers.Location), StringComparison.Ordinal);
        using var missing = await portal.GetAsync("/programmes/99999");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    private static object Form(int code, string name, int theory = 30, int practice = 70) =>
        new { code, name, tradeCode = 1, theoryHours = theory, practiceHours = practice, subsidyFen = 100_000 };
}
