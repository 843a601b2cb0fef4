using Voucher.Core.Matching;
using Voucher.Core.Policies;

namespace Voucher.Core.Issuing;

public static class BlockingMatches
{
    /// <summary>Outside lists of which a standing hit stops issuing under the pack.</summary>
    public static IEnumerable<MatchSource> SourcesThatBlockIssuing(this PolicyParameters rules) =>
        rules.Matches.Where(match => match.Effect.HasFlag(MatchEffect.BlocksIssuing)).Select(match => match.Source).Distinct();
}
