using System.Globalization;
using System.Security.Claims;

namespace Voucher.Server.Accounts;

/// <summary>Who acts: the log-in, the human behind it, their roles, and the institution they belong to (none for the county).</summary>
/// <param name="Stamp">Of the password in force at the log-in; a session with another stamp is over.</param>
/// <param name="Place">Of people of a township or a village: all that they see lies there.</param>
public sealed record Actor(
    AccountId Account, StaffId Staff, string Name, IReadOnlySet<Role> Roles, InstitutionId? Institution, string Stamp = "", PlaceCode? Place = null)
{
    private const string StaffClaim = "staff";
    private const string InstitutionClaim = "institution";
    private const string StampClaim = "stamp";
    private const string PlaceClaim = "place";

    public bool IsCounty => Institution is null && Place is null;

    /// <summary>Whether the actor may see or touch what belongs to the institution: the county all, an institution its own.</summary>
    public bool MayActFor(InstitutionId institution) => IsCounty || Institution == institution;

    /// <summary>As decisions compare persons: with every row under which they are known.</summary>
    public ActingPerson Person => SamePerson.Acting(Staff);

    public bool May(string permission) => Permission.Holders[permission].Any(Roles.Contains);

    public ClaimsPrincipal ToPrincipal(string scheme)
    {
        List<Claim> claims =
        [
            new(ClaimTypes.NameIdentifier, Account.ToString()),
            new(ClaimTypes.Name, Name),
            new(StaffClaim, Staff.ToString()),
            new(StampClaim, Stamp),
            .. Roles.Select(role => new Claim(ClaimTypes.Role, role.ToString())),
        ];
        if (Institution is { } institution) claims.Add(new(InstitutionClaim, institution.ToString()));
        if (Place is { } place) claims.Add(new(PlaceClaim, place.ToString()));
        return new ClaimsPrincipal(new ClaimsIdentity(claims, scheme));
    }

    /// <summary>The actor of a signed-in request; throws when nobody is signed in.</summary>
    public static Actor Of(ClaimsPrincipal user)
    {
        int Number(string claim) => int.Parse(user.FindFirstValue(claim)!, CultureInfo.InvariantCulture);
        return new Actor(
            new AccountId(Number(ClaimTypes.NameIdentifier)),
            new StaffId(Number(StaffClaim)),
            user.FindFirstValue(ClaimTypes.Name)!,
            user.FindAll(ClaimTypes.Role).Select(claim => Enum.Parse<Role>(claim.Value)).ToHashSet(),
            user.HasClaim(claim => claim.Type == InstitutionClaim) ? new InstitutionId(Number(InstitutionClaim)) : null,
            user.FindFirstValue(StampClaim) ?? "",
            PlaceCode.TryParse(user.FindFirstValue(PlaceClaim), out var place) ? place : null);
    }
}

public static class ActorOfRequest
{
    public static Actor Actor(this HttpContext context) => Accounts.Actor.Of(context.User);
}
