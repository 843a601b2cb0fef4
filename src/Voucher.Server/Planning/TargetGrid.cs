using System.Globalization;
using Voucher.Core.Planning;
using Voucher.Server.Api;

namespace Voucher.Server.Planning;

/// <summary>Reads the grid in which a target is divided; every cell that cannot be used is named.</summary>
public static class TargetGrid
{
    /// <summary>The people of a cell: digits of either width, thousands parted by commas; <c>null</c> when it is no such number.</summary>
    public static int? PeopleOf(string? typed)
    {
        var text = string.Concat((typed ?? "").Select(FullWidth.ToAscii)).Trim().Replace(",", "", StringComparison.Ordinal);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var people) && people <= PlanLimits.MostPeople ? people : null;
    }

    /// <summary>What the row of a part is called in the grid.</summary>
    public static string KeyOf(Target part) => part.Split switch
    {
        TargetSplit.Year => Text(part.Year!.Value),
        TargetSplit.Township => Text(part.Township!.Value),
        TargetSplit.Programme => Text(part.Scope!.Value),
        TargetSplit.Department => part.Department!,
        _ => part.Item!,
    };

    public static (IReadOnlyList<Target> Parts, List<FieldError> Errors) Read(
        Plan plan, TargetTree tree, Target target, TargetSplit split, string? people, IReadOnlyList<TargetRow> rows, PlanNames names)
    {
        List<FieldError> errors = [.. SplitFaults(tree, target, split, rows)];
        if (people is not null && PeopleOf(people) is null) errors.Add(NoPeople("people"));
        if (errors.Count > 0) return ([], errors);
        List<Target> parts = [];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var at = 0; at < rows.Count; at++)
        {
            if (string.IsNullOrWhiteSpace(rows[at].People)) continue;
            var part = ReadRow(plan, target, split, rows[at], at, names, errors);
            if (part is null) continue;
            if (names.EndedOf(part.Township) is { } ended && !tree.Parts(target, split).Any(known => known.Township == ended.Code))
                errors.Add(new($"rows[{at}].key", ended.Said));
            if (seen.Add(rows[at].Key!.Trim())) parts.Add(part);
            else errors.Add(new($"rows[{at}].key", new("填了两次", "Given twice")));
        }
        if (tree.All.Count() + parts.Count > PlanLimits.MostTargets)
            errors.Add(new("rows", new($"一个计划最多 {PlanLimits.MostTargets} 条任务", $"At most {PlanLimits.MostTargets} targets in a plan")));
        return (parts, errors);
    }

    private static IEnumerable<FieldError> SplitFaults(TargetTree tree, Target target, TargetSplit split, IReadOnlyList<TargetRow> rows)
    {
        var place = tree.PlaceOf(target);
        var isTaken = split switch
        {
            TargetSplit.Year => place.Year is not null,
            TargetSplit.Department => place.Department is not null,
            TargetSplit.Township => place.Township is not null,
            TargetSplit.Programme => place.Scope is not null,
            TargetSplit.Item => false,
            _ => true,
        };
        if (isTaken || !Enum.IsDefined(split)) yield return new("split", new("这条任务不能再按这一项分解", "This target cannot be divided in this way"));
        if (rows.Count > PlanLimits.MostParts) yield return new("rows", new($"最多 {PlanLimits.MostParts} 行", $"At most {PlanLimits.MostParts} rows"));
    }

    private static Target? ReadRow(Plan plan, Target above, TargetSplit split, TargetRow row, int at, PlanNames names, List<FieldError> errors)
    {
        var read = new FieldReader();
        var people = PeopleOf(row.People);
        if (people is null) errors.Add(NoPeople($"rows[{at}].people"));
        var responsible = read.Text($"rows[{at}].responsible", row.Responsible, PlanLimits.LongestResponsible, isOptional: true);
        var part = new Target(new(-1 - at), above.Id, split, null, null, null, null, null, responsible, people ?? 0);
        var named = Name(plan, part, row, $"rows[{at}].key", names, read);
        errors.AddRange(read.Errors);
        return people is null || read.Errors.Count > 0 ? null : named;
    }

    private static Target Name(Plan plan, Target part, TargetRow row, string field, PlanNames names, FieldReader read)
    {
        switch (part.Split)
        {
            case TargetSplit.Year:
                return part with { Year = read.Number(field, NumberOf(row.Key), plan.FirstYear, plan.LastYear) };
            case TargetSplit.Department:
                return part with { Department = read.Text(field, row.Key, PlanLimits.LongestDepartment) };
            case TargetSplit.Township:
                if (names.TownshipName(NumberOf(row.Key)) is null) read.Fault(field, new("没有这个乡镇", "There is no such township"));
                return part with { Township = NumberOf(row.Key) };
            case TargetSplit.Programme:
                if (names.ScopeName(NumberOf(row.Key)) is null) read.Fault(field, new("没有这个工种或项目", "There is no such trade or programme"));
                return part with { Scope = NumberOf(row.Key) };
            default:
                if (row.Scope is { } scope && names.ScopeName(scope) is null) read.Fault(field, new("没有这个工种或项目", "There is no such trade or programme"));
                return part with { Item = read.Text(field, row.Key, PlanLimits.LongestItem), Scope = row.Scope };
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int? NumberOf(string? key) => int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static FieldError NoPeople(string field) =>
        new(field, new($"请填写人数：0 到 {PlanLimits.MostPeople} 的整数", $"Give a number of people from 0 to {PlanLimits.MostPeople}"));
}
