using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Voucher.Server.Accounts;

namespace Voucher.Server.Tests.Accounts;

public sealed class LogInTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task A_demo_account_logs_in_and_is_told_who_it_is()
    {
        using var client = await server.LogInAsync("clerk");
        var me = await client.GetFromJsonAsync<JsonElement>("/api/me");
        Assert.Equal("Clerk", me.GetProperty("roles")[0].GetString());
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_name_get_the_same_answer()
    {
        using var client = new HttpClient { BaseAddress = server.Address };
        var answers = new List<string>();
        foreach (var login in new[] { "clerk", "nobody-here" })
        {
            using var answer = await client.PostAsJsonAsync("/api/login", new { login, password = "wrong" });
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
            answers.Add(body.GetProperty("errors").ToString());
        }
        Assert.Equal(answers[0], answers[1]);
    }

    [Fact]
    public async Task A_field_of_the_wrong_type_is_named()
    {
        using var client = new HttpClient { BaseAddress = server.Address };
        using var answer = await client.PostAsJsonAsync("/api/login", new { login = 5, password = "x" });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(body.GetProperty("errors").TryGetProperty("login", out _), body.ToString());
    }

    [Theory]
    [InlineData("a\0b")]
    [InlineData("a\u0001b")]
    [InlineData("\ud800")]
    public async Task A_name_that_no_database_can_hold_is_a_bad_field(string login)
    {
        var outcome = Assert.IsType<Core.Refusals.Outcome<Actor>.BadInput>(await server.Get<LogIn>().TryAsync(login, "wrong"));
        Assert.Equal("login", Assert.Single(outcome.Errors).Field);
    }

    [Fact]
    public async Task The_keys_of_cookies_are_sealed_in_the_database_and_every_server_of_the_county_opens_them()
    {
        var cookies = new CookieContainer();
        using var portal = await server.OpenPortalAsync("clerk", cookies);
        await using var connection = await server.Database.OpenConnectionAsync();
        var keys = (await connection.QueryAsync<string>("select xml from data_protection_key")).ToList();
        Assert.NotEmpty(keys);
        Assert.All(keys, key =>
        {
            Assert.Contains("<sealedKey", key, StringComparison.Ordinal);
            Assert.DoesNotContain("<masterKey", key, StringComparison.Ordinal);
        });

        var another = await server.StartAnotherAsync();
        using var handler = new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = cookies };
        using var elsewhere = new HttpClient(handler) { BaseAddress = ServerUnderTest.AddressOf(another) };
        using var answer = await elsewhere.GetAsync("/register");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await another.StopAsync();
        await another.DisposeAsync();
    }

    [Fact]
    public async Task Ten_failures_close_a_log_in_until_the_window_has_passed()
    {
        var logIn = server.Get<LogIn>();
        for (var i = 0; i < LogIn.MostFailures; i++) await logIn.TryAsync("auditor", "wrong");
        Assert.IsType<Core.Refusals.Outcome<Actor>.BadInput>(await logIn.TryAsync("auditor", ServerUnderTest.Password));
        server.Clock.Advance(LogIn.FailureWindow);
        Assert.IsType<Core.Refusals.Outcome<Actor>.Done>(await logIn.TryAsync("auditor", ServerUnderTest.Password));
    }

    [Fact]
    public async Task The_portal_cookie_opens_nothing_under_api()
    {
        using var portal = await server.OpenPortalAsync("clerk");
        using var answer = await portal.GetAsync("/api/me");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }
}
