using System.Globalization;
using Voucher.Core.Issuing;

namespace Voucher.Server.Issuing.Judging;

/// <summary>How many of the chosen a reason stands against.</summary>
/// <param name="People">Everyone to whom it applies; a person may be counted under several reasons.</param>
/// <param name="First">Those for whom it is the first reason: over all reasons they add up to those who get nothing.</param>
public sealed record ReasonCount(Ineligibility Reason, int People, int First);

/// <summary>A dry run: how many of the chosen would get a voucher, and why the others would not.</summary>
/// <param name="Total">Money to be reserved.</param>
/// <param name="Free">What the budget line has left; <c>null</c> when none is chosen.</param>
/// <param name="Line">The budget line's name.</param>
public sealed record DryRun(
    int Chosen, int Eligible, IReadOnlyList<ReasonCount> Reasons, Fen Total, Fen? Free, string? Line, Policy Policy)
{
    /// <summary>What the line would have left; negative when it has too little.</summary>
    public Fen? After => Free - Total;
}

/// <summary>One of the chosen as the dry run lists them.</summary>
/// <param name="ReasonNumbers">Numbers of <see cref="Ineligibility"/> in order of precedence, with commas; empty: gets a voucher.</param>
public sealed record JudgedPerson(
    PersonId Id, string Name, string IdNumberMasked, string? Township, string? Village, string HouseholdPlace, string ReasonNumbers)
{
    public IEnumerable<Ineligibility> Reasons => ReasonNumbers
        .Split(',', StringSplitOptions.RemoveEmptyEntries)
        .Select(number => (Ineligibility)short.Parse(number, CultureInfo.InvariantCulture));
}

/// <summary>Which of the chosen are wanted.</summary>
/// <param name="Eligible">Those who get a voucher; otherwise those who do not.</param>
/// <param name="Reason">Only those against whom it stands; <c>null</c> for any.</param>
public sealed record JudgedFilter(bool Eligible, Ineligibility? Reason = null);

/// <summary>A page of the list behind a dry run.</summary>
public sealed record JudgedPage(IReadOnlyList<JudgedPerson> People, int Page, int Total, Policy Policy);
