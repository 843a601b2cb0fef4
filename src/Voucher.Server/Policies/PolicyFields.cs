using System.Globalization;
using Voucher.Core.Matching;
using Voucher.Core.Programmes;

namespace Voucher.Server.Policies;

/// <summary>A pack as the fields of its form: what <see cref="PolicyForm"/> reads back is the same pack.</summary>
public static class PolicyFields
{
    public static IReadOnlyDictionary<string, string[]> Of(Policy pack)
    {
        var p = pack.Parameters;
        Dictionary<string, string[]> fields = new(StringComparer.Ordinal)
        {
            ["documentNo"] = [pack.DocumentNo],
            ["title"] = [pack.Title],
            ["version"] = [Text(pack.Version)],
            ["effectiveFrom"] = [CountyTime.Show(pack.EffectiveFrom)],
            ["effectiveUntil"] = [pack.EffectiveUntil is { } until ? CountyTime.Show(until) : ""],
            ["eligibleCategories"] = [string.Join('\n', p.EligibleCategories)],
            ["highRiskTrades"] = [.. p.HighRiskTrades.Select(trade => Text(trade))],
            ["guidedTrades"] = [.. p.GuidedTrades.Select(trade => Text(trade))],
            ["livingAllowanceSource"] = [p.LivingAllowanceSource.ToString()],
            ["transportAllowanceSource"] = [p.TransportAllowanceSource.ToString()],
        };
        foreach (var clause in Clauses.All) fields[PolicyCheck.FieldOf(clause)] = [pack.RuleOf(clause).Clause];
        foreach (var number in PolicyNumbers.All) fields[number.Field] = [number.IsMoney ? new Fen(number.Get(p)).ToString() : Text(number.Get(p))];
        foreach (var given in PolicySwitch.All) fields[given.Field] = given.Get(p) ? ["true"] : [];
        foreach (var trade in p.Subsidies.GroupBy(line => line.Trade)) fields[PolicyCheck.FieldOfSubsidy(trade.Key)] = Amounts([.. trade]);
        foreach (var rule in p.Matches)
            fields[PolicyCheck.FieldOf(rule)] = [.. new[] { MatchEffect.BlocksIssuing, MatchEffect.BlocksPayment }.Where(one => rule.Effect.HasFlag(one)).Select(one => one.ToString())];
        foreach (var rule in p.Consequences)
            fields[PolicyCheck.FieldOf(rule)] = [.. new[] { Blocked.Classes, Blocked.Claims, Blocked.Payments }.Where(one => rule.Blocks.HasFlag(one)).Select(one => one.ToString())];
        return fields;
    }

    private static string[] Amounts(IReadOnlyList<SubsidyStandard> lines) =>
        [.. Enum.GetValues<SkillLevel>().Select(level => lines.FirstOrDefault(line => line.Level == level)?.Amount.ToString() ?? "")];

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
