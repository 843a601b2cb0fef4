namespace Voucher.Core.Journals;

/// <summary>
/// Who holds an enrolment when several terminals claim it (design.md, Offline). Pure, and a function of the set of claims:
/// the order in which they arrived, repeats and delays change nothing.
/// </summary>
public static class Contest
{
    /// <summary>The standing of each claim. What stands online or was upheld holds; else the surely earlier one does; else they are in conflict.</summary>
    /// <param name="claims">All claims of one person; repeats of one id are one claim.</param>
    public static IReadOnlyDictionary<Guid, ClaimStanding> Of(IEnumerable<EnrolmentClaim> claims)
    {
        var all = claims.DistinctBy(claim => claim.Id).OrderBy(claim => claim.Bounds.To).ThenBy(claim => claim.Id).ToList();
        var standing = new Dictionary<Guid, ClaimStanding>(all.Count);
        foreach (var claim in all.Where(claim => claim.Ruling == ClaimRuling.Stands)) standing[claim.Id] = ClaimStanding.Holds;
        foreach (var claim in all.Where(claim => claim.Ruling == ClaimRuling.Rejected)) standing[claim.Id] = ClaimStanding.Lost;
        // Whoever is surely earlier than another comes before it in this order, so that its own standing is known by then.
        var open = all.Where(claim => claim.Ruling == ClaimRuling.Open).ToList();
        foreach (var claim in open) standing[claim.Id] = StandingOf(claim, all, open, standing);
        return standing;
    }

    private static ClaimStanding StandingOf(
        EnrolmentClaim claim, List<EnrolmentClaim> all, List<EnrolmentClaim> open, Dictionary<Guid, ClaimStanding> standing)
    {
        if (all.Exists(other => other.Ruling == ClaimRuling.Stands && other.CompetesWith(claim))) return ClaimStanding.Lost;
        var earlier = open.Where(other => other.CompetesWith(claim) && other.Bounds.IsBefore(claim.Bounds)).Select(other => standing[other.Id]).ToList();
        if (earlier.Contains(ClaimStanding.Holds)) return ClaimStanding.Lost;
        // An earlier one that is itself in conflict may yet be decided against: this one waits with it.
        if (earlier.Contains(ClaimStanding.InConflict)) return ClaimStanding.InConflict;
        return open.Exists(other => IsRival(claim, other, all, open)) ? ClaimStanding.InConflict : ClaimStanding.Holds;
    }

    /// <summary>A competing claim of which nobody can tell whether it was earlier, and which has not lost to others anyway.</summary>
    private static bool IsRival(EnrolmentClaim claim, EnrolmentClaim other, List<EnrolmentClaim> all, List<EnrolmentClaim> open) =>
        other.CompetesWith(claim) && !claim.Bounds.IsBefore(other.Bounds) && !other.Bounds.IsBefore(claim.Bounds) && !IsSurelyLost(other, all, open);

    private static bool IsSurelyLost(EnrolmentClaim claim, List<EnrolmentClaim> all, List<EnrolmentClaim> open) =>
        all.Exists(other => other.Ruling == ClaimRuling.Stands && other.CompetesWith(claim))
        || open.Exists(other => other.CompetesWith(claim) && other.Bounds.IsBefore(claim.Bounds) && IsUncontested(other, all, open));

    /// <summary>Nothing that competes with it stands, or could have been before it.</summary>
    private static bool IsUncontested(EnrolmentClaim claim, List<EnrolmentClaim> all, List<EnrolmentClaim> open) =>
        !all.Exists(other => other.Ruling == ClaimRuling.Stands && other.CompetesWith(claim))
        && !open.Exists(other => other.CompetesWith(claim) && !claim.Bounds.IsBefore(other.Bounds));
}
