namespace Voucher.Server.Programmes;

/// <summary>What a trainee's completion of a programme is worth today: the one place that every list, page and menu asks.</summary>
/// <param name="Amount">What a class approved today would freeze.</param>
/// <param name="IsGuided">The trade stands in the guided catalogue (重点产业职业需求指导目录).</param>
/// <param name="Arithmetic">How the amount comes about.</param>
/// <param name="Rules">What it rests on.</param>
public sealed record SubsidyInForce(Fen Amount, bool IsGuided, Words Arithmetic, IReadOnlyList<Rule> Rules)
{
    public static SubsidyInForce Of(Programme programme, Policy policy)
    {
        var subsidy = ProgrammeTerms.Of(programme).Under(policy);
        return new SubsidyInForce(
            subsidy.Amount, policy.Parameters.GuidedTrades.Contains(programme.TradeCode), subsidy.Arithmetic,
            subsidy.UpliftRule is { } uplift ? [subsidy.Rule, uplift] : [subsidy.Rule]);
    }
}
