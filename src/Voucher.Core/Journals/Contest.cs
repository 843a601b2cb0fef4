namespace Voucher.Core.Journals;

/// <summary>
/// Who holds an enrolment when several terminals claim it (decision 0016). Pure, and a function of the set of claims:
/// the order in which they arrived, repeats and delays change nothing.
/// </summary>
public static class Contest
{
    /// <summary>
    /// The standing of each claim. What stands online or was upheld holds. Then, as long as it goes on: a claim that is surely
    /// earlier than every other one that may still hold, holds; who competes with a holder has lost. The rest is in conflict.
    /// </summary>
    /// <remarks>
    /// Both sets only ever grow, so it does not matter which claim is looked at first. Later bounds can only take away
    /// certainty: nobody wins by a delay.
    /// </remarks>
    /// <param name="claims">All claims of one person; repeats of one id are one claim.</param>
    public static IReadOnlyDictionary<Guid, ClaimStanding> Of(IEnumerable<EnrolmentClaim> claims)
    {
        var all = claims.DistinctBy(claim => claim.Id).ToList();
        var standing = all.Where(claim => claim.Ruling != ClaimRuling.Open)
            .ToDictionary(claim => claim.Id, claim => claim.Ruling == ClaimRuling.Stands ? ClaimStanding.Holds : ClaimStanding.Lost);
        var open = all.Where(claim => claim.Ruling == ClaimRuling.Open).ToList();
        while (open.RemoveAll(claim => IsDecided(claim, all, standing)) > 0)
        {
            // What was decided in this round may decide others in the next.
        }
        foreach (var claim in open) standing[claim.Id] = ClaimStanding.InConflict;
        return standing;
    }

    private static bool IsDecided(EnrolmentClaim claim, List<EnrolmentClaim> all, Dictionary<Guid, ClaimStanding> standing)
    {
        var isFirst = true;
        foreach (var other in all)
        {
            if (!other.CompetesWith(claim)) continue;
            var known = standing.TryGetValue(other.Id, out var its);
            if (known && its == ClaimStanding.Holds) return standing.TryAdd(claim.Id, ClaimStanding.Lost);
            if (!known && !claim.Bounds.IsBefore(other.Bounds)) isFirst = false;
        }
        return isFirst && standing.TryAdd(claim.Id, ClaimStanding.Holds);
    }
}
