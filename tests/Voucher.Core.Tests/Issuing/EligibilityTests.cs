using System.Globalization;
using Voucher.Core.Issuing;
using Voucher.Core.Matching;
using Voucher.Core.Policies;
using Voucher.Core.Regions;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Tests.Issuing;

public sealed class EligibilityTests
{
    private static readonly DateOnly Today = new(2026, 7, 1);
    private static readonly PersonFacts Anyone = new(new DateOnly(1990, 1, 1), ["建档立卡"], false, [], [], [], []);
    private static readonly WantedVoucher AnyProgramme = new(VoucherScope.Any, null, Today);
    private static readonly WantedVoucher Programme1001 = new(new VoucherScope(1001), 10, Today);

    [Fact]
    public void Whoever_has_nothing_against_them_may_have_a_voucher() => Assert.Empty(Judge(Anyone, AnyProgramme, new PolicyParameters()));

    [Theory]
    [InlineData("2010-07-02", Ineligibility.TooYoung)] // 16 tomorrow
    [InlineData("2010-07-01", null)]
    [InlineData("1965-07-02", null)] // 61 tomorrow
    [InlineData("1965-07-01", Ineligibility.TooOld)]
    public void Age_is_judged_on_the_first_valid_day(string birth, Ineligibility? expected) =>
        Assert.Equal(expected is null ? [] : [expected.Value], Judge(Anyone with { BirthDate = DateOnly.Parse(birth, CultureInfo.InvariantCulture) }, AnyProgramme, new PolicyParameters()));

    [Fact]
    public void A_pack_without_categories_is_for_everyone_and_one_with_them_for_those_alone()
    {
        var rules = new PolicyParameters { EligibleCategories = ["两后生", "建档立卡"] };
        Assert.Empty(Judge(Anyone, AnyProgramme, rules));
        Assert.Equal([Ineligibility.NotInCategory], Judge(Anyone with { Categories = ["妇女"] }, AnyProgramme, rules));
        Assert.Empty(Judge(Anyone with { Categories = [] }, AnyProgramme, new PolicyParameters()));
    }

    [Theory]
    [InlineData(VoucherState.Issued, "2026-07-01", true)]
    [InlineData(VoucherState.Claimed, "2026-06-30", false)]
    [InlineData(VoucherState.Enrolled, "2026-01-01", true)] // bound to a class, it no longer expires
    [InlineData(VoucherState.Completed, "2026-12-31", false)]
    [InlineData(VoucherState.Withdrawn, "2026-12-31", false)]
    [InlineData(VoucherState.Revoked, "2026-12-31", false)]
    [InlineData(VoucherState.Replaced, "2026-12-31", false)]
    public void An_unspent_voucher_is_live_until_its_last_day(VoucherState state, string until, bool isLive)
    {
        var holder = Anyone with { Vouchers = [new HeldVoucher(state, new DateOnly(2026, 1, 1), DateOnly.Parse(until, CultureInfo.InvariantCulture))] };
        Assert.Equal(isLive, Judge(holder, AnyProgramme, new PolicyParameters()).Contains(Ineligibility.HasLiveVoucher));
        Assert.Empty(Judge(holder, AnyProgramme, new PolicyParameters { OneLiveVoucher = false }));
    }

    [Fact]
    public void The_years_limit_counts_each_paper_once_and_neither_other_years_nor_what_was_taken_back()
    {
        var rules = new PolicyParameters { OneLiveVoucher = false, VouchersPerYear = 2 };
        HeldVoucher Of(VoucherState state, int year) => new(state, new DateOnly(year, 3, 1), new DateOnly(year, 5, 1));
        var held = Anyone with { Vouchers = [Of(VoucherState.Completed, 2026), Of(VoucherState.Replaced, 2026), Of(VoucherState.Revoked, 2026), Of(VoucherState.Claimed, 2025)] };
        Assert.Empty(Judge(held, AnyProgramme, rules));
        Assert.Equal([Ineligibility.YearlyLimit], Judge(held with { AwaitedFrom = [new DateOnly(2026, 8, 1)] }, AnyProgramme, rules));
        Assert.Empty(Judge(held with { AwaitedFrom = [new DateOnly(2027, 1, 1)] }, AnyProgramme, rules));
        Assert.Equal([Ineligibility.YearlyLimit], Judge(held with { Vouchers = [.. held.Vouchers, Of(VoucherState.Claimed, 2026)] }, AnyProgramme, rules));
    }

