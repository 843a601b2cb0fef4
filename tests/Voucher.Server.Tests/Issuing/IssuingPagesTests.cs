using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Register;

namespace Voucher.Server.Tests.Issuing;

/// <summary>Eligibility, the dry run's lists, revocations and cards, by the portal and by HTTP.</summary>
public sealed class IssuingPagesTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task A_person_who_may_not_have_a_voucher_is_told_every_reason_with_its_rule_by_http_and_on_their_page()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var portal = await server.OpenPortalAsync("clerk");
        var child = (await PeopleAsync(1, birthYear: 2020))[0];
        using var answer = await clerk.PostAsJsonAsync("/api/eligibility", new { personId = child, scope = 1001 });
        var verdict = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.False(verdict.GetProperty("eligible").GetBoolean());
        var reason = verdict.GetProperty("reasons")[0];
        Assert.Equal("TooYoung", reason.GetProperty("code").GetString());
        Assert.Contains("东县府办发", reason.GetProperty("rule").GetString()!, StringComparison.Ordinal);
        Assert.Contains("data-reason=\"TooYoung\"", await portal.GetStringAsync($"/register/people/{child}?scope=1001"), StringComparison.Ordinal);
        var adult = (await PeopleAsync(1))[0];
        Assert.Contains("data-testid=\"may\"", await portal.GetStringAsync($"/register/people/{adult}"), StringComparison.Ordinal);
        // An address that somebody has played with shows the page all the same.
        Assert.Contains("eligibility-card", await portal.GetStringAsync($"/register/people/{adult}?scope=%00-1"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(clerk, "/api/eligibility", new { personId = long.MaxValue }));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(clerk, "/api/eligibility", new { scope = 1 }));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(clerk, "/api/eligibility", new { personId = adult, scope = 65536 }));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(clerk, "/api/eligibility", new { personId = adult, scope = 999 }));
    }

    [Fact]
    public async Task A_pasted_list_of_identity_numbers_is_a_batch_and_a_wrong_or_unknown_number_is_named_by_its_place()
    {
        using var clerk = await server.LogInAsync("clerk");
        var numbers = await NumbersAsync(await PeopleAsync(3));
        using var answer = await clerk.PostAsJsonAsync("/api/batches/preview", Body(new { idNumbers = numbers }));
        var preview = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((3, 3), (preview.GetProperty("chosen").GetInt32(), preview.GetProperty("eligible").GetInt32()));
        Assert.True(preview.GetProperty("afterFen").GetInt64() == preview.GetProperty("freeFen").GetInt64() - preview.GetProperty("totalFen").GetInt64());
        using var drafted = await clerk.PostAsJsonAsync("/api/batches", Body(new { idNumbers = numbers }));
        Assert.Equal(HttpStatusCode.OK, drafted.StatusCode);
        await using (var connection = await server.Database.OpenConnectionAsync())
            Assert.False(await connection.ExecuteScalarAsync<bool>("select bool_or(selection::text like any(@parts)) from batch", new { parts = numbers.Select(number => $"%{number}%").ToArray() }));
        Assert.Contains("第 2 ", await FaultAsync(clerk, new { idNumbers = new[] { numbers[0], "11010519491231002X", numbers[1] } }), StringComparison.Ordinal);
        Assert.Contains("第 1 ", await FaultAsync(clerk, new { idNumbers = new[] { "110105194912310021" } }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_dry_run_lists_who_gets_none_by_reason_and_keeps_the_form()
    {
        using var clerk = await server.LogInAsync("clerk");
        var list = await TestPeople.AddListAsync(server.Database, [.. await PeopleAsync(2), .. await PeopleAsync(3, birthYear: 1930)]);
        using var answer = await clerk.PostAsJsonAsync("/api/batches/preview/people", new { batch = Body(new { lists = new[] { list } }), reason = "TooOld" });
        var people = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(3, people.GetProperty("total").GetInt32());
        Assert.Contains('*', people.GetProperty("people")[0].GetProperty("name").GetString()!);
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(clerk, "/api/batches/preview/people", new { batch = Body(new { lists = new[] { list } }), reason = "Nope" }));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(clerk, "/api/batches/preview/people", new { page = 0 }));

        using var portal = await server.OpenPortalAsync("clerk");
        var form = new Dictionary<string, string>
        {
            ["f.Name"] = "留着的名字", ["f.Kind"] = "FaceValue", ["f.Scope"] = "0", ["f.FaceValue"] = "1500", ["f.BudgetLine"] = "1", ["f.Lists"] = $"{list}", ["show"] = "TooOld",
            ["__RequestVerificationToken"] = ServerUnderTest.Antiforgery(await portal.GetStringAsync("/issuing/new")),
        };
        using var page = await portal.PostAsync("/issuing/new?handler=People", new FormUrlEncodedContent(form));
        var html = await page.Content.ReadAsStringAsync();
        Assert.Contains("dry-run-list", html, StringComparison.Ordinal);
        Assert.Contains("留着的名字", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/issuing/expiry")]
    [InlineData("/issuing/expiry?days=30")]
    [InlineData("/issuing/revocations")]
    [InlineData("/issuing/reissues")]
    public async Task Pages_without_anything_to_show_say_so(string path)
    {
        using var portal = await server.OpenPortalAsync("auditor");
        using var page = await portal.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task A_batch_is_revoked_from_its_page_by_two_persons_and_its_policy_card_says_what_it_is_worth()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var approver = await server.LogInAsync("approver");
        var list = await TestPeople.AddListAsync(server.Database, await PeopleAsync(4));
        using var drafted = await clerk.PostAsJsonAsync("/api/batches", Body(new { lists = new[] { list } }));
        var batch = (await drafted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
        using (await approver.PostAsync($"/api/batches/{batch}/approve", null)) { }
        await WaitAsync(clerk, $"/api/batches/{batch}", "Issued");

        using var portal = await server.OpenPortalAsync("clerk");
        // A place that cannot be read is refused: it must never mean every place.
        var onPage = new Dictionary<string, string> { ["__RequestVerificationToken"] = ServerUnderTest.Antiforgery(await portal.GetStringAsync($"/issuing/batches/{batch}")) };
        foreach (var action in new[] { "HandOver&township=abc", "HandOver&township=622926100&village=9999999999999999999", "Print&township=abc" })
        {
            using var refused = await portal.PostAsync($"/issuing/batches/{batch}?handler={action}", new FormUrlEncodedContent(onPage));
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        }
        Assert.Equal(0, (await clerk.GetFromJsonAsync<JsonElement>($"/api/batches/{batch}")).GetProperty("funnel").GetProperty("claimed").GetInt32());
        Assert.Contains("1,500.00 元", await portal.GetStringAsync($"/issuing/batches/{batch}/card"), StringComparison.Ordinal);
        var path = $"/issuing/revocations/new?batch={batch}";
        using var proposed = await portal.PostAsync(path, new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["reason"] = "公示有异议", ["__RequestVerificationToken"] = ServerUnderTest.Antiforgery(await portal.GetStringAsync(path)),
        }));
        Assert.Equal(HttpStatusCode.Redirect, proposed.StatusCode);
        var id = (await clerk.GetFromJsonAsync<JsonElement>("/api/revocations")).GetProperty("revocations")[0].GetProperty("id").GetInt64();
        using (var approved = await approver.PostAsync($"/api/revocations/{id}/approve", null)) Assert.Equal(HttpStatusCode.OK, approved.StatusCode);
        await WaitAsync(clerk, $"/api/revocations/{id}", "Done");
        var funnel = (await clerk.GetFromJsonAsync<JsonElement>($"/api/batches/{batch}")).GetProperty("funnel");
        Assert.Equal(4, funnel.GetProperty("revoked").GetInt32());
        Assert.Contains("batch-funnel", await portal.GetStringAsync($"/issuing/batches/{batch}"), StringComparison.Ordinal);
        Assert.Contains("data-status=\"Done\"", await portal.GetStringAsync("/issuing/revocations"), StringComparison.Ordinal);
    }

    private async Task<long[]> PeopleAsync(int count, int birthYear = 1990) =>
        await TestPeople.AddAsync(server.Database, server.Get<PersonalData>(), server.Get<KeyFolder>(), count, birthYear);

    private async Task<string[]> NumbersAsync(long[] people)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return [.. (await connection.QueryAsync<byte[]>("select id_number_sealed from person where id = any(@people) order by id", new { people }))
            .Select(secret => server.Get<PersonalData>().Open(secret))];
    }

    private static object Body(object people) => new
    {
        name = "测试批次", kind = "FaceValue", scope = 0, faceValueFen = 150_000, budgetLineId = 1, people,
    };

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(path, body);
        return answer.StatusCode;
    }

    private static async Task<string> FaultAsync(HttpClient client, object people)
    {
        using var answer = await client.PostAsJsonAsync("/api/batches/preview", Body(people));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").GetProperty("people.idNumbers")[0].GetString()!;
    }

    private static async Task WaitAsync(HttpClient client, string path, string status)
    {
        for (var i = 0; i < 300; i++)
        {
            if ((await client.GetFromJsonAsync<JsonElement>(path)).GetProperty("status").GetString() == status) return;
            await Task.Delay(100);
        }
        Assert.Fail($"{path} was not {status} within 30 seconds.");
    }
}
