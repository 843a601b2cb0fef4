using Voucher.Core.Policies;
using Voucher.Core.Refusals;

namespace Voucher.Core.Programmes;

/// <summary>What a pack asks of a programme before it may stand on the menu, and again before a class of it is opened.</summary>
public static class ProgrammeRules
{
    /// <param name="trade">Code of the programme's trade.</param>
    /// <param name="safetyHours">Hours of safety among all its hours.</param>
    /// <returns><c>null</c> when the pack allows it.</returns>
    public static Refusal? Refuse(Policy policy, int trade, ProgrammeKind kind, int safetyHours)
    {
        var rules = policy.Parameters;
        if (rules.HighRiskTrades.Contains(trade) && safetyHours < rules.SafetyHours)
            return Refusal.Under(policy, RefusalCode.SafetyHoursShort, safetyHours, rules.SafetyHours);
        if (kind == ProgrammeKind.WorkTraining && rules.WorkTrainingMonths == 0)
            return Refusal.Under(policy, RefusalCode.WorkTrainingNotInPolicy);
        return null;
    }
}
