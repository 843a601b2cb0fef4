namespace Voucher.Server.Institutions.Marking;

/// <summary>A mark as recorded: a key school or major of a year, or who helps the institution (双重点, 对口帮扶).</summary>
/// <param name="Trade">Of a key major, and of help that is for one trade.</param>
/// <param name="PublishedOn">When key schools and majors were published; due by the end of April.</param>
/// <param name="Helper">The helping school; empty but for help.</param>
public sealed record InstitutionMark(
    int Id, InstitutionId InstitutionId, string Institution, MarkKind Kind, int Year, int? TradeCode, string? Trade, string DocumentNo, DateOnly? PublishedOn,
    string Helper, DateOnly? HelpedFrom, DateOnly? HelpedUntil)
{
    /// <summary>In short, as lists show it.</summary>
    public Words Short => Kind switch
    {
        MarkKind.KeySchool => new($"{Year}年重点院校", $"Key school {Year}"),
        MarkKind.KeyMajor => new($"{Year}年重点专业：{Trade}", $"Key major {Year}: {Trade}"),
        MarkKind.College => new("职业院校", "College"),
        _ => new($"{Helper} 对口帮扶", $"Helped by {Helper}"),
    };

    /// <summary>Published after the end of April, or not yet though April is over.</summary>
    public bool IsLateOn(DateOnly today) => Kind is MarkKind.KeySchool or MarkKind.KeyMajor && (PublishedOn ?? today) > Marks.PublishBy(Year);
}
