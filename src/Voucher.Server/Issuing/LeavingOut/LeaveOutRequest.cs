using System.Globalization;
using Voucher.Core.Issuing;
using Voucher.Server.Issuing.Judging;

namespace Voucher.Server.Issuing.LeavingOut;

/// <summary>What became of a request to leave people out. Numbers are stored: they never change meaning.</summary>
public enum LeaveOutDecision : short
{
    LeftOut = 1,
    Refused = 2,

    /// <summary>The batch went on without it, is to be stopped, or another list was asked for.</summary>
    Overtaken = 3,
}

/// <summary>A request that waits for a second person.</summary>
/// <param name="Mark">Of the list that was read when it was asked: <see cref="IneligibleList.Mark"/>.</param>
public sealed record LeaveOutRequest(long Id, string Mark, int People, string Reason, string AskedBy, StaffId AskedByStaff, DateTimeOffset AskedAt);

/// <summary>One who was left out of a batch.</summary>
/// <param name="ReasonNumbers">Numbers of <see cref="Ineligibility"/> in order of precedence, with commas.</param>
/// <param name="AskedBy"><c>null</c>: left out with the approval of the batch.</param>
public sealed record LeftOutPerson(
    PersonId Id, string Name, string IdNumberMasked, string? Township, string? Village, string ReasonNumbers, string Rule,
    string? AskedBy, string DecidedBy, DateTimeOffset DecidedAt)
{
    public IEnumerable<Ineligibility> Reasons => ReasonNumbers
        .Split(',', StringSplitOptions.RemoveEmptyEntries)
        .Select(number => (Ineligibility)short.Parse(number, CultureInfo.InvariantCulture));
}

/// <summary>A reason as it was typed into a form that came back.</summary>
/// <param name="IsWrong">The reason itself is what stands against it.</param>
public sealed record TypedReason(string? Text, bool IsWrong)
{
    public static readonly TypedReason None = new(null, false);
}

/// <summary>A page of those of a batch who may no longer have a voucher, and what the batch would be without them.</summary>
/// <param name="Mark">Whoever decides sends it back, so that nobody decides on a list that they have not seen.</param>
/// <param name="Total">How many they are.</param>
/// <param name="Open">The request that waits; <c>null</c> when none does.</param>
public sealed record IneligibleView(Batch Batch, Policy Policy, string Mark, IReadOnlyList<JudgedPerson> People, int Page, int Total, LeaveOutRequest? Open)
{
    public int PeopleAfter => Batch.People - Total;
    public Fen MoneyAfter => Batch.FaceValueFen * PeopleAfter;

    /// <summary>The reason for leaving them out.</summary>
    public TypedReason Asking { get; init; } = TypedReason.None;

    /// <summary>The reason for not leaving them out.</summary>
    public TypedReason Keeping { get; init; } = TypedReason.None;

    /// <summary>The list is no longer the one that was asked for.</summary>
    public bool HasChanged => Open is not null && Open.Mark != Mark;
}
