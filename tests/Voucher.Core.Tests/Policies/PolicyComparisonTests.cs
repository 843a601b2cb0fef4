using System.Reflection;
using Voucher.Core.Institutions;
using Voucher.Core.Matching;
using Voucher.Core.Policies;
using Voucher.Core.Programmes;
using Voucher.Core.Tests.Vouchers;

namespace Voucher.Core.Tests.Policies;

public sealed class PolicyComparisonTests
{
    private static Words NameOf(int trade) => new($"工种{trade}", $"trade {trade}");

    private static string[] Changed(Policy before, Policy after) => [.. PolicyComparison.Of(before, after, NameOf).Select(change => change.Key)];

    [Fact]
    public void The_same_pack_changes_nothing() => Assert.Empty(Changed(Sample.Policy, Sample.Policy with { Id = new(9) }));

    /// <summary>A parameter that the comparison did not know would change behind the back of who approves.</summary>
    [Fact]
    public void No_parameter_changes_unseen()
    {
        foreach (var property in typeof(PolicyParameters).GetProperties().Where(property => property.CanWrite))
        {
            var changed = new PolicyParameters();
            property.SetValue(changed, Other(property, changed));
            Assert.NotEmpty(Changed(Sample.Policy, Sample.Policy with { Parameters = changed }));
        }
    }

    private static object Other(PropertyInfo property, PolicyParameters usual) => property.GetValue(usual) switch
    {
        int number => number + 1,
        long number => number + 1,
        bool on => !on,
        AllowanceSource => AllowanceSource.InstitutionSubsidy,
        IReadOnlyList<string> => new[] { "建档立卡" },
        IReadOnlyList<int> => new[] { 7 },
        IReadOnlyList<SubsidyStandard> => new[] { new SubsidyStandard(7, SkillLevel.Junior, 1) },
        IReadOnlyList<MatchRule> => new[] { new MatchRule(MatchSource.School, MatchEffect.None) },
        IReadOnlyList<ConsequenceRule> => new[] { new ConsequenceRule(ConsequenceRung.Warning, Blocked.Payments) },
        var value => throw new InvalidOperationException($"{property.Name}: {value}"),
    };

    [Fact]
    public void A_change_is_told_with_units_before_and_after_and_a_line_that_goes_away_too()
    {
        var before = Sample.Policy with { Parameters = new() { Subsidies = [new(7, SkillLevel.Junior, 80_000), new(8, SkillLevel.None, 50_000)] } };
        var after = before with
        {
            Clauses = new Dictionary<Clause, string>(before.Clauses) { [Clause.Voucher] = "九" },
            Parameters = before.Parameters with { ValidityDays = 264, Subsidies = [new(7, SkillLevel.Junior, 90_000)] },
        };
        var changes = PolicyComparison.Of(before, after, NameOf);
        Assert.Equal(["validityDays", "subsidies-7-5", "clause-Voucher", "subsidies-8-0"], changes.Select(change => change.Key));
        Assert.Equal(("90 天", "264 天"), (changes[0].Before!.Zh, changes[0].After!.Zh));
        Assert.Equal(("800.00 元/人", "900.00 元/人"), (changes[1].Before!.Zh, changes[1].After!.Zh));
        Assert.Null(changes[3].After);
    }

    [Fact]
    public void Every_line_but_the_documents_own_names_its_clause() =>
        Assert.All(PolicyLines.Of(Sample.Policy, NameOf).Skip(5), line => Assert.NotNull(line.Clause));
}
