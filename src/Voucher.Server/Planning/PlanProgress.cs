using Voucher.Core.Planning;
using Voucher.Server.Register;

namespace Voucher.Server.Planning;

/// <summary>One target with what was done.</summary>
/// <param name="Progress"><c>null</c> where vouchers do not say what belongs to it.</param>
public sealed record TargetLine(Target Target, Words Name, PlaceCount Count, TargetProgress? Progress);

/// <summary>A target with its parts, worst first, as one page shows it.</summary>
/// <param name="Path">From the whole down to the target.</param>
/// <param name="Laggards">What is furthest behind under the target, worst first.</param>
/// <param name="WithoutBudget">Departments of the plan that no budget line bears, so that nothing is ever counted for them.</param>
/// <param name="Ended">Townships of the target whose codes have ended, while the plan can be revised: what their people do is counted where they belong now.</param>
/// <param name="Programmes">What was done there by programme, whether planned or not.</param>
public sealed record PlanView(
    Plan Plan, IReadOnlyList<(Target Target, Words Name)> Path, TargetLine Line, IReadOnlyList<(TargetSplit Split, IReadOnlyList<TargetLine> Lines)> Parts,
    IReadOnlyList<TargetLine> Laggards, IReadOnlyList<(Words Name, PlaceCount Count)> Programmes, IReadOnlyList<(Words Target, SumDifference Difference)> Differences,
    IReadOnlyList<string> WithoutBudget, IReadOnlyList<EndedTownship> Ended);

/// <summary>Lays what was done beside what was planned.</summary>
public sealed class PlanProgress(PlanStore plans, PlanNamesStore names, ProgressStore progress, TimeProvider clock)
{
    /// <summary>Named as being furthest behind.</summary>
    public const int MostLaggards = 10;

    /// <param name="targetId">The whole plan when not given.</param>
    public async Task<PlanView?> ReadAsync(PlanId id, TargetId? targetId)
    {
        if (await plans.FindAsync(id) is not { } plan) return null;
        var tree = await plans.TreeAsync(id);
        if ((targetId is { } asked ? tree.Find(asked) : tree.Whole) is not { } target) return null;
        var known = await names.ReadAsync();
        var counts = new ProgressCounts(await progress.ReadAsync(), plan.FirstYear, plan.LastYear);
        var today = CountyTime.DayOf(clock.GetUtcNow());
        TargetLine LineOf(Target each) => Line(plan, tree, each, known, counts, today);
        return new PlanView(
            plan, [.. tree.PathTo(target).Select(step => (step, known.NameOf(step)))], LineOf(target),
            [.. tree.SplitsOf(target).Select(split => (split, Ordered(split, tree.Parts(target, split).Select(LineOf))))],
            Laggards(tree, target, known, each => LineOf(each) with { Name = WayTo(tree, target, each, known) }),
            [.. counts.ByProgramme(tree.PlaceOf(target)).OrderBy(entry => entry.Key).Select(entry => (ProgrammeName(known, entry.Key), entry.Value))],
            [.. tree.Differences().Select(difference => (known.NameOf(difference.Target), difference))],
            await names.WithoutBudgetAsync(tree.All.Select(each => each.Department).OfType<string>()),
            !plan.IsOpenIn(today.Year) ? [] : [.. tree.Below(target).Prepend(target).Select(each => known.EndedOf(tree.PlaceOf(each).Township)).OfType<EndedTownship>().Distinct()]);
    }

    /// <summary>
    /// Units (townships and departments) that are behind, furthest first; where a plan names none, whatever it names. A year that has
    /// not begun is never behind, and neither is a township that has ended: nobody is left there to catch up.
    /// </summary>
    private static IReadOnlyList<TargetLine> Laggards(TargetTree tree, Target target, PlanNames names, Func<Target, TargetLine> lineOf)
    {
        var below = tree.Below(target).Where(each => names.EndedOf(tree.PlaceOf(each).Township) is null).ToList();
        var units = below.Where(each => each.Split is TargetSplit.Township or TargetSplit.Department).ToList();
        return [.. (units.Count > 0 ? units : below).Where(each => each.Split != TargetSplit.Year).Select(lineOf)
            .Where(line => line.Progress is { IsBehind: true, Missing: > 0 })
            .OrderByDescending(line => line.Progress!.Lag).ThenByDescending(line => line.Progress!.Missing).Take(MostLaggards)];
    }

    private static Words WayTo(TargetTree tree, Target from, Target to, PlanNames names)
    {
        var steps = tree.PathTo(to).SkipWhile(step => step.Id != from.Id).Skip(1).Select(names.NameOf).ToList();
        return new(string.Join(" · ", steps.Select(step => step.Zh)), string.Join(" · ", steps.Select(step => step.En)));
    }

    /// <summary>Years in their order, everything else worst first.</summary>
    private static IReadOnlyList<TargetLine> Ordered(TargetSplit split, IEnumerable<TargetLine> lines) => split == TargetSplit.Year
        ? [.. lines.OrderBy(line => line.Target.Year)]
        : [.. lines.OrderByDescending(line => line.Progress?.Lag ?? -1).ThenBy(line => line.Progress?.Share ?? 2).ThenBy(line => line.Target.Id.Value)];

    private static TargetLine Line(Plan plan, TargetTree tree, Target target, PlanNames names, ProgressCounts counts, DateOnly today)
    {
        var place = tree.PlaceOf(target);
        var elapsed = TargetProgress.ElapsedOf(place.Year ?? plan.FirstYear, place.Year ?? plan.LastYear, today);
        var name = names.NameOf(target);
        if (!place.IsOwnCount) return new(target, name, default, null);
        var count = counts.Of(place);
        return new(target, name, count, new TargetProgress(target.People, count.Used, elapsed));
    }

    private static Words ProgrammeName(PlanNames names, int code) =>
        code == 0 ? new("未定项目", "No programme yet") : new(names.ScopeName(code) ?? "？", names.ScopeName(code) ?? "?");
}
