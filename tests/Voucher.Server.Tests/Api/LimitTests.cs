using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Voucher.Server.Operating.Limits;

namespace Voucher.Server.Tests.Api;

/// <summary>A server with its limits as they are in a county.</summary>
public sealed class LimitedServer : ServerUnderTest
{
    protected override int RateScale => 1;
}

/// <summary>On a server of its own, since it uses up what this address may ask.</summary>
public sealed class LimitTests(LimitedServer server) : IClassFixture<LimitedServer>
{
    [Fact]
    public async Task Asking_too_often_without_a_log_in_is_answered_with_429_while_those_logged_in_go_on()
    {
        using var clerk = await server.LogInAsync("clerk");
        using var client = new HttpClient { BaseAddress = server.Address };
        var refused = 0;
        // Twice the limit, so that a window that ends in between does not matter.
        for (var i = 0; i < 2 * RateLimit.Anonymous.PerMinute && refused == 0; i++)
        {
            using var page = await client.GetAsync("/log-in");
            if (page.StatusCode == HttpStatusCode.TooManyRequests)
            {
                refused++;
                Assert.Contains("请求太多", await page.Content.ReadAsStringAsync());
                Assert.NotNull(page.Headers.RetryAfter);
            }
        }
        Assert.Equal(1, refused);
        using var api = await client.PostAsJsonAsync("/api/login", new { login = "clerk", password = ServerUnderTest.Password });
        Assert.Equal(HttpStatusCode.TooManyRequests, api.StatusCode);
        Assert.Equal("application/problem+json", api.Content.Headers.ContentType!.MediaType);
        Assert.Equal("anonymous", (await api.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("limit").GetString());
        using var me = await clerk.GetAsync("/api/me");
        Assert.Equal(HttpStatusCode.OK, me.StatusCode);
        using var alive = await client.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
    }
}

public sealed class StatusProblemTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Theory]
    [InlineData("GET", "/api/no-such-path", 404)]
    [InlineData("DELETE", "/api/me", 405)]
    [InlineData("POST", "/api/login", 415)]
    public async Task A_bare_status_of_the_API_is_problem_details(string method, string path, int status)
    {
        using var client = await server.LogInAsync("clerk");
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = method == "POST" ? new StringContent("login=clerk") : null };
        using var answer = await client.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(status, body.GetProperty("status").GetInt32());
    }

    [Theory]
    [InlineData(ServerComposition.MostFormValues - 10, 302)]
    [InlineData(ServerComposition.MostFormValues + 1, 400)]
    public async Task A_form_has_so_many_values_and_no_more(int values, int status)
    {
        using var portal = await server.OpenPortalAsync("manager");
        var token = ServerUnderTest.Antiforgery(await portal.GetStringAsync("/account"));
        var fields = Enumerable.Range(0, values).Select(i => KeyValuePair.Create($"x{i}", "1"))
            .Append(KeyValuePair.Create("__RequestVerificationToken", token)).Append(KeyValuePair.Create("language", "zh-CN"));
        using var answer = await portal.PostAsync("/language", new FormUrlEncodedContent(fields));
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Without_a_token_the_API_says_so_in_the_callers_language()
    {
        using var client = new HttpClient { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Add("Accept-Language", "en");
        using var answer = await client.GetAsync("/api/me");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.StartsWith("Log in first", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("title").GetString());
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_with_problem_details()
    {
        using var client = new HttpClient { BaseAddress = server.Address };
        using var answer = await client.PostAsJsonAsync("/api/login", new { login = new string('x', (int)ServerComposition.LargestBodyBytes), password = "x" });
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("内容过大", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("title").GetString());
    }

    [Fact]
    public async Task The_document_describes_every_endpoint_with_its_tag_its_way_in_and_its_errors()
    {
        using var client = new HttpClient { BaseAddress = server.Address };
        var document = await client.GetFromJsonAsync<JsonElement>("/openapi/voucher.json");
        Assert.Equal("bearer", document.GetProperty("components").GetProperty("securitySchemes").GetProperty("bearer").GetProperty("scheme").GetString());
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        foreach (var operation in path.Value.EnumerateObject())
        {
            var where = $"{operation.Name} {path.Name}";
            Assert.True(operation.Value.TryGetProperty("summary", out _), $"{where}: no summary");
            Assert.True(operation.Value.GetProperty("tags").GetArrayLength() == 1, $"{where}: no tag");
            var isOpen = !operation.Value.TryGetProperty("security", out _);
            Assert.True(operation.Value.GetProperty("responses").TryGetProperty(isOpen ? "429" : "401", out _), $"{where}: no error");
        }
    }
}
