using Voucher.Core.Matching;
using Voucher.Core.Policies;
using Voucher.Core.Programmes;
using Voucher.Core.Tests.Vouchers;

namespace Voucher.Core.Tests.Policies;

public sealed class PolicyCheckTests
{
    private static List<string> Faults(Policy pack) => [.. PolicyCheck.FaultsOf(pack).Select(fault => fault.Field)];

    private static List<string> Faults(PolicyParameters parameters) => Faults(Sample.Policy with { Parameters = parameters });

    [Fact]
    public void A_pack_in_order_has_no_fault() => Assert.Empty(Faults(Sample.Policy));

    [Fact]
    public void Every_clause_needs_its_text()
    {
        foreach (var clause in Clauses.All)
        {
            var without = Sample.Policy.Clauses.Where(entry => entry.Key != clause).ToDictionary();
            Assert.Equal([$"clause-{clause}"], Faults(Sample.Policy with { Clauses = without }));
            foreach (var text in new[] { " ", new string('长', Clauses.Longest + 1), "a\0b", "a\nb", "\ud800" })
                Assert.Equal([$"clause-{clause}"], Faults(Sample.Policy with { Clauses = new Dictionary<Clause, string>(without) { [clause] = text } }));
        }
        Assert.Equal(["clause-99"], Faults(Sample.Policy with { Clauses = new Dictionary<Clause, string>(Sample.Policy.Clauses) { [(Clause)99] = "x" } }));
    }

    [Fact]
    public void The_document_itself_is_looked_at()
    {
        Assert.Equal(["documentNo"], Faults(Sample.Policy with { DocumentNo = "" }));
        Assert.Equal(["title"], Faults(Sample.Policy with { Title = new string('长', PolicyCheck.LongestTitle + 1) }));
        Assert.Equal(["version"], Faults(Sample.Policy with { Version = 0 }));
        Assert.Equal(["version"], Faults(Sample.Policy with { Version = PolicyCheck.LastVersion + 1 }));
        Assert.Equal(["effectiveFrom"], Faults(Sample.Policy with { EffectiveFrom = new(2015, 12, 31) }));
        Assert.Equal(["effectiveUntil"], Faults(Sample.Policy with { EffectiveUntil = new(2101, 1, 1) }));
        Assert.Equal(["effectiveUntil"], Faults(Sample.Policy with { EffectiveUntil = Sample.Policy.EffectiveFrom.AddDays(-1) }));
    }

    [Fact]
    public void Ages_run_upwards() => Assert.Equal(["oldestAge"], Faults(new PolicyParameters { YoungestAge = 50, OldestAge = 49 }));

    [Fact]
    public void Categories_and_trades_are_few_known_and_named_once()
    {
        Assert.Empty(Faults(new PolicyParameters { EligibleCategories = ["建档立卡", "脱贫不稳定户"], HighRiskTrades = [1, 999], GuidedTrades = [7] }));
        foreach (string[] categories in (string[][])[[""], ["建档立卡", "建档立卡"], [new string('长', 21)], ["建档立卡；残疾"], ["退役 军人"], [" 残疾"], [.. Enumerable.Range(1, 51).Select(i => $"{i}")]])
            Assert.Equal(["eligibleCategories"], Faults(new PolicyParameters { EligibleCategories = categories }));
        foreach (int[] trades in (int[][])[[0], [1000], [3, 3]])
        {
            Assert.Equal(["highRiskTrades"], Faults(new PolicyParameters { HighRiskTrades = trades }));
            Assert.Equal(["guidedTrades"], Faults(new PolicyParameters { GuidedTrades = trades }));
        }
    }

    [Fact]
    public void Subsidies_are_amounts_for_a_trade_and_level_each_once()
    {
        SubsidyStandard good = new(3, SkillLevel.Junior, 150_000);
        Assert.Empty(Faults(new PolicyParameters { Subsidies = [good, good with { Level = SkillLevel.Senior }] }));
        foreach (SubsidyStandard[] lines in (SubsidyStandard[][])
            [[good, good], [good with { AmountFen = 0 }], [good with { AmountFen = PolicyCheck.LargestSubsidyFen + 1 }], [good with { Level = (SkillLevel)6 }]])
            Assert.Equal(["subsidy-3"], Faults(new PolicyParameters { Subsidies = lines }));
        Assert.Equal(["subsidy-1000"], Faults(new PolicyParameters { Subsidies = [good with { Trade = 1000 }] }));
    }

    [Fact]
    public void Matches_and_allowances_name_what_there_is()
    {
        Assert.Equal(["match-9"], Faults(new PolicyParameters { Matches = [new((MatchSource)9, MatchEffect.None)] }));
        Assert.Equal(["match-School"], Faults(new PolicyParameters { Matches = [new(MatchSource.School, (MatchEffect)4)] }));
        Assert.Equal(["matches"], Faults(new PolicyParameters { Matches = [new(MatchSource.School, MatchEffect.None), new(MatchSource.School, MatchEffect.BlocksIssuing)] }));
        Assert.Equal(["livingAllowanceSource", "transportAllowanceSource"], Faults(new PolicyParameters { LivingAllowanceSource = 0, TransportAllowanceSource = (AllowanceSource)3 }));
    }
}