    [Fact]
    public void Trainings_are_counted_by_trade_and_year_and_a_programme_is_done_for_good()
    {
        var rules = new PolicyParameters { TrainingsPerTradePerYear = 1 };
        var trained = Anyone with { Trainings = [new CompletedTraining(1002, 10, new DateOnly(2026, 2, 1)), new CompletedTraining(1001, 10, new DateOnly(2020, 2, 1))] };
        Assert.Equal([Ineligibility.TradeLimit, Ineligibility.SameProgramme], Judge(trained, Programme1001, rules));
        Assert.Equal([Ineligibility.TradeLimit], Judge(trained, new WantedVoucher(new VoucherScope(10), 10, Today), rules));
        Assert.Empty(Judge(trained, new WantedVoucher(new VoucherScope(11), 11, Today), rules));
        Assert.Empty(Judge(trained, AnyProgramme, rules));
        Assert.Equal([Ineligibility.SameProgramme], Judge(trained, Programme1001, new PolicyParameters()));
    }

    [Fact]
    public void A_standing_hit_stops_issuing_where_the_pack_says_so()
    {
        var hit = Anyone with { Hits = [MatchSource.School, MatchSource.RealName, MatchSource.Deceased] };
        // The real-name list stops payment only.
        Assert.Equal([Ineligibility.SchoolHit, Ineligibility.DeceasedHit], Judge(hit, AnyProgramme, new PolicyParameters()));
        Assert.Empty(Judge(hit, AnyProgramme, new PolicyParameters { Matches = [] }));
    }

    [Fact]
    public void Every_reason_is_said_in_order_of_precedence_with_its_clause()
    {
        var person = new PersonFacts(
            new DateOnly(2015, 1, 1), [], true, [new HeldVoucher(VoucherState.Issued, Today, Today)], [Today], [new CompletedTraining(1001, 10, Today)], [MatchSource.Pension]);
        var rules = new PolicyParameters { EligibleCategories = ["妇女"], VouchersPerYear = 1, TrainingsPerTradePerYear = 1 };
        var policy = PolicyOf(rules);
        var reasons = Eligibility.Of(person, Programme1001, policy, Today);
        Assert.Equal(
            [
                Ineligibility.Withdrawn, Ineligibility.TooYoung, Ineligibility.NotInCategory, Ineligibility.HasLiveVoucher, Ineligibility.InOtherBatch,
                Ineligibility.YearlyLimit, Ineligibility.TradeLimit, Ineligibility.SameProgramme, Ineligibility.PensionHit,
            ],
            reasons.Select(reason => reason.Code));
        Assert.All(reasons, reason => Assert.Equal(reason.Code == Ineligibility.PensionHit ? "精准比对" : "发放对象", reason.Rule.Clause));
    }

    [Fact]
    public void Every_reason_has_its_words_and_every_source_its_reason()
    {
        foreach (var reason in Enum.GetValues<Ineligibility>())
        {
            Assert.NotEmpty(reason.Name(new PolicyParameters()).Zh);
            Assert.NotEmpty(reason.NextStep().En);
        }
        foreach (var source in Enum.GetValues<MatchSource>())
        {
            Assert.True(Enum.IsDefined(Ineligibilities.OfHit(source)));
            Assert.Equal(source, Ineligibilities.OfHit(source).SourceOf());
        }
    }

    private static Ineligibility[] Judge(PersonFacts person, WantedVoucher wanted, PolicyParameters rules) =>
        [.. Eligibility.Of(person, wanted, PolicyOf(rules), Today).Select(reason => reason.Code)];

    private static Policy PolicyOf(PolicyParameters rules) => new(
        new PolicyId(1), new RegionCode(622926), "文号", "办法", 1, new DateOnly(2020, 1, 1), null, rules,
        new Dictionary<Clause, string> { [Clause.Voucher] = "培训券", [Clause.Eligibility] = "发放对象", [Clause.Matching] = "精准比对" });
}
