using System.Net;
using Dapper;
using Voucher.Core.Wire;
using Voucher.Server.Api;
using Voucher.Server.Portal;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.Portal;

public sealed class ForgeryTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Theory]
    [InlineData("/log-in")]
    [InlineData("/log-out")]
    [InlineData("/language")]
    [InlineData("/account")]
    public async Task A_form_of_a_foreign_page_is_refused(string path)
    {
        using var portal = await server.OpenPortalAsync("clerk");
        using var answer = await portal.PostAsync(path, new FormUrlEncodedContent(new Dictionary<string, string> { ["language"] = "en", ["login"] = "clerk" }));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using var still = await portal.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
    }

    [Fact]
    public async Task Logging_out_with_the_pages_own_form_ends_the_session()
    {
        using var portal = await server.OpenPortalAsync("clerk");
        var token = ServerUnderTest.Antiforgery(await portal.GetStringAsync("/"));
        using var answer = await portal.PostAsync("/log-out", new FormUrlEncodedContent(new Dictionary<string, string> { ["__RequestVerificationToken"] = token }));
        Assert.Equal("/log-in", answer.Headers.Location!.OriginalString);
        using var page = await portal.GetAsync("/");
        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
    }

    [Fact]
    public async Task Markup_in_a_name_is_shown_as_text_on_every_page()
    {
        const string markup = "<img src=x onerror=alert(1)>";
        var scene = new ScanScene(server);
        using var terminal = await scene.PairAsync();
        var (voucher, training) = (await scene.IssueAsync(), await scene.OpenClassAsync());
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            update institution set name = @markup || id, address = @markup, phone = 'x' where id < 3;
            update programme set name = @markup where code = 1001;
            update training_class set name = @markup, site = @markup;
            update terminal set name = @markup;
            update person set name = @markup, household_place = @markup;
            update batch set name = @markup;
            update budget_line set name = @markup, department = @markup where id = 1;
            update staff set name = @markup;
            """, new { markup });
        Assert.True((await terminal.ScanAsync(ScanMode.Enrol, training, voucher)).Accepted);

        foreach (var login in new[] { "clerk", "approver", "manager" })
        {
            using var portal = await server.OpenPortalAsync(login);
            foreach (var path in MainMenu.All.Select(entry => entry.Path).Append("/").Append("/account"))
            {
                using var page = await portal.GetAsync(path);
                Assert.DoesNotContain("<img src=x", await page.Content.ReadAsStringAsync());
            }
        }
        using var live = await server.OpenPortalAsync("clerk");
        Assert.Contains("&lt;img src=x", await live.GetStringAsync("/live"));
    }

    [Fact]
    public async Task Every_answer_carries_the_security_headers_and_no_page_an_inline_script()
    {
        using var portal = await server.OpenPortalAsync("auditor");
        foreach (var path in new[] { "/", "/live", "/audit", "/account", "/log-in", "/no-such-page", "/api/no-such-path", "/portal.css", "/openapi/voucher.json" })
        {
            using var answer = await portal.GetAsync(path);
            Assert.Equal(SecurityHeaders.ContentSecurityPolicy, Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
            if (answer.Content.Headers.ContentType?.MediaType != "text/html") continue;
            var page = await answer.Content.ReadAsStringAsync();
            Assert.DoesNotMatch("<script(?![^>]*\\bsrc=)", page);
            Assert.DoesNotMatch("<[^>]+\\son[a-z]+=", page);
            Assert.DoesNotMatch("(src|href|action)=\"(https?:)?//", page);
        }
    }
}
