using Voucher.Core.Settling;

namespace Voucher.Server.Settling.Publishing;

/// <summary>A published list as anybody may see it.</summary>
public sealed record Notice(
    long Id, string Heading, DateOnly FromDay, DateOnly UntilDay, int WorkingDays, string Phone, string Place, string Rule, int Lines, Fen AmountFen)
{
    /// <summary>Lines on one page of the list.</summary>
    public const int PageSize = 100;

    public string Number => PublicationNumber.Of(Id);

    public PublicationPeriod Period => new(FromDay, UntilDay);

    public int Pages => (Lines + PageSize - 1) / PageSize;
}

/// <summary>A line as anybody may see it.</summary>
/// <param name="AmountFen">With what of it is kept back, <paramref name="RetainedFen"/>.</param>
public sealed record NoticeLine(
    int Position, string Institution, string Course, string ClassName, int Vouchers, string VoucherTail, string MaskedName, Fen AmountFen, Fen RetainedFen);

/// <summary>The lists of the day: running ones, and those whose period was over not long ago; newest first.</summary>
public sealed record NoticeBoard(string County, DateOnly Day, DateTimeOffset ReadAt, IReadOnlyList<Notice> Notices)
{
    public Notice? Find(long id) => Notices.FirstOrDefault(notice => notice.Id == id);
}

/// <summary>What the public document shows.</summary>
/// <param name="Page">1 and up; 0: all lines, for paper.</param>
/// <param name="Said">What became of an objection that was just handed in.</param>
public sealed record NoticeView(NoticeBoard Board, Notice? Notice, int Page, IReadOnlyList<NoticeLine> Lines, bool InEnglish, NoticeSaid? Said = null)
{
    public bool MayObject => Page > 0 && Notice is { } notice && notice.Period.IsRunningOn(Board.Day);
}

/// <param name="Faults">What has to be mended; empty when it was taken.</param>
/// <param name="Form">What was typed, so that it need not be typed again.</param>
public sealed record NoticeSaid(IReadOnlyList<Words> Faults, ObjectionForm? Form);
