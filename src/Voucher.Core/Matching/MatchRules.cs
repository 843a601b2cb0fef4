using Voucher.Core.Policies;

namespace Voucher.Core.Matching;

/// <summary>What the rules say of outside lists.</summary>
public static class MatchRules
{
    /// <summary>The lists in which a hit has the effect, in their own order; several rules for one list add up.</summary>
    public static IReadOnlyList<MatchSource> WithEffect(this PolicyParameters rules, MatchEffect effect) =>
        [.. rules.Matches.Where(rule => rule.Effect.HasFlag(effect)).Select(rule => rule.Source).Distinct().Order()];

    /// <summary>All that a hit in the list stops.</summary>
    public static MatchEffect EffectOf(this PolicyParameters rules, MatchSource source) =>
        rules.Matches.Where(rule => rule.Source == source).Aggregate(MatchEffect.None, (all, rule) => all | rule.Effect);
}
