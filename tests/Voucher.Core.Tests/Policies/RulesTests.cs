using Voucher.Core.Money;
using Voucher.Core.Policies;
using Voucher.Core.Programmes;
using Voucher.Core.Refusals;
using Voucher.Core.Tests.Vouchers;

namespace Voucher.Core.Tests.Policies;

public sealed class RulesTests
{
    private static Policy With(PolicyParameters parameters) => Sample.Policy with { Version = 3, Parameters = parameters };

    [Fact]
    public void A_listed_trade_and_level_is_paid_at_the_packs_standard_and_another_at_the_programmes_own()
    {
        var policy = With(new PolicyParameters { Subsidies = [new(3, SkillLevel.Junior, 123_456)] });
        var listed = policy.SubsidyFor(3, SkillLevel.Junior, Fen.FromYuan(1));
        Assert.Equal((new Fen(123_456), true), (listed.Amount, listed.IsListed));
        Assert.Equal(policy.RuleOf(Clause.Subsidy), listed.Rule);
        Assert.Null(listed.UpliftRule);
        foreach (var (trade, level) in new[] { (3, SkillLevel.Senior), (4, SkillLevel.Junior) })
        {
            var own = policy.SubsidyFor(trade, level, Fen.FromYuan(900));
            Assert.Equal((Fen.FromYuan(900), false), (own.Amount, own.IsListed));
        }
    }

    [Fact]
    public void The_guided_catalogue_adds_its_uplift_rounded_down_to_whole_fen()
    {
        var policy = With(new PolicyParameters { GuidedTrades = [7], GuidedUpliftPercent = 15, Subsidies = [new(7, SkillLevel.None, 33_333)] });
        var subsidy = policy.SubsidyFor(7, SkillLevel.None, Fen.FromYuan(1));
        Assert.Equal(new Fen(38_332), subsidy.Amount); // 38,332.95
        Assert.Equal(policy.RuleOf(Clause.Catalogue), subsidy.UpliftRule);
        Assert.Equal("标准 333.33 元 ×（100% + 指导目录上浮 15%）= 383.32 元", subsidy.Arithmetic.Zh);
        Assert.Equal(Fen.FromYuan(115), policy.SubsidyFor(7, SkillLevel.Junior, Fen.FromYuan(100)).Amount);
        Assert.Equal(0, policy.SubsidyFor(8, SkillLevel.None, Fen.FromYuan(100)).UpliftPercent);
        Assert.Throws<OverflowException>(() => policy.SubsidyFor(7, SkillLevel.Junior, new Fen(long.MaxValue)).Amount);
    }

    [Theory]
    [InlineData("2026-03-15", "2026-09-14", false)]
    [InlineData("2026-03-15", "2026-09-15", true)]
    [InlineData("2026-08-31", "2027-02-28", false)]
    [InlineData("2026-08-31", "2027-03-01", true)]
    [InlineData("2026-03-01", "2026-08-31", false)]
    public void Training_at_work_ends_within_its_months(string from, string to, bool isRefused)
    {
        var policy = With(new PolicyParameters { WorkTrainingMonths = 6 });
        var (start, end) = (Day(from), Day(to));
        var refusal = WorkTrainingRule.Refuse(policy, ProgrammeKind.WorkTraining, start, end);
        Assert.Equal(isRefused, refusal is not null);
        if (isRefused) Assert.Equal((RefusalCode.WorkTrainingTooLong, policy.RuleOf(Clause.WorkTraining)), (refusal!.Code, refusal.Rule));
        foreach (var kind in Enum.GetValues<ProgrammeKind>().Where(kind => kind != ProgrammeKind.WorkTraining))
            Assert.Null(WorkTrainingRule.Refuse(policy, kind, start, end));
    }

    [Fact]
    public void A_pack_without_training_at_work_allows_not_a_day_of_it()
    {
        var policy = With(new PolicyParameters { WorkTrainingMonths = 0 });
        Assert.Contains("不开展", WorkTrainingRule.Refuse(policy, ProgrammeKind.WorkTraining, Day("2026-03-15"), Day("2026-03-15"))!.Reason.Zh, StringComparison.Ordinal);
    }

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
