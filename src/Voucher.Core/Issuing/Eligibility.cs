using Voucher.Core.Policies;

namespace Voucher.Core.Issuing;

/// <summary>One reason why not, with the clause that says so.</summary>
public sealed record IneligibilityReason(Ineligibility Code, Words Reason, Words NextStep, Rule Rule)
{
    public static IneligibilityReason Of(Ineligibility code, Policy policy) =>
        new(code, code.Name(policy.Parameters), code.NextStep(), policy.RuleOf(code.ClauseOf()));
}

/// <summary>
/// Whether a person may have a voucher: yes, or no with every reason. Pure and total. The judgement of whole selections in
/// SQL says the same of everyone; a test holds the two against each other.
/// </summary>
public static class Eligibility
{
    /// <summary>All reasons against it in order of precedence; empty: the person may have it.</summary>
    public static IReadOnlyList<IneligibilityReason> Of(PersonFacts person, WantedVoucher wanted, Policy policy, DateOnly today) =>
        [.. Codes(person, wanted, policy.Parameters, today).Order().Select(code => IneligibilityReason.Of(code, policy))];

    private static IEnumerable<Ineligibility> Codes(PersonFacts person, WantedVoucher wanted, PolicyParameters rules, DateOnly today)
    {
        var year = wanted.ValidFrom.Year;
        if (person.IsWithdrawn) yield return Ineligibility.Withdrawn;
        if (AddYears(person.BirthDate, rules.YoungestAge) > wanted.ValidFrom) yield return Ineligibility.TooYoung;
        if (AddYears(person.BirthDate, rules.OldestAge + 1) <= wanted.ValidFrom) yield return Ineligibility.TooOld;
        if (rules.EligibleCategories.Count > 0 && !rules.EligibleCategories.Intersect(person.Categories, StringComparer.Ordinal).Any())
            yield return Ineligibility.NotInCategory;
        if (rules.OneLiveVoucher && person.Vouchers.Any(voucher => voucher.IsLiveOn(today))) yield return Ineligibility.HasLiveVoucher;
        if (rules.OneLiveVoucher && person.AwaitedFrom.Count > 0) yield return Ineligibility.InOtherBatch;
        if (IsReached(rules.VouchersPerYear, person.Vouchers.Count(voucher => voucher.CountsIn(year)) + person.AwaitedFrom.Count(day => day.Year == year)))
            yield return Ineligibility.YearlyLimit;
        if (wanted.Trade is { } trade && IsReached(rules.TrainingsPerTradePerYear, person.Trainings.Count(done => done.Trade == trade && done.Day.Year == year)))
            yield return Ineligibility.TradeLimit;
        if (wanted.Scope.IsProgramme && person.Trainings.Any(done => done.Programme == wanted.Scope.Code)) yield return Ineligibility.SameProgramme;
        foreach (var source in rules.SourcesThatBlockIssuing().Intersect(person.Hits)) yield return Ineligibilities.OfHit(source);
    }

    /// <summary>A limit of 0 is none.</summary>
    private static bool IsReached(int limit, int count) => limit > 0 && count >= limit;

    private static DateOnly AddYears(DateOnly day, int years) =>
        day.Year + years > DateOnly.MaxValue.Year ? DateOnly.MaxValue : day.AddYears(years);
}
