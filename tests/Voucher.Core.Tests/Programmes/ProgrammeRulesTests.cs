using Voucher.Core.Policies;
using Voucher.Core.Programmes;
using Voucher.Core.Refusals;
using Voucher.Core.Tests.Vouchers;

namespace Voucher.Core.Tests.Programmes;

public sealed class ProgrammeRulesTests
{
    private static readonly Policy Pack = Sample.Policy with
    {
        Parameters = new PolicyParameters { HighRiskTrades = [2, 3], SafetyHours = 8, WorkTrainingMonths = 0 },
        Clauses = new Dictionary<Clause, string>(Sample.Policy.Clauses) { [Clause.Safety] = "二（四）安全课时", [Clause.WorkTraining] = "二（二）6" },
    };

    [Theory]
    [InlineData(2, 7, true)]
    [InlineData(3, 0, true)]
    [InlineData(3, 8, false)]
    [InlineData(1, 0, false)]
    public void A_programme_of_a_high_risk_trade_has_the_packs_hours_of_safety(int trade, int hours, bool isRefused)
    {
        var refusal = ProgrammeRules.Refuse(Pack, trade, ProgrammeKind.EmploymentSkills, hours);
        Assert.Equal(isRefused ? RefusalCode.SafetyHoursShort : null, refusal?.Code);
        if (isRefused) Assert.Equal("二（四）安全课时", refusal!.Rule!.Clause);
    }

    [Fact]
    public void Training_at_work_is_refused_under_a_pack_that_has_none_and_the_clause_is_cited()
    {
        var refusal = ProgrammeRules.Refuse(Pack, 1, ProgrammeKind.WorkTraining, 0);
        Assert.Equal((RefusalCode.WorkTrainingNotInPolicy, "二（二）6"), (refusal!.Code, refusal.Rule!.Clause));
        var other = Pack with { Parameters = Pack.Parameters with { WorkTrainingMonths = 6 } };
        Assert.Null(ProgrammeRules.Refuse(other, 1, ProgrammeKind.WorkTraining, 0));
    }

    [Fact]
    public void Every_way_of_teaching_has_a_name_of_its_own()
    {
        var names = Enum.GetValues<TrainingMode>().Select(mode => mode.Name()).ToList();
        Assert.Equal(names.Count, names.Select(name => name.Zh).Distinct().Count());
        Assert.Equal(names.Count, names.Select(name => name.En).Distinct().Count());
        Assert.Throws<ArgumentOutOfRangeException>(() => ((TrainingMode)9).Name());
    }
}
