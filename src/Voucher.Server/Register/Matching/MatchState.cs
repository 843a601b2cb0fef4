using Voucher.Core.Matching;

namespace Voucher.Server.Register.Matching;

/// <summary>Numbers are stored: they never change meaning.</summary>
public enum MatchStatus
{
    Waiting = 1,
    Running = 2,
    Finished = 3,
    Failed = 4,
}

/// <summary>One matching as lists and its page show it.</summary>
/// <param name="Found">People of the register who are in the list.</param>
/// <param name="Differing">Those of them of whom the list says something else.</param>
/// <param name="NotFound">Rows whose number the register does not have.</param>
/// <param name="Bad">Rows that could not be read.</param>
/// <param name="Standing">Hits that nobody has dismissed and no later list has replaced.</param>
/// <param name="IsComplete">The list names everybody of its source on its day; otherwise it only adds.</param>
/// <param name="Ended">Hits that did not stand any more when this list had been read.</param>
/// <param name="Carried">Hits of this list that were answered as a person had answered the same before.</param>
/// <param name="Held">People missing from a complete list who are so many that a second person is to confirm it; 0 when not.</param>
/// <param name="ConfirmedBy">Who confirmed it, so that their hits ended after all.</param>
public sealed record MatchState(
    long Id, MatchSource Source, string FileName, DateOnly AsOf, bool IsComplete, MatchStatus Status, int Rows, int DoneRows, int Found, int Differing,
    int NotFound, int Bad, int Standing, int Ended, int Carried, string NotesZh, string NotesEn, string? FailureZh, string? FailureEn, string CreatedBy,
    DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt, int Held, DateTimeOffset? ConfirmedAt, string? ConfirmedBy, string? ConfirmedReason)
{
    public bool IsOver => Status is MatchStatus.Finished or MatchStatus.Failed;

    public Words? Failure => FailureZh is null ? null : new(FailureZh, FailureEn!);

    public Words Notes => new(NotesZh, NotesEn);

    public Words Extent => IsComplete ? new("全量名单", "Complete list") : new("增量名单", "Addition");

    /// <summary>
    /// Whether somebody whom the list does not name is not in it: not where rows could not be read, which may be anybody's,
    /// nor while it waits for a second person.
    /// </summary>
    public bool EndsAbsent => IsComplete && Bad == 0 && !IsHeld;

    /// <summary>So many are missing from it that nobody's hit ends by that until another person has confirmed it.</summary>
    public bool IsHeld => Held > 0 && ConfirmedAt is null;
}

/// <summary>What the worker needs of a matching that is not over.</summary>
public sealed record UnfinishedMatch(long Id, MatchSource Source, string FileName, byte[] Content, DateOnly AsOf, bool IsComplete, AccountId CreatedBy);

/// <summary>A person of the register who is in the list: masked.</summary>
/// <param name="Difference">What the list says otherwise; empty when nothing.</param>
/// <param name="IsCarried">Answered as a person had answered the same hit of an earlier list; by whom and when is theirs.</param>
/// <param name="EndedBy">The later list of the source that speaks in its place.</param>
public sealed record MatchHit(
    long Id, PersonId Person, string Name, string IdNumberMasked, string? Township, int? RowNumber, string Difference,
    DateTimeOffset? DismissedAt, string? DismissedBy, string? DismissedReason, bool IsCarried, DateTimeOffset? EndedAt, long? EndedBy, DateOnly? EndedByAsOf)
{
    public bool Stands => DismissedAt is null && EndedAt is null;
}

/// <summary>A row of the list that could not be read.</summary>
public sealed record MatchProblem(int RowNumber, string ColumnName, string ReasonZh, string ReasonEn)
{
    public Words Reason => new(ReasonZh, ReasonEn);
}

/// <summary>Which hits are wanted.</summary>
public enum HitFilter
{
    All = 0,
    Differing = 1,
    Standing = 2,
    Dismissed = 3,

    /// <summary>A later list speaks in their place.</summary>
    Ended = 4,
}

/// <summary>How the stages of a matching and its hits are called and coloured.</summary>
public static class MatchStatusWords
{
    public static Words Name(this HitFilter filter) => filter switch
    {
        HitFilter.All => new("全部在册", "All found"),
        HitFilter.Differing => new("所载不同", "Differing"),
        HitFilter.Standing => new("未解除", "Standing"),
        HitFilter.Dismissed => new("已解除", "Dismissed"),
        HitFilter.Ended => new("已被取代", "Replaced"),
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "Unknown filter."),
    };

    public static Words Name(this MatchStatus status) => status switch
    {
        MatchStatus.Waiting => new("等待中", "Waiting"),
        MatchStatus.Running => new("比对中", "Running"),
        MatchStatus.Finished => new("已完成", "Finished"),
        MatchStatus.Failed => new("失败", "Failed"),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Unknown status."),
    };

    public static string Colour(this MatchStatus status) => status switch
    {
        MatchStatus.Finished => "bg-green-lt",
        MatchStatus.Failed => "bg-red-lt",
        _ => "bg-blue-lt",
    };
}
