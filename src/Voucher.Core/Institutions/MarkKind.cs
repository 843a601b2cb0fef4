namespace Voucher.Core.Institutions;

/// <summary>What distinguishes an institution in a year. Numbers are stored: they never change meaning.</summary>
public enum MarkKind : short
{
    /// <summary>重点院校 (text 003, （四）).</summary>
    KeySchool = 1,

    /// <summary>重点专业, of one trade (text 003, （四）).</summary>
    KeyMajor = 2,

    /// <summary>对口帮扶: helped by another school for a period (texts 001, （五）, and 003, （七）).</summary>
    Helped = 3,

    /// <summary>职业院校: half of its training income may go to running costs (text 004, 三（七）二).</summary>
    College = 4,
}

/// <summary>Names of the marks, and the day by which key schools and majors are to be published.</summary>
public static class Marks
{
    public static Words Name(this MarkKind kind) => kind switch
    {
        MarkKind.KeySchool => new("重点院校", "Key school"),
        MarkKind.KeyMajor => new("重点专业", "Key major"),
        MarkKind.Helped => new("对口帮扶", "Helped by"),
        MarkKind.College => new("职业院校", "College"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown mark."),
    };

    /// <summary>The last day for publishing the key schools and majors of a year: the end of April.</summary>
    public static DateOnly PublishBy(int year) => new(year, 4, 30);
}
