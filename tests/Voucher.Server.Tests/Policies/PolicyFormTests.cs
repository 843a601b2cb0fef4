using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Voucher.Core.Policies;
using Voucher.Core.Regions;
using Voucher.Server.Policies;

namespace Voucher.Server.Tests.Policies;

public sealed class PolicyFormTests
{
    private static readonly Policy Pack = ShippedPolicies.Find(ShippedPolicies.Suihua)!.ToPolicy(new RegionCode(622926));

    private static (Policy Pack, string[] Faults) Read(params (string Field, string[] Values)[] changed)
    {
        var fields = PolicyFields.Of(Pack).ToDictionary(field => field.Key, field => new StringValues(field.Value));
        foreach (var (field, values) in changed) fields[field] = values;
        var (pack, faults) = PolicyForm.Of(new FormCollection(fields)).Read(Pack.Region);
        return (pack, [.. faults.Select(fault => fault.Field)]);
    }

    [Fact]
    public void Every_table_is_read_as_it_is_typed()
    {
        var (pack, faults) = Read(
            ("eligibleCategories", ["建档立卡、脱贫不稳定户\r\n边缘易致贫户；残疾 妇女"]), ("guidedTrades", ["3", "7"]),
            ("subsidy-4", ["", "", "2,400", "", "1800.5", ""]), ("match-School", []), ("match-Pension", ["BlocksIssuing", "BlocksPayment"]),
            ("livingAllowanceFenPerDay", ["35.50"]), ("oneLiveVoucher", []), ("effectiveUntil", [""]));
        Assert.Empty(faults);
        var p = pack.Parameters;
        Assert.Equal(["建档立卡", "脱贫不稳定户", "边缘易致贫户", "残疾", "妇女"], p.EligibleCategories);
        Assert.Equal([3, 7], p.GuidedTrades);
        Assert.Equal([(2, 240_000L), (4, 180_050L)], p.Subsidies.Where(line => line.Trade == 4).Select(line => ((int)line.Level, line.AmountFen)));
        Assert.DoesNotContain(p.Matches, rule => rule.Source == Core.Matching.MatchSource.School);
        Assert.Equal(Core.Matching.MatchEffect.BlocksIssuing | Core.Matching.MatchEffect.BlocksPayment, p.Matches.Single(rule => rule.Source == Core.Matching.MatchSource.Pension).Effect);
        Assert.Equal((3_550, false), (p.LivingAllowanceFenPerDay, p.OneLiveVoucher));
    }

    [Theory]
    [InlineData("validityDays", "0")]
    [InlineData("validityDays", "731")]
    [InlineData("validityDays", "x")]
    [InlineData("validityDays", "99999999999999999999")]
    [InlineData("validityDays", "")]
    [InlineData("livingAllowanceFenPerDay", "1000.01")]
    [InlineData("livingAllowanceFenPerDay", "1.005")]
    [InlineData("version", "-1")]
    [InlineData("effectiveFrom", "2026-13-45")]
    [InlineData("effectiveFrom", "")]
    [InlineData("effectiveUntil", "x")]
    [InlineData("documentNo", "a\0b")]
    [InlineData("title", "")]
    [InlineData("clause-Voucher", " ")]
    [InlineData("eligibleCategories", "建档立卡、建档立卡")]
    [InlineData("highRiskTrades", "x")]
    [InlineData("guidedTrades", "1000")]
    [InlineData("subsidy-4", "-1")]
    [InlineData("subsidy-4", "0")]
    [InlineData("subsidy-4", "100000.01")]
    [InlineData("subsidy-1000", "5")]
    [InlineData("livingAllowanceSource", "x")]
    public void What_cannot_be_is_named_by_its_field_alone(string field, string typed) => Assert.Equal([field], Read((field, [typed])).Faults);

    [Fact]
    public void An_empty_form_names_everything_that_is_missing_at_once()
    {
        var faults = PolicyForm.Of(FormCollection.Empty).Read(Pack.Region).Faults.Select(fault => fault.Field).ToList();
        Assert.Superset(PolicyNumbers.All.Select(number => number.Field).ToHashSet(), faults.ToHashSet());
        Assert.Superset(Clauses.All.Select(PolicyCheck.FieldOf).ToHashSet(), faults.ToHashSet());
        Assert.Equal(faults.Count, faults.Distinct().Count());
    }
}
