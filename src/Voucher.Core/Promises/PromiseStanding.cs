namespace Voucher.Core.Promises;

/// <summary>Whether a condition is met, as far as is known.</summary>
public enum PromiseVerdict
{
    Met = 1,
    NotMet = 2,
    NotKnown = 3,
}

/// <summary>A recorded fact; the newest of its kind counts.</summary>
public sealed record PromiseFact(PromiseFactKind Kind, bool Holds, DateOnly? Since, DateOnly? Until, string Note, string DocumentNo);

/// <summary>What the register and the records say of one person.</summary>
/// <param name="IsRegisteredHousehold"><c>null</c>: in no household.</param>
/// <param name="Facts">At most one of each kind.</param>
public sealed record PromiseFacts(bool? IsRegisteredHousehold, IReadOnlyCollection<string> Categories, IReadOnlyCollection<PromiseFact> Facts);

/// <summary>One condition, judged.</summary>
/// <param name="Detail">What it rests on, or what is missing.</param>
public sealed record JudgedCondition(PromiseCondition Condition, PromiseVerdict Verdict, Words Detail);

/// <summary>Who may have a promise: every condition judged from what is on record, and nothing taken for granted.</summary>
public sealed record PromiseStanding(IReadOnlyList<JudgedCondition> Conditions)
{
    /// <summary>The category by which the register marks people of registered poor households.</summary>
    public const string RegisteredCategory = "建档立卡";

    /// <summary>All met: may have it. One not met: may not. Else it is not known yet.</summary>
    public PromiseVerdict Verdict =>
        Conditions.Any(each => each.Verdict == PromiseVerdict.NotMet) ? PromiseVerdict.NotMet
        : Conditions.All(each => each.Verdict == PromiseVerdict.Met) ? PromiseVerdict.Met
        : PromiseVerdict.NotKnown;

    public static PromiseStanding Of(Promise promise, PromiseFacts facts, DateOnly today) =>
        new([.. promise.Conditions.Select(condition => Judge(condition, facts, today))]);

    private static JudgedCondition Judge(PromiseCondition condition, PromiseFacts facts, DateOnly today) => condition.Kind switch
    {
        PromiseConditionKind.RegisteredHousehold => OfHousehold(condition, facts),
        PromiseConditionKind.Category => OfCategory(condition, facts, condition.Categories ?? []),
        PromiseConditionKind.Fact => OfFact(condition, facts.Facts.SingleOrDefault(fact => fact.Kind == condition.Fact), today),
        _ => throw new ArgumentOutOfRangeException(nameof(condition), condition.Kind, "Unknown condition."),
    };

    private static JudgedCondition OfHousehold(PromiseCondition condition, PromiseFacts facts) =>
        facts.IsRegisteredHousehold switch
        {
            true => new(condition, PromiseVerdict.Met, new("户档案：建档立卡", "By the household")),
            false => new(condition, PromiseVerdict.NotMet, new("户档案：不是建档立卡户", "The household is none")),
            null => OfCategory(condition, facts, [RegisteredCategory]),
        };

    private static JudgedCondition OfCategory(PromiseCondition condition, PromiseFacts facts, IReadOnlyList<string> wanted) =>
        facts.Categories.Count == 0 ? new(condition, PromiseVerdict.NotKnown, new("人员类别未登记", "No category is registered"))
        : facts.Categories.FirstOrDefault(wanted.Contains) is { } found ? new(condition, PromiseVerdict.Met, new($"人员类别：{found}", $"Category: {found}"))
        : new(condition, PromiseVerdict.NotMet, new("人员类别不符", "Of another category"));

    private static JudgedCondition OfFact(PromiseCondition condition, PromiseFact? fact, DateOnly today)
    {
        if (fact is null) return new(condition, PromiseVerdict.NotKnown, new("没有登记", "Not recorded"));
        if (!fact.Holds) return new(condition, PromiseVerdict.NotMet, new($"已核实不符（{fact.DocumentNo}）", $"Verified: no ({fact.DocumentNo})"));
        if (condition.Months == 0)
            return fact.Until < today
                ? new(condition, PromiseVerdict.NotMet, new($"已于 {CountyTime.Show(fact.Until!.Value)} 结束", $"Ended on {CountyTime.Show(fact.Until!.Value)}"))
                : new(condition, PromiseVerdict.Met, new($"{fact.Note}（{fact.DocumentNo}）", $"{fact.Note} ({fact.DocumentNo})"));
        if (fact.Since is not { } since) return new(condition, PromiseVerdict.NotKnown, new("没有登记起始日", "The first day is not recorded"));
        var full = since.AddMonths(condition.Months);
        if (fact.Until < full) return new(condition, PromiseVerdict.NotMet, new($"{CountyTime.Show(since)} 起，{CountyTime.Show(fact.Until!.Value)} 止，不满 {condition.Months} 个月", $"Lasted less than {condition.Months} months"));
        return full > today
            ? new(condition, PromiseVerdict.NotMet, new($"{CountyTime.Show(since)} 起，到 {CountyTime.Show(full)} 才满 {condition.Months} 个月", $"Since {CountyTime.Show(since)}; {condition.Months} months are full on {CountyTime.Show(full)}"))
            : new(condition, PromiseVerdict.Met, new($"{fact.Note}，{CountyTime.Show(since)} 起（{fact.DocumentNo}）", $"{fact.Note}, since {CountyTime.Show(since)} ({fact.DocumentNo})"));
    }
}

public static class PromiseVerdicts
{
    public static Words Name(this PromiseVerdict verdict) => verdict switch
    {
        PromiseVerdict.Met => new("符合", "Met"),
        PromiseVerdict.NotMet => new("不符", "Not met"),
        PromiseVerdict.NotKnown => new("待核实", "Not known"),
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "Unknown verdict."),
    };
}
