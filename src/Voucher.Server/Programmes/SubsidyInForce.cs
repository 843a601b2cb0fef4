namespace Voucher.Server.Programmes;

/// <summary>What a trainee's completion of a programme is worth today: the one place that every list, page and menu asks.</summary>
/// <param name="Amount">What a class approved today would freeze.</param>
/// <param name="IsGuided">The trade stands in the guided catalogue (重点产业职业需求指导目录).</param>
/// <param name="Rule">What the amount rests on.</param>
public sealed record SubsidyInForce(Fen Amount, bool IsGuided, Rule Rule)
{
    public static SubsidyInForce Of(Programme programme, Policy policy)
    {
        var isGuided = policy.Parameters.GuidedTrades.Contains(programme.TradeCode);
        return new SubsidyInForce(programme.SubsidyFen, isGuided, policy.RuleOf(Clause.Subsidy));
    }
}
