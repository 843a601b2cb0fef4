using Voucher.Core.Refusals;

namespace Voucher.Core.Policies;

/// <summary>A trade of high risk (高危行业和特种作业) is not taught without hours of safety.</summary>
public static class SafetyRule
{
    /// <param name="trade">Code of the programme's trade.</param>
    /// <param name="safetyHours">Hours of safety in the programme.</param>
    public static Refusal? Refuse(Policy policy, int trade, int safetyHours)
    {
        var rules = policy.Parameters;
        return rules.HighRiskTrades.Contains(trade) && safetyHours < rules.SafetyHours
            ? Refusal.Under(policy, RefusalCode.SafetyHoursShort, safetyHours, rules.SafetyHours)
            : null;
    }
}
