using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Voucher.Core.Vouchers;

namespace Voucher.Server.Tests.Settling;

public sealed class SettlingApiTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task The_whole_settlement_runs_by_http_alone()
    {
        var scene = await SettledScene.BuildAsync(server);
        var vouchers = await scene.CompletedVouchersAsync(2);
        using var manager = await server.LogInAsync("manager");
        using var reviewer = await server.LogInAsync("reviewer");
        using var approver = await server.LogInAsync("approver");
        using var finance = await server.LogInAsync("finance");

        var claimable = await manager.GetFromJsonAsync<JsonElement>("/api/claimable");
        Assert.Contains(claimable.EnumerateArray(), entry =>
            entry.GetProperty("voucherNumber").GetString() == vouchers[0].ToString() && entry.GetProperty("code").GetInt32() == 0 && entry.GetProperty("amountFen").GetInt64() == 120_000);
        var claim = (await PostAsync(manager, "/api/claims", new { voucherNumbers = vouchers.Select(Text) })).GetProperty("id").GetInt64();
        var lines = (await reviewer.GetFromJsonAsync<JsonElement>($"/api/claims/{claim}")).GetProperty("lines");
        Assert.Equal(2, lines.GetArrayLength());
        await PostAsync(reviewer, $"/api/claims/{claim}/lines/{lines[0].GetProperty("id").GetInt64()}/review", new { verdict = "reject", reason = "重复" });
        await PostAsync(reviewer, $"/api/claims/{claim}/review-all", new { verdict = "pass" });
        await new Desk(server).CallAllAsync(new Voucher.Core.ClaimId(claim));
        Assert.Equal("Approved", (await PostAsync(approver, $"/api/claims/{claim}/approve", new { })).GetProperty("status").GetString());
        var payment = (await PostAsync(finance, "/api/payments", new { claimIds = new[] { claim } })).GetProperty("id").GetInt64();

        using (var early = await finance.PostAsync($"/api/payments/{payment}/file.csv", null)) await ExpectProblemAsync(early, HttpStatusCode.Conflict, "PaymentFileNotMade");
        using (var alone = await finance.PostAsJsonAsync($"/api/payments/{payment}/release", new { }))
            await ExpectProblemAsync(alone, HttpStatusCode.Conflict, "SamePerson");
        using var second = await server.LogInAsync("finance2");
        using (var sent = await second.PostAsJsonAsync($"/api/payments/{payment}/release", new { })) Assert.Equal(HttpStatusCode.NoContent, sent.StatusCode);
        using (var linked = await finance.GetAsync($"/api/payments/{payment}/file.csv")) Assert.Equal(HttpStatusCode.MethodNotAllowed, linked.StatusCode);
        using (var file = await finance.PostAsync($"/api/payments/{payment}/file.csv", null))
            Assert.Contains($",{SettledScene.Account},1200.00,1,", await file.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using (var paid = await finance.PostAsJsonAsync($"/api/payments/{payment}/paid", new { bankReference = "20260101-1" }))
            Assert.Equal(HttpStatusCode.NoContent, paid.StatusCode);
        using (var twice = await finance.PostAsJsonAsync($"/api/payments/{payment}/paid", new { bankReference = "20260101-1" }))
            await ExpectProblemAsync(twice, HttpStatusCode.Conflict, "WrongStep");
        var seen = await finance.GetStringAsync($"/api/payments/{payment}");
        Assert.DoesNotContain(SettledScene.Account, seen, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"Paid\"", seen, StringComparison.Ordinal);

        using var auditor = await server.LogInAsync("auditor");
        var report = await auditor.GetFromJsonAsync<JsonElement>("/api/invariants");
        Assert.Equal(0, report.GetProperty("violations").GetArrayLength());
        await ExpectExportOnTrailAsync(payment);
    }

    [Fact]
    public async Task An_institution_sees_its_own_claims_only()
    {
        var scene = await SettledScene.BuildAsync(server);
        var voucher = (await scene.CompletedVouchersAsync(1))[0];
        using var own = await server.LogInAsync("manager");
        using var other = await server.LogInAsync("manager2");
        using (var foreign = await other.PostAsJsonAsync("/api/claims", new { voucherNumbers = new[] { Text(voucher) } }))
            await ExpectProblemAsync(foreign, HttpStatusCode.NotFound, "NotFound");
        var claim = (await PostAsync(own, "/api/claims", new { voucherNumbers = new[] { Text(voucher) } })).GetProperty("id").GetInt64();
        using (var foreign = await other.GetAsync($"/api/claims/{claim}")) await ExpectProblemAsync(foreign, HttpStatusCode.NotFound, "NotFound");
        Assert.DoesNotContain((await other.GetFromJsonAsync<JsonElement>("/api/claims")).EnumerateArray(), entry => entry.GetProperty("id").GetInt64() == claim);
        using var portal = await server.OpenPortalAsync("manager2");
        using (var page = await portal.GetAsync($"/settling/claims/{claim}")) Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        using (var page = await portal.GetAsync("/settling/payments")) Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
    }

    [Theory]
    [InlineData("""{"voucherNumbers":["123"]}""", "voucherNumbers[0]")]
    [InlineData("""{"voucherNumbers":[null]}""", "voucherNumbers[0]")]
    [InlineData("""{"voucherNumbers":[]}""", "voucherNumbers")]
    [InlineData("""{"voucherNumbers":"all"}""", "voucherNumbers")]
    public async Task A_claim_that_cannot_be_read_names_the_field(string body, string field) =>
        await ExpectFieldAsync("manager", "/api/claims", body, field);

    [Theory]
    [InlineData("""{"claimIds":[]}""", "claimIds")]
    [InlineData("{}", "claimIds")]
    public async Task A_payment_that_cannot_be_read_names_the_field(string body, string field) =>
        await ExpectFieldAsync("finance", "/api/payments", body, field);

    [Theory]
    [InlineData("""{"fundSource":"","documentNo":"1号","year":2026,"department":"局","name":"项"}""", "fundSource")]
    [InlineData("""{"fundSource":"源","documentNo":"1号","year":1999,"department":"局","name":"项"}""", "year")]
    [InlineData("""{"fundSource":"源","documentNo":"1号","year":2026,"department":"局","name":"这个名字太长这个名字太长这个名字太长这个名字太长这个名字太长这个名字太长这个名字太长"}""", "name")]
    public async Task A_budget_line_that_cannot_be_opened_names_the_field(string body, string field) =>
        await ExpectFieldAsync("finance", "/api/budget-lines", body, field);

    [Fact]
    public async Task A_budget_line_is_opened_and_a_document_allocates_to_it_once()
    {
        using var finance = await server.LogInAsync("finance");
        var request = new { fundSource = "新来源", documentNo = "新〔2026〕1号", year = 2026, department = "县妇联", name = "巾帼培训" };
        var line = (await PostAsync(finance, "/api/budget-lines", request)).GetProperty("id").GetInt32();
        using (var twice = await finance.PostAsJsonAsync("/api/budget-lines", request)) Assert.Equal(HttpStatusCode.BadRequest, twice.StatusCode);
        var allocation = new { amountFen = 5_000_00L, documentNo = "新〔2026〕2号" };
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => finance.PostAsJsonAsync($"/api/budget-lines/{line}/allocate", allocation)));
        Assert.Single(outcomes, answer => answer.StatusCode == HttpStatusCode.NoContent);
        Assert.All(outcomes.Where(answer => answer.StatusCode != HttpStatusCode.NoContent), answer => Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode));
        foreach (var answer in outcomes) answer.Dispose();
        var lines = await finance.GetFromJsonAsync<JsonElement>("/api/budget-lines");
        var opened = lines.EnumerateArray().Single(entry => entry.GetProperty("id").GetInt32() == line);
        Assert.Equal((500_000, 500_000), (opened.GetProperty("allocatedFen").GetInt64(), opened.GetProperty("unreservedFen").GetInt64()));
        await ExpectFieldAsync("finance", $"/api/budget-lines/{line}/allocate", """{"amountFen":-1,"documentNo":"x"}""", "amountFen");
        await ExpectFieldAsync("finance", $"/api/budget-lines/{line}/allocate", """{"amountFen":1,"documentNo":""}""", "documentNo");
    }

    [Theory]
    [InlineData("manager", "/settling", "claimable-open")]
    [InlineData("manager", "/settling/claimable", "")]
    [InlineData("reviewer", "/settling", "")]
    [InlineData("finance", "/settling/payments", "")]
    [InlineData("finance", "/ledger", "budget-open")]
    [InlineData("auditor", "/ledger/1", "")]
    public async Task Each_page_opens_for_those_who_work_on_it(string login, string path, string testId)
    {
        using var portal = await server.OpenPortalAsync(login);
        Assert.Contains(testId, await portal.GetStringAsync(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clerk", "/api/payments")]
    [InlineData("manager", "/api/payments")]
    [InlineData("reviewer", "/api/claims")]
    [InlineData("auditor", "/api/claims/1/approve")]
    [InlineData("approver", "/api/claims/1/review-all")]
    [InlineData("manager", "/api/budget-lines")]
    public async Task Nobody_takes_a_step_that_is_not_theirs(string login, string path)
    {
        using var client = await server.LogInAsync(login);
        using var answer = await client.PostAsJsonAsync(path, new { });
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private static string Text(VoucherId voucher) => voucher.ToString();

    private async Task ExpectExportOnTrailAsync(long payment)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        var details = await connection.QueryAsync<string>(
            "select detail from audit_entry where action = 'payment.export' and subject = @subject", new { subject = $"payment:{payment}" });
        Assert.DoesNotContain(SettledScene.Account, Assert.Single(details), StringComparison.Ordinal);
    }

    private async Task ExpectFieldAsync(string login, string path, string body, string field)
    {
        using var client = await server.LogInAsync(login);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(path, content);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
    }

    private static async Task<JsonElement> PostAsync(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(path, body);
        var content = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, content);
        return JsonSerializer.Deserialize<JsonElement>(content);
    }

    private static async Task ExpectProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string name)
    {
        Assert.Equal(status, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(name, problem.GetProperty("name").GetString());
    }
}
