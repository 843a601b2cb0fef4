using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Voucher.Server.Accounts;
using Voucher.Server.Terminals;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.Terminals;

/// <summary>Moves its server's clock past the end of a token.</summary>
public sealed class OpenedTokensTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task A_token_that_was_opened_before_still_ends_at_its_time_and_only_the_genuine_one_opens()
    {
        using var terminal = await new ScanScene(server).PairAsync();
        for (var times = 0; times < 2; times++) Assert.Equal(HttpStatusCode.OK, await AskAsync(terminal.Client));

        using var forged = new HttpClient { BaseAddress = server.Address };
        var token = terminal.Client.DefaultRequestHeaders.Authorization!.Parameter!;
        forged.DefaultRequestHeaders.Authorization = new("Bearer", token[..^2] + (token.EndsWith('A') ? "BB" : "AA"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(forged));

        server.Clock.MoveTo(new ScanScene(server).Today.AddDays(1), new TimeOnly(23, 0));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(terminal.Client));
    }

    [Fact]
    public void No_more_tokens_are_remembered_than_the_limit()
    {
        var opened = 0;
        var tokens = new OpenedTokens(new Counted(() => opened++));
        for (var n = 0; n < OpenedTokens.Most; n++) tokens.Unprotect($"{n}");
        tokens.Unprotect("0");
        Assert.Equal(OpenedTokens.Most, opened);
        tokens.Unprotect("one more"); // Starts anew.
        tokens.Unprotect("0");
        Assert.Equal(OpenedTokens.Most + 2, opened);
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/api/terminal/setup");
        return answer.StatusCode;
    }

    private sealed class Counted(Action opened) : ISecureDataFormat<AuthenticationTicket>
    {
        public string Protect(AuthenticationTicket data) => throw new NotSupportedException();
        public string Protect(AuthenticationTicket data, string? purpose) => throw new NotSupportedException();
        public AuthenticationTicket? Unprotect(string? protectedText, string? purpose) => Unprotect(protectedText);

        public AuthenticationTicket? Unprotect(string? protectedText)
        {
            opened();
            return new AuthenticationTicket(new ClaimsPrincipal(), AccountSchemes.Terminal);
        }
    }
}
