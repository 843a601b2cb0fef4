using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;

namespace Voucher.Server.Accounts;

/// <summary>
/// Makes an access token worth nothing once its log-in is closed, or has another password or other roles; the cookie has its own check.
/// </summary>
public sealed class EndedTokens(AccountStore accounts) : IClaimsTransformation
{
    public async Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
    {
        if (principal.Identity?.AuthenticationType != AccountSchemes.Token) return principal;
        return await accounts.RowsOfPersonAsync(Actor.Of(principal)) is { } rows ? SamePerson.Name(principal, rows) : new ClaimsPrincipal(new ClaimsIdentity());
    }
}
