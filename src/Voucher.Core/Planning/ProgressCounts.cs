using System.Runtime.InteropServices;

namespace Voucher.Core.Planning;

/// <summary>How many vouchers of one year, department, township and programme came how far.</summary>
/// <param name="Year">Of issue for the first three counts, of completion for the last.</param>
/// <param name="Programme">Code; 0 where neither voucher nor class names one.</param>
/// <param name="Trade">Code; 0 where none is known.</param>
/// <param name="Used">Completed with a passed assessment: the only count that fulfils a target.</param>
public sealed record ProgressCount(
    int Year, string Department, int? Township, int Programme, int Trade, long Issued, long Claimed, long Enrolled, long Used);

/// <summary>The counts of one place.</summary>
/// <param name="Used">Used and passed.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PlaceCount(long Issued, long Claimed, long Enrolled, long Used)
{
    /// <summary>Together with another.</summary>
    public PlaceCount And(ProgressCount other) =>
        new(Issued + other.Issued, Claimed + other.Claimed, Enrolled + other.Enrolled, Used + other.Used);
}

/// <summary>
/// All counts of a county, asked for by what a target is about. For each set of dimensions that is asked for, the sums are made
/// once: a plan of a thousand targets asks for a handful of sets.
/// </summary>
public sealed class ProgressCounts(IReadOnlyList<ProgressCount> counts, int firstYear, int lastYear)
{
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Dimensions(bool Year, bool Department, bool Township, bool Programme, bool Trade);

    private readonly Dictionary<Dimensions, Dictionary<TargetPlace, PlaceCount>> _sums = [];

    /// <summary>The programmes of which something was counted at the place, by code; 0 stands for no programme named.</summary>
    public IReadOnlyDictionary<int, PlaceCount> ByProgramme(TargetPlace place) =>
        counts.Where(count => IsWithin(count, place))
            .GroupBy(count => count.Programme)
            .ToDictionary(group => group.Key, group => group.Aggregate(default(PlaceCount), (sum, count) => sum.And(count)));

    /// <summary>What was counted at the place, within the years of the plan.</summary>
    public PlaceCount Of(TargetPlace place)
    {
        var isProgramme = place.Scope >= TargetPlace.FirstProgramme;
        var asked = new Dimensions(
            place.Year is not null, place.Department is not null, place.Township is not null, isProgramme, place.Scope is not null && !isProgramme);
        if (!_sums.TryGetValue(asked, out var sums)) _sums.Add(asked, sums = Sum(asked));
        return sums.GetValueOrDefault(place with { IsOwnCount = true });
    }

    private Dictionary<TargetPlace, PlaceCount> Sum(Dimensions asked)
    {
        var sums = new Dictionary<TargetPlace, PlaceCount>();
        foreach (var count in counts.Where(IsOfThePlan))
        {
            var place = new TargetPlace(
                asked.Year ? count.Year : null,
                asked.Department ? count.Department : null,
                asked.Township ? count.Township : null,
                asked.Programme ? count.Programme : asked.Trade ? count.Trade : null);
            sums[place] = sums.GetValueOrDefault(place).And(count);
        }
        return sums;
    }

    private bool IsOfThePlan(ProgressCount count) => count.Year >= firstYear && count.Year <= lastYear;

    private bool IsWithin(ProgressCount count, TargetPlace place) =>
        IsOfThePlan(count)
        && (place.Year is null || place.Year == count.Year)
        && (place.Department is null || place.Department == count.Department)
        && (place.Township is null || place.Township == count.Township)
        && (place.Scope is null || place.Scope == count.Programme || place.Scope == count.Trade);
}
