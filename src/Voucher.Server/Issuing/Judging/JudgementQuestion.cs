using Voucher.Core.Issuing;
using Voucher.Server.Register;

namespace Voucher.Server.Issuing.Judging;

/// <summary>Who is to be judged, for which voucher, by which rules, on which day.</summary>
/// <param name="Frozen">Those of this batch who have no voucher of it yet, instead of a selection; the batch itself does not stand against them.</param>
public sealed record JudgementQuestion(
    RegionCode Region, PeopleSelection Selection, VoucherScope Scope, DateOnly ValidFrom, DateOnly Today, PolicyParameters Rules, BatchId? Frozen = null)
{
    public static JudgementQuestion Of(RegionCode region, BatchPlan plan, Policy policy, DateOnly today) =>
        new(region, plan.Selection, plan.Scope, plan.ValidFrom, today, policy.Parameters);

    public static JudgementQuestion Of(RegionCode region, Batch batch, Policy policy, DateOnly today) =>
        new(region, PeopleSelection.Nobody, batch.Scope, batch.ValidFrom, today, policy.Parameters, batch.Id);

    /// <summary>The parameters of <see cref="JudgementSql.Judged"/>.</summary>
    public DynamicParameters Arguments()
    {
        var year = ValidFrom.Year;
        return new(new
        {
            region = Region, scope = (int)Scope.Code, validFrom = ValidFrom, today = Today, batch = Frozen?.Value,
            everyone = Selection.Everyone,
            Selection.OfBatch,
            people = Selection.People.ToArray(),
            townships = Selection.Townships.ToArray(),
            villages = Selection.Villages.ToArray(),
            categories = Selection.Categories.ToArray(),
            lists = Selection.Lists.ToArray(),
            employment = Selection.Employment.Select(state => (short)state).ToArray(),
            wishes = Selection.Wishes.ToArray(),
            Selection.OnDemandList, Selection.IsFilter, demandSince = PeopleQuery.DemandSince(Today),
            yearStart = new DateOnly(year, 1, 1),
            yearEnd = new DateOnly(year, 12, 31),
            yearFrom = CountyTime.At(new DateOnly(year, 1, 1), TimeOnly.MinValue).ToUniversalTime(),
            yearTo = CountyTime.At(new DateOnly(year, 12, 31), TimeOnly.MinValue).AddDays(1).ToUniversalTime(),
            youngest = Rules.YoungestAge,
            oldest = Rules.OldestAge,
            oneLive = Rules.OneLiveVoucher,
            eligible = Rules.EligibleCategories.ToArray(),
            mostOfYear = Rules.VouchersPerYear,
            mostOfTrade = Rules.TrainingsPerTradePerYear,
            blocking = Rules.SourcesThatBlockIssuing().Select(source => (short)source).ToArray(),
        });
    }
}
