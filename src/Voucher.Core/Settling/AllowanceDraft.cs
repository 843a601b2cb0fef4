using Voucher.Core.Money;
using Voucher.Core.Policies;

namespace Voucher.Core.Settling;

/// <summary>A trainee whose days fall into the month.</summary>
/// <param name="Obstacles">Empty when the trainee may be paid.</param>
public sealed record AllowanceCandidate(long Enrolment, PersonId Person, IReadOnlyList<AllowanceObstacle> Obstacles);

/// <summary>One entry of a monthly list: a trainee's days of one kind in one training.</summary>
public sealed record DraftedAllowance(long Enrolment, PersonId Person, AllowanceKind Kind, AllowanceAmount Amount);

/// <summary>A trainee who is left out, with days for which the pack would pay.</summary>
public sealed record LeftOut(long Enrolment, PersonId Person, int Days, IReadOnlyList<AllowanceObstacle> Obstacles);

/// <summary>
/// Who gets what in a month, drawn up from scans alone. Every day is paid at the rate, and from the source, of the pack in force on
/// that day; what the institution's subsidy bears stands on no monthly list, for it is taken out of the claim line.
/// </summary>
public sealed record AllowanceDraft(IReadOnlyList<DraftedAllowance> Entries, IReadOnlyList<LeftOut> LeftOut)
{
    public Fen Total => Entries.Aggregate(Fen.Zero, (sum, entry) => sum + entry.Amount.Amount);

    /// <param name="taken">Days that are paid, on another list, or struck off.</param>
    /// <param name="policyOn">The pack of a day.</param>
    public static AllowanceDraft Of(
        IReadOnlyCollection<AllowanceCandidate> candidates, IReadOnlyCollection<ScannedSession> sessions,
        IReadOnlySet<(PersonId Person, AllowanceKind Kind, DateOnly Day)> taken, Func<DateOnly, Policy> policyOn)
    {
        var byEnrolment = candidates.ToDictionary(candidate => candidate.Enrolment);
        var free = candidates.Where(candidate => candidate.Obstacles.Count == 0).Select(candidate => candidate.Enrolment).ToHashSet();
        List<DraftedAllowance> entries = [];
        Dictionary<long, int> passedOver = [];
        foreach (var days in AttendedDays.Of(sessions.Where(session => free.Contains(session.Enrolment))).GroupBy(day => day.Enrolment))
        {
            var candidate = byEnrolment[days.Key];
            var isListed = false;
            foreach (var kind in AllowanceKinds.All)
            {
                var due = DueDays(days, kind, policyOn);
                var open = due.Where(day => !taken.Contains((candidate.Person, kind, day.Day))).ToList();
                if (open.Count > 0) entries.Add(new(candidate.Enrolment, candidate.Person, kind, AllowanceAmount.Of(open)));
                isListed |= open.Count > 0;
                if (due.Count > open.Count) passedOver[candidate.Enrolment] = Math.Max(passedOver.GetValueOrDefault(candidate.Enrolment), due.Count - open.Count);
            }
            if (isListed) passedOver.Remove(candidate.Enrolment);
        }
        return new([.. entries.OrderBy(entry => entry.Enrolment).ThenBy(entry => entry.Kind)], [.. Obstructed(candidates, sessions, policyOn), .. TakenUp(passedOver, byEnrolment)]);
    }

    private static IEnumerable<LeftOut> Obstructed(
        IReadOnlyCollection<AllowanceCandidate> candidates, IReadOnlyCollection<ScannedSession> sessions, Func<DateOnly, Policy> policyOn) =>
        from candidate in candidates
        where candidate.Obstacles.Count > 0
        let days = AttendedDays.Of(sessions.Where(session => session.Enrolment == candidate.Enrolment))
        let due = AllowanceKinds.All.Max(kind => DueDays(days, kind, policyOn).Count)
        where due > 0
        select new LeftOut(candidate.Enrolment, candidate.Person, due, candidate.Obstacles);

    private static IEnumerable<LeftOut> TakenUp(Dictionary<long, int> passedOver, Dictionary<long, AllowanceCandidate> byEnrolment) =>
        passedOver.OrderBy(entry => entry.Key).Select(entry => new LeftOut(entry.Key, byEnrolment[entry.Key].Person, entry.Value, [AllowanceObstacle.DaysTaken]));

    /// <summary>The days that public funds pay.</summary>
    private static List<AllowanceDay> DueDays(IEnumerable<AttendedDay> days, AllowanceKind kind, Func<DateOnly, Policy> policyOn) =>
        AllowanceDays.Due(days.Select(day => day.Day), kind, AllowanceSource.PublicFunds, policyOn);
}

/// <summary>Which attended days an allowance of one kind and source is due for.</summary>
public static class AllowanceDays
{
    /// <returns>In order of days, each with its pack's rate; without days whose pack gives none or lets another source bear it.</returns>
    public static List<AllowanceDay> Due(IEnumerable<DateOnly> days, AllowanceKind kind, AllowanceSource source, Func<DateOnly, Policy> policyOn) =>
    [
        .. from day in days.Distinct().Order()
           let pack = policyOn(day)
           let terms = pack.Parameters.TermsOf(kind)
           where terms.Source == source && terms.PerDay > Fen.Zero
           select new AllowanceDay(day, terms.PerDay, pack.Id),
    ];
}
