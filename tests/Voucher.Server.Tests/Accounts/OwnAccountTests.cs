using System.Net;
using Voucher.Core.Refusals;
using Voucher.Server.Accounts;

namespace Voucher.Server.Tests.Accounts;

public sealed class OwnAccountTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private const string NewPassword = "a-longer-battery-horse";

    [Fact]
    public async Task A_new_password_ends_every_other_session_and_keeps_this_one()
    {
        using var here = await server.OpenPortalAsync("finance");
        using var elsewhere = await server.OpenPortalAsync("finance");
        using var token = await server.LogInAsync("finance");

        using var changed = await PostAsync(here, ServerUnderTest.Password, NewPassword, NewPassword);
        Assert.Equal(HttpStatusCode.Redirect, changed.StatusCode);

        Assert.Contains("密码已修改", await here.GetStringAsync("/account"));
        using var there = await elsewhere.GetAsync("/account");
        Assert.StartsWith("/log-in", there.Headers.Location!.PathAndQuery);
        using var api = await token.GetAsync("/api/me");
        Assert.False(api.IsSuccessStatusCode);
        Assert.IsType<Outcome<Actor>.BadInput>(await server.Get<LogIn>().TryAsync("finance", ServerUnderTest.Password));
        Assert.IsType<Outcome<Actor>.Done>(await server.Get<LogIn>().TryAsync("finance", NewPassword));
    }

    [Theory]
    [InlineData("wrong", NewPassword, NewPassword, "现在的密码不对")]
    [InlineData(ServerUnderTest.Password, "short", "short", "密码应为10至128个字符")]
    [InlineData(ServerUnderTest.Password, ServerUnderTest.Password, ServerUnderTest.Password, "新密码不能与现在的相同")]
    [InlineData(ServerUnderTest.Password, NewPassword, "a-longer-battery-house", "两次输入的新密码不一致")]
    public async Task What_cannot_be_a_new_password_is_said(string current, string wanted, string again, string problem)
    {
        using var portal = await server.OpenPortalAsync("reviewer");
        using var answer = await PostAsync(portal, current, wanted, again);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(problem, await answer.Content.ReadAsStringAsync());
        Assert.IsType<Outcome<Actor>.Done>(await server.Get<LogIn>().TryAsync("reviewer", ServerUnderTest.Password));
    }

    [Fact]
    public async Task A_closed_log_in_is_out_at_its_next_request()
    {
        using var portal = await server.OpenPortalAsync("desk");
        using var token = await server.LogInAsync("desk");
        Assert.True(await server.Get<AccountStore>().CloseAsync("desk", server.Clock.GetUtcNow()));
        Assert.False(await server.Get<AccountStore>().CloseAsync("desk", server.Clock.GetUtcNow()));

        using var page = await portal.GetAsync("/");
        Assert.StartsWith("/log-in", page.Headers.Location!.PathAndQuery);
        using var api = await token.GetAsync("/api/me");
        Assert.False(api.IsSuccessStatusCode);
        Assert.IsType<Outcome<Actor>.BadInput>(await server.Get<LogIn>().TryAsync("desk", ServerUnderTest.Password));
    }

    [Fact]
    public async Task Loading_the_demo_county_again_ends_no_session()
    {
        using var portal = await server.OpenPortalAsync("clerk");
        await server.Get<Voucher.Server.Demo.DemoCounty>().LoadAsync(ServerUnderTest.Password);
        using var page = await portal.GetAsync("/account");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient portal, string current, string wanted, string again) =>
        await portal.PostAsync("/account", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["current"] = current, ["wanted"] = wanted, ["again"] = again,
            ["__RequestVerificationToken"] = ServerUnderTest.Antiforgery(await portal.GetStringAsync("/account")),
        }));
}
