using Voucher.Core.Policies;
using Voucher.Core.Refusals;

namespace Voucher.Core.Institutions;

/// <summary>What the rules say of the ladder.</summary>
public static class ConsequenceRules
{
    /// <summary>All that the rung blocks; several rules for one rung add up.</summary>
    public static Blocked BlocksOf(this PolicyParameters rules, ConsequenceRung rung) =>
        rules.Consequences.Where(rule => rule.Rung == rung).Aggregate(Blocked.None, (all, rule) => all | rule.Blocks);

    /// <summary>The refusal of what an institution that stands on these rungs may not do, naming the highest that blocks it; or <c>null</c>.</summary>
    public static Refusal? Refuse(Policy policy, IEnumerable<ConsequenceRung> rungs, Blocked what)
    {
        ConsequenceRung[] blocking = [.. rungs.Where(rung => (policy.Parameters.BlocksOf(rung) & what) != Blocked.None).OrderDescending().Take(1)];
        return blocking is [var rung] ? Refusal.Under(policy, RefusalCode.ConsequenceBlocks, rung.Name(), what.Name()) : null;
    }
}
