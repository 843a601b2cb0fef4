using System.Globalization;
using System.Security.Claims;

namespace Voucher.Server.Accounts;

/// <summary>
/// All rows under which the acting person is known. Two rows that were found to be one person are merged, and both stay:
/// what was decided under the old one is still that person's when duties are compared. Read with every request's check of its
/// session, and seen by everything that the request awaits.
/// </summary>
public static class SamePerson
{
    private const string RowClaim = "same-person";

    private static readonly AsyncLocal<IReadOnlySet<StaffId>?> Ambient = new();

    /// <summary>The person who acts, for a decision that compares persons.</summary>
    public static ActingPerson Acting(StaffId staff) => new(staff, Ambient.Value);

    /// <summary>The principal with the person's rows, where there is more than one.</summary>
    internal static ClaimsPrincipal Name(ClaimsPrincipal principal, IReadOnlyList<StaffId> rows)
    {
        if (rows.Count < 2 || principal.Identity is not ClaimsIdentity identity) return principal;
        foreach (var old in identity.FindAll(RowClaim).ToList()) identity.RemoveClaim(old);
        identity.AddClaims(rows.Select(row => new Claim(RowClaim, row.ToString())));
        return principal;
    }

    /// <summary>Middleware; behind authentication.</summary>
    public static Task NoteAsync(HttpContext context, RequestDelegate next)
    {
        Ambient.Value = context.User.FindAll(RowClaim).Select(claim => new StaffId(int.Parse(claim.Value, CultureInfo.InvariantCulture))).ToHashSet();
        return next(context);
    }
}
