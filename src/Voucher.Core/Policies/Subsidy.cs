using Voucher.Core.Money;
using Voucher.Core.Programmes;

namespace Voucher.Core.Policies;

/// <summary>
/// The subsidy for one trainee: the standard of the pack for trade and level, or else the programme's own, and what the
/// guided catalogue (重点产业职业需求指导目录) adds.
/// </summary>
/// <param name="Standard">Before the uplift.</param>
/// <param name="UpliftPercent">0 for a trade outside the catalogue.</param>
/// <param name="Rule">What the standard rests on.</param>
/// <param name="UpliftRule">What the uplift rests on; <c>null</c> without one.</param>
public sealed record Subsidy(Fen Standard, int UpliftPercent, bool IsListed, Rule Rule, Rule? UpliftRule)
{
    /// <summary>Rounded down to whole 分: nobody is paid a fraction that the rule does not give.</summary>
    public Fen Amount => AmountOf(Standard, UpliftPercent);

    public static Fen AmountOf(Fen standard, int upliftPercent) => new(checked(standard.Value * (100 + upliftPercent)) / 100);

    /// <summary>How the amount comes about, in yuan, as it is shown beside it.</summary>
    public Words Arithmetic => ArithmeticOf(Standard, UpliftPercent);

    public static Words ArithmeticOf(Fen standard, int upliftPercent)
    {
        var yuan = standard.ToGroupedYuan();
        if (upliftPercent == 0) return new($"标准 {yuan} 元", $"standard {yuan} yuan");
        var amount = AmountOf(standard, upliftPercent).ToGroupedYuan();
        return new(
            $"标准 {yuan} 元 ×（100% + 指导目录上浮 {upliftPercent}%）= {amount} 元",
            $"standard {yuan} yuan × (100% + {upliftPercent}% for the guided catalogue) = {amount} yuan");
    }

    internal static Subsidy Under(Policy policy, int trade, SkillLevel level, Fen ownStandard)
    {
        var parameters = policy.Parameters;
        var listed = parameters.Subsidies.FirstOrDefault(standard => standard.Trade == trade && standard.Level == level);
        var uplift = parameters.GuidedTrades.Contains(trade) ? parameters.GuidedUpliftPercent : 0;
        return new(
            listed?.Amount ?? ownStandard, uplift, listed is not null, policy.RuleOf(Clause.Subsidy),
            uplift > 0 ? policy.RuleOf(Clause.Catalogue) : null);
    }
}
