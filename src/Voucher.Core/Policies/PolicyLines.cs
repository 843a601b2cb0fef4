using Voucher.Core.Institutions;
using Voucher.Core.Matching;
using Voucher.Core.Programmes;

namespace Voucher.Core.Policies;

/// <summary>One line of a pack as people read it.</summary>
/// <param name="Key">The same in every pack, so that two can be compared.</param>
/// <param name="Part">None for the document itself and for its clauses.</param>
/// <param name="Clause">What it rests on.</param>
public sealed record PolicyLine(string Key, PolicyPart? Part, Words Label, Words Value, Clause? Clause);

/// <summary>A whole pack, line by line: every parameter with its unit and clause.</summary>
public static class PolicyLines
{
    /// <param name="nameOf">The name of a trade.</param>
    public static IReadOnlyList<PolicyLine> Of(Policy pack, Func<int, Words> nameOf) =>
        [.. Document(pack), .. Parameters(pack.Parameters, nameOf), .. OfClauses(pack)];

    private static IEnumerable<PolicyLine> Document(Policy pack)
    {
        yield return new("documentNo", null, new("文号", "Document no."), Same(pack.DocumentNo), null);
        yield return new("title", null, new("名称", "Title"), Same(pack.Title), null);
        yield return new("version", null, new("版本", "Version"), new($"第{pack.Version}版", $"version {pack.Version}"), null);
        yield return new("effectiveFrom", null, new("施行日期", "In force from"), Same(CountyTime.Show(pack.EffectiveFrom)), null);
        yield return new("effectiveUntil", null, new("截止日期", "In force until"),
            pack.EffectiveUntil is { } until ? Same(CountyTime.Show(until)) : new("不设", "no end"), null);
    }

    private static IEnumerable<PolicyLine> Parameters(PolicyParameters p, Func<int, Words> nameOf) =>
        PolicyNumbers.All.Select(number => new PolicyLine(number.Field, number.Part, number.Label, number.Show(p), number.Clause))
            .Concat(PolicySwitch.All.Select(given => new PolicyLine(given.Field, given.Part, given.Label, given.Show(p), given.Clause)))
            .Concat(Tables(p, nameOf))
            .OrderBy(line => line.Part);

    private static IEnumerable<PolicyLine> Tables(PolicyParameters p, Func<int, Words> nameOf)
    {
        yield return new("eligibleCategories", PolicyPart.People, new("发券对象（人员类别）", "Who is eligible, by category"),
            p.EligibleCategories.Count == 0 ? new("所有人", "everyone") : Same(string.Join('、', p.EligibleCategories)), Clause.Eligibility);
        yield return new("highRiskTrades", PolicyPart.Training, new("高危行业和特种作业工种", "Trades of high risk"), Names(p.HighRiskTrades, nameOf), Clause.Safety);
        yield return new("guidedTrades", PolicyPart.Money, new("指导目录工种", "Trades of the guided catalogue"), Names(p.GuidedTrades, nameOf), Clause.Catalogue);
        if (p.Subsidies.Count == 0)
            yield return new("subsidies", PolicyPart.Money, new("补贴标准", "Subsidy"), new("按培训项目自己的标准", "each programme's own"), Clause.Subsidy);
        foreach (var line in p.Subsidies.OrderBy(line => line.Trade).ThenBy(line => line.Level)) yield return Of(line, nameOf);
        yield return new("livingAllowanceSource", PolicyPart.Money, new("生活费补贴列支", "Living allowance is borne by"), p.LivingAllowanceSource.Name(), Clause.Allowance);
        yield return new("transportAllowanceSource", PolicyPart.Money, new("交通费补贴列支", "Transport allowance is borne by"), p.TransportAllowanceSource.Name(), Clause.Allowance);
        foreach (var source in Enum.GetValues<MatchSource>()) yield return Of(source, p);
        foreach (var rung in Enum.GetValues<ConsequenceRung>()) yield return Of(rung, p);
    }

    private static PolicyLine Of(SubsidyStandard line, Func<int, Words> nameOf)
    {
        var (trade, level, yuan) = (nameOf(line.Trade), line.Level.Name(), line.Amount.ToGroupedYuan());
        return new($"subsidies-{line.Trade}-{(int)line.Level}", PolicyPart.Money,
            new($"补贴标准：{trade.Zh}，{level.Zh}", $"Subsidy: {trade.En}, {level.En}"), new($"{yuan} 元/人", $"{yuan} yuan a trainee"), Clause.Subsidy);
    }

    private static PolicyLine Of(MatchSource source, PolicyParameters p)
    {
        var effect = p.Matches.FirstOrDefault(rule => rule.Source == source)?.Effect ?? MatchEffect.None;
        return new($"matches-{source}", PolicyPart.Oversight,
            new($"比对命中：{source.Name().Zh}", $"A hit in: {source.Name().En}"), effect.Name(), Clause.Matching);
    }

    private static PolicyLine Of(ConsequenceRung rung, PolicyParameters p) => new($"consequences-{rung}", PolicyPart.Oversight,
        new($"处理：{rung.Name().Zh}", $"Consequence: {rung.Name().En}"), p.BlocksOf(rung).Name(), Clause.Consequences);

    private static IEnumerable<PolicyLine> OfClauses(Policy pack) => Clauses.All.Select(clause => new PolicyLine(
        PolicyCheck.FieldOf(clause), null, new($"条款：{clause.Name().Zh}", $"Clause: {clause.Name().En}"), Same(pack.RuleOf(clause).Clause), clause));

    private static Words Names(IReadOnlyList<int> trades, Func<int, Words> nameOf)
    {
        if (trades.Count == 0) return new("没有", "none");
        var names = trades.Order().Select(nameOf).ToList();
        return new(string.Join('、', names.Select(name => name.Zh)), string.Join(", ", names.Select(name => name.En)));
    }

    private static Words Same(string text) => new(text, text);
}
