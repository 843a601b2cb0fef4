using Voucher.Server.Register.Importing;

namespace Voucher.Server.Register.Duplicates;

/// <summary>What a person is asked about. Numbers are stored, the first three as <see cref="RowDoubt"/>: they never change meaning.</summary>
public enum DuplicateKind
{
    /// <summary>A row has a known number under another name.</summary>
    OtherName = 1,

    /// <summary>A row has an old number of 15 digits.</summary>
    OldNumber = 2,

    /// <summary>A row's number has a wrong check character, and somebody has the right one.</summary>
    WrongCheck = 3,

    /// <summary>Two people of the register who may be one.</summary>
    SamePerson = 4,
}

/// <summary>What a person has decided. Numbers are stored: they never change meaning.</summary>
public enum DuplicateDecision
{
    /// <summary>As the row says, its name included.</summary>
    TakeNew = 1,

    /// <summary>What the row says, under the name that the register has.</summary>
    KeepOld = 2,

    /// <summary>The two are one.</summary>
    Merge = 3,

    /// <summary>The row is not taken; the two are not one.</summary>
    Reject = 4,

    /// <summary>Nobody has decided: the import was undone while the row waited. The same row of another file is asked about anew.</summary>
    ClosedWithUndo = 5,
}

/// <summary>One case as the queue shows it: masked.</summary>
/// <param name="Known">Of the register; of a row whose number nobody has: none.</param>
/// <param name="Other">The second of two people.</param>
public sealed record DuplicateCase(
    long Id, DuplicateKind Kind, DuplicatePerson? Known, DuplicatePerson? Other, long? Import, string? FileName, int? RowNumber, string? RowName,
    string? RowNumberMasked, DateTimeOffset OpenedAt, DuplicateDecision? Decision, string? Reason, string? DecidedBy, DateTimeOffset? DecidedAt)
{
    /// <summary>What can be decided here.</summary>
    public IReadOnlyList<DuplicateDecision> Choices => ChoicesOf(Kind, Known is not null);

    public static IReadOnlyList<DuplicateDecision> ChoicesOf(DuplicateKind kind, bool isKnown) => kind switch
    {
        DuplicateKind.SamePerson => [DuplicateDecision.Merge, DuplicateDecision.Reject],
        _ when isKnown => [DuplicateDecision.TakeNew, DuplicateDecision.KeepOld, DuplicateDecision.Reject],
        _ => [DuplicateDecision.TakeNew, DuplicateDecision.Reject],
    };
}

/// <param name="LiveVouchers">Vouchers that may still be used or are being used, and places in batches that are being issued.</param>
public sealed record DuplicatePerson(PersonId Id, string Name, string IdNumberMasked, string? Township, string PhoneMasked, int LiveVouchers);

/// <summary>How cases and decisions are called.</summary>
public static class DuplicateWords
{
    public static Words Name(this DuplicateKind kind) => kind switch
    {
        DuplicateKind.OtherName => new("同一身份证号码，姓名不同", "Same number, other name"),
        DuplicateKind.OldNumber => new("15位旧号码", "Old number of 15 digits"),
        DuplicateKind.WrongCheck => new("校验位不对，前17位与在册人员相同", "Wrong check character, first 17 known"),
        DuplicateKind.SamePerson => new("两条登记疑为同一人", "Two people who may be one"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind."),
    };

    public static Words Name(this DuplicateDecision decision) => decision switch
    {
        DuplicateDecision.TakeNew => new("按这一行（含姓名）登记", "Take the row, its name included"),
        DuplicateDecision.KeepOld => new("保留原姓名，其余按这一行", "Keep the old name, take the rest"),
        DuplicateDecision.Merge => new("合并为一人", "Merge the two"),
        DuplicateDecision.Reject => new("不采用", "Reject"),
        DuplicateDecision.ClosedWithUndo => new("随导入撤销而关闭", "Closed with the undo of its import"),
        _ => throw new ArgumentOutOfRangeException(nameof(decision), decision, "Unknown decision."),
    };
}
