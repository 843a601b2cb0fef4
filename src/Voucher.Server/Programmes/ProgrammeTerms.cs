using Voucher.Core.Programmes;

namespace Voucher.Server.Programmes;

/// <summary>A programme as the rules on money and length look at it: the one place that says where level and kind come from.</summary>
public sealed record ProgrammeTerms(int Trade, SkillLevel Level, ProgrammeKind Kind, int SafetyHours, Fen OwnStandard)
{
    public static ProgrammeTerms Of(Programme programme) =>
        new(programme.TradeCode, programme.Level, programme.Kind, programme.SafetyHours, programme.SubsidyFen);

    /// <summary>What the pack says against a class of it, whatever its dates.</summary>
    public Refusal? Refuse(Policy policy) => ProgrammeRules.Refuse(policy, Trade, Kind, SafetyHours);

    /// <summary>The subsidy for a trainee under the pack.</summary>
    public Subsidy Under(Policy policy) => policy.SubsidyFor(Trade, Level, OwnStandard);
}
