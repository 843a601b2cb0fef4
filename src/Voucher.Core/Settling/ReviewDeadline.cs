namespace Voucher.Core.Settling;

/// <summary>Until when a claim is to be reviewed.</summary>
/// <param name="DueOn">The last day; <c>null</c> while the institution has it.</param>
/// <param name="DaysLeft">Working days from today to the last one: 0 on the last day, below 0 when overdue.</param>
/// <param name="MissingYears">Years that are counted with weekends only, since their holidays have not been entered.</param>
public sealed record ReviewDeadline(DateOnly? DueOn, int DaysLeft, IReadOnlyList<int> MissingYears)
{
    /// <summary>So many working days before the last one it is urgent.</summary>
    public const int UrgentDays = 2;

    public bool IsOverdue => DueOn is not null && DaysLeft < 0;
    public bool IsUrgent => DueOn is not null && DaysLeft is >= 0 and <= UrgentDays;

    /// <summary>A time that does not count: from the day on which lines were returned to the day on which they came back.</summary>
    public sealed record Pause(DateOnly From, DateOnly? To);

    /// <param name="submitted">The day is not counted itself.</param>
    /// <param name="limit">Working days, as the rules of the claim say.</param>
    /// <param name="pauses">While every open line was with the institution; they may touch, but not overlap.</param>
    public static ReviewDeadline Of(DateOnly submitted, int limit, IReadOnlyCollection<Pause> pauses, DateOnly today, WorkingDays days)
    {
        if (pauses.Any(pause => pause.To is null)) return new ReviewDeadline(null, 0, days.Missing(submitted, today));
        var waited = pauses.Sum(pause => Math.Max(0, days.Between(pause.From, pause.To!.Value)));
        var due = days.Add(submitted, limit + waited);
        return new ReviewDeadline(due, days.Between(today, due), days.Missing(submitted, due));
    }

    /// <summary>As it is said on a list.</summary>
    public Words Say() => this switch
    {
        { DueOn: null } => new("等机构补正，期限中止", "with the institution, the time stands still"),
        { DaysLeft: < 0 } => new($"超期 {-DaysLeft} 个工作日", $"overdue by {-DaysLeft} working days"),
        { DaysLeft: 0 } => new("今天到期", "due today"),
        _ => new($"还剩 {DaysLeft} 个工作日", $"{DaysLeft} working days left"),
    };
}
