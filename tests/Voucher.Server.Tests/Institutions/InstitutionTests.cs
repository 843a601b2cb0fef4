using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Voucher.Core.Institutions;
using Voucher.Server.Register;

namespace Voucher.Server.Tests.Institutions;

public sealed class InstitutionTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private static int _last;

    [Fact]
    public async Task An_institution_is_entered_and_its_payee_account_is_sealed()
    {
        using var clerk = await server.LogInAsync("clerk");
        var form = Form();
        (form["payeeName"], form["payeeBank"], form["payeeAccount"]) = ("新机构", "农行东乡支行", "6228 4800-1234 5678");
        var id = await SavedAsync(await clerk.PostAsJsonAsync("/api/institutions", form));
        var text = await clerk.GetStringAsync($"/api/institutions/{id}");
        Assert.Contains("****5678", text, StringComparison.Ordinal);
        Assert.DoesNotContain("6228480012345678", text, StringComparison.Ordinal);
        await using var connection = await server.Database.OpenConnectionAsync();
        var secret = await connection.QuerySingleAsync<byte[]>("select account_sealed from payee_account where institution_id = @id", new { id });
        Assert.Equal("6228480012345678", server.Get<PersonalData>().Open(secret));
    }

    [Fact]
    public async Task Changing_the_payee_account_is_audited_without_the_number_and_an_empty_one_stays()
    {
        using var clerk = await server.LogInAsync("clerk");
        var form = Form();
        var id = await SavedAsync(await clerk.PostAsJsonAsync("/api/institutions", form));
        (form["payeeName"], form["payeeBank"], form["payeeAccount"]) = ("甲", "乙", "11112222");
        await SavedAsync(await clerk.PutAsJsonAsync($"/api/institutions/{id}", form));
        form["payeeAccount"] = null;
        await SavedAsync(await clerk.PutAsJsonAsync($"/api/institutions/{id}", form));
        await using var connection = await server.Database.OpenConnectionAsync();
        var trail = (await connection.QueryAsync<string>(
            "select detail from audit_entry where action = 'payee.propose' and subject = @subject", new { subject = $"institution:{id}" })).ToArray();
        Assert.EndsWith("****2222", Assert.Single(trail), StringComparison.Ordinal);
        Assert.Contains("****2222", await clerk.GetStringAsync($"/api/institutions/{id}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "填写")]
    [InlineData("123", "18位")]
    [InlineData("91350100M000100YIZ", "不含")]
    [InlineData("91350100M000100Y4Z", "不含")]
    [InlineData("91350100M000100Y44", "校验位")]
    public async Task Each_fault_of_the_credit_code_is_explained(string uscc, string says)
    {
        using var clerk = await server.LogInAsync("clerk");
        var form = Form();
        form["uscc"] = uscc;
        using var answer = await clerk.PostAsJsonAsync("/api/institutions", form);
        Assert.Equal(["uscc"], await Problem.FieldsAsync(answer));
        Assert.Contains(says, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_bad_field_is_named_at_once()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var answer = await clerk.PostAsJsonAsync("/api/institutions", new
        {
            uscc = "x", name = "甲", address = new string('长', 101), phone = new string('1', 31), payeeAccount = "12",
        });
        Assert.Equal(["address", "name", "payeeAccount", "payeeBank", "payeeName", "phone", "uscc"], await Problem.FieldsAsync(answer));
    }

    /// <summary>Who still sends what the form had before is told, and does not believe that an institution is suspended.</summary>
    [Fact]
    public async Task What_accreditations_decide_is_refused_here_and_says_where()
    {
        using var clerk = await server.LogInAsync("clerk");
        var form = Form();
        foreach (var field in new[] { "isSuspended", "capacity", "accreditedFrom", "AccreditedUntil", "programmeCodes" }) form[field] = null;
        using var answer = await clerk.PostAsJsonAsync("/api/institutions", form);
        Assert.Contains("/api/accreditations", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(["accreditedFrom", "accreditedUntil", "capacity", "isSuspended", "programmeCodes"], await Problem.FieldsAsync(answer));
    }

    [Fact]
    public async Task The_same_code_twice_is_named_on_entering_and_on_changing()
    {
        using var clerk = await server.LogInAsync("clerk");
        var first = Form();
        await SavedAsync(await clerk.PostAsJsonAsync("/api/institutions", first));
        using var again = await clerk.PostAsJsonAsync("/api/institutions", first);
        Assert.Equal(["uscc"], await Problem.FieldsAsync(again));
        var other = await SavedAsync(await clerk.PostAsJsonAsync("/api/institutions", Form()));
        using var changed = await clerk.PutAsJsonAsync($"/api/institutions/{other}", first);
        Assert.Equal(["uscc"], await Problem.FieldsAsync(changed));
    }

    [Theory]
    [InlineData("approver")]
    [InlineData("manager")]
    [InlineData("auditor")]
    public async Task Only_a_clerk_enters_institutions(string login)
    {
        using var client = await server.LogInAsync(login);
        using var answer = await client.PostAsJsonAsync("/api/institutions", Form());
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        using var portal = await server.OpenPortalAsync(login);
        using var page = await portal.GetAsync("/institutions/new");
        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
    }

    [Fact]
    public async Task A_manager_reads_the_own_institution_but_cannot_post_to_it()
    {
        using var portal = await server.OpenPortalAsync("manager");
        await using var connection = await server.Database.OpenConnectionAsync();
        var own = await connection.QuerySingleAsync<int>("select institution_id from account where login = 'manager'");
        var page = await portal.GetStringAsync($"/institutions/{own}");
        Assert.DoesNotContain("institution-form", page, StringComparison.Ordinal);
        using var answer = await portal.PostAsync($"/institutions/{own}", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = ServerUnderTest.Antiforgery(await portal.GetStringAsync("/classes/new")), ["name"] = "改名",
        }));
        Assert.Contains("/not-allowed", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_enters_an_institution_which_is_not_accredited_by_that()
    {
        using var portal = await server.OpenPortalAsync("clerk");
        var form = Form();
        var fields = new List<KeyValuePair<string, string>>
        {
            new("__RequestVerificationToken", ServerUnderTest.Antiforgery(await portal.GetStringAsync("/institutions/new"))),
            new("uscc", (string)form["uscc"]!), new("name", "网页登记的机构"), new("capacity", "30"),
            new("accreditedFrom", "2026-01-01"), new("accreditedUntil", "2099-01-01"), new("programmeCodes", "1001"),
        };
        using var answer = await portal.PostAsync("/institutions/new", new FormUrlEncodedContent(fields));
        Assert.True(answer.StatusCode == HttpStatusCode.Redirect, await answer.Content.ReadAsStringAsync());
        using var clerk = await server.LogInAsync("clerk");
        var saved = await clerk.GetFromJsonAsync<JsonElement>($"/api{answer.Headers.Location}");
        Assert.Equal((0, 0), (saved.GetProperty("programmeCodes").GetArrayLength(), saved.GetProperty("capacity").GetInt32()));
        Assert.Equal("Never", (await clerk.GetFromJsonAsync<JsonElement>($"/api{answer.Headers.Location}/standing")).GetProperty("standing").GetString());
        fields[1] = new("uscc", "错");
        using var bad = await portal.PostAsync("/institutions/new", new FormUrlEncodedContent(fields));
        Assert.Contains("value=\"网页登记的机构\"", await bad.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static Dictionary<string, object?> Form()
    {
        var first17 = $"52622926TEST{Interlocked.Increment(ref _last):D5}".Replace('S', '5');
        return new()
        {
            ["uscc"] = first17 + Uscc.CheckCharacter(first17), ["name"] = "新机构",
        };
    }

    private static async Task<int> SavedAsync(HttpResponseMessage answer)
    {
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
    }
}
