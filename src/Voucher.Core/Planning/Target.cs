namespace Voucher.Core.Planning;

/// <summary>A target within a plan.</summary>
public readonly record struct TargetId(long Value) { public override string ToString() => $"{Value}"; }

/// <summary>
/// What a target is about, all levels above it included: a year, a department, a township, a programme or trade. What is not
/// set is not narrowed down.
/// </summary>
/// <param name="Scope">1–999 a trade, 1000–65535 a programme, as in <c>VoucherScope</c>.</param>
/// <param name="IsOwnCount">False where a named action is tied to no programme: vouchers do not say what belongs to it.</param>
public readonly record struct TargetPlace(int? Year, string? Department, int? Township, int? Scope, bool IsOwnCount = true)
{
    /// <summary>The whole plan.</summary>
    public static readonly TargetPlace Everywhere = new(null, null, null, null);

    /// <summary>Smallest code of a programme; below it are trades.</summary>
    public const int FirstProgramme = 1000;
}

/// <summary>One target (任务) of a plan: so many people, for one part of the target above it.</summary>
/// <param name="Parent"><c>null</c> for the whole plan only.</param>
/// <param name="Split">Which of the following says what the target is about.</param>
/// <param name="Department">责任部门.</param>
/// <param name="Township">Nine digits.</param>
/// <param name="Scope">Trade or programme; also what a named action is tied to.</param>
/// <param name="Item">Name of an action.</param>
/// <param name="Responsible">责任单位; empty where the text names none.</param>
/// <param name="People">Never negative.</param>
public sealed record Target(
    TargetId Id, TargetId? Parent, TargetSplit Split, int? Year, string? Department, int? Township, int? Scope, string? Item,
    string Responsible, int People)
{
    /// <summary>What the target is about, given what the one above it is about.</summary>
    public TargetPlace Within(TargetPlace above) => Split switch
    {
        TargetSplit.Year => above with { Year = Year },
        TargetSplit.Department => above with { Department = Department },
        TargetSplit.Township => above with { Township = Township },
        TargetSplit.Programme => above with { Scope = Scope },
        TargetSplit.Item => above with { Scope = Scope ?? above.Scope, IsOwnCount = above.IsOwnCount && Scope is not null },
        _ => above,
    };
}
