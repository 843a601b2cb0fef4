using System.Collections.Frozen;

namespace Voucher.Core.Planning;

/// <summary>A target that its parts do not sum to.</summary>
/// <param name="Stated">What the target says.</param>
/// <param name="Sum">What its parts, divided this way, come to.</param>
public sealed record SumDifference(Target Target, TargetSplit Split, int Stated, long Sum);

/// <summary>
/// The targets of one plan as a tree (任务分解): year × department × township × programme, any branch of which may end early.
/// </summary>
public sealed class TargetTree
{
    private readonly FrozenDictionary<TargetId, Target> _byId;
    private readonly ILookup<TargetId?, Target> _children;
    private readonly Dictionary<TargetId, TargetPlace> _places = [];

    /// <exception cref="ArgumentException">Not exactly one whole, or a target hangs in the air.</exception>
    public TargetTree(IReadOnlyCollection<Target> targets)
    {
        _byId = targets.ToFrozenDictionary(target => target.Id);
        _children = targets.ToLookup(target => target.Parent);
        if (_children[null].ToList() is not [var whole]) throw new ArgumentException("A plan has one whole.", nameof(targets));
        Whole = whole;
        Place(whole, TargetPlace.Everywhere);
        if (_places.Count != targets.Count) throw new ArgumentException("A target hangs in the air.", nameof(targets));
    }

    /// <summary>The target of the whole plan.</summary>
    public Target Whole { get; }

    /// <summary>Every target, parents before their parts.</summary>
    public IEnumerable<Target> All => Below(Whole).Prepend(Whole);

    /// <summary>The target with this number; <c>null</c> when it is none of this plan's.</summary>
    public Target? Find(TargetId id) => _byId.GetValueOrDefault(id);

    /// <summary>What the target is about, all levels above it included.</summary>
    public TargetPlace PlaceOf(Target target) => _places[target.Id];

    /// <summary>The parts of the target, divided in this way.</summary>
    public IEnumerable<Target> Parts(Target target, TargetSplit split) => _children[target.Id].Where(part => part.Split == split);

    /// <summary>The ways in which the target is divided.</summary>
    public IEnumerable<TargetSplit> SplitsOf(Target target) => TargetSplits.Ways.Where(split => Parts(target, split).Any());

    /// <summary>
    /// The year's own target, once: the part of the whole that is this year, or the whole of a plan of one year; <c>null</c> where the
    /// plan is not divided by year. The same year below a department or a township is a part of those, not of the county.
    /// </summary>
    /// <param name="isOnlyYear">Whether the plan has no other year.</param>
    public Target? OfYear(int year, bool isOnlyYear) =>
        Parts(Whole, TargetSplit.Year).FirstOrDefault(part => part.Year == year) ?? (isOnlyYear ? Whole : null);

    /// <summary>From the whole down to the target itself.</summary>
    public IReadOnlyList<Target> PathTo(Target target)
    {
        List<Target> path = [target];
        while (path[0].Parent is { } parent) path.Insert(0, _byId[parent]);
        return path;
    }

    /// <summary>Everything under the target, parents before their parts.</summary>
    public IEnumerable<Target> Below(Target target)
    {
        foreach (var part in _children[target.Id])
        {
            yield return part;
            foreach (var deeper in Below(part)) yield return deeper;
        }
    }

    /// <summary>Every target that its parts do not sum to; empty when the plan adds up at every level.</summary>
    public IReadOnlyList<SumDifference> Differences() =>
    [
        .. from target in All
           from split in SplitsOf(target)
           let sum = Parts(target, split).Sum(part => (long)part.People)
           where sum != target.People
           select new SumDifference(target, split, target.People, sum),
    ];

    /// <summary>Parts of one division of which one holds the other: a trade, and a programme of it. Their vouchers would count twice.</summary>
    /// <param name="tradeOf">The trade of each programme, by code.</param>
    public IEnumerable<(Target Trade, Target Programme)> Overlaps(IReadOnlyDictionary<int, int> tradeOf) =>
        from target in All
        let parts = Parts(target, TargetSplit.Programme).ToList()
        from programme in parts
        from trade in parts
        where tradeOf.TryGetValue(programme.Scope!.Value, out var code) && code == trade.Scope
        select (trade, programme);

    private void Place(Target target, TargetPlace above)
    {
        var place = target.Within(above);
        _places.Add(target.Id, place);
        foreach (var part in _children[target.Id]) Place(part, place);
    }
}
