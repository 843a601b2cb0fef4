using Voucher.Server.Supervising;

namespace Voucher.Server.Classes;

/// <param name="RateFen">Subsidy frozen at approval, in 分; none before.</param>
/// <param name="LacksSpotCheck">Under way or over, and not yet spot-checked.</param>
public sealed record ClassAnswer(
    long Id, int InstitutionId, string Institution, int ProgrammeCode, string Programme, string Name, string Site,
    DateOnly StartsOn, DateOnly EndsOn, int Capacity, int Enrolled, string Status, long? RateFen, string? RefusedReason, bool LacksSpotCheck)
{
    public static ClassAnswer Of(TrainingClass c, DateOnly today) => new(
        c.Id.Value, c.InstitutionId.Value, c.Institution, c.ProgrammeCode, c.Programme, c.Name, c.Site, c.StartsOn, c.EndsOn,
        c.Capacity, c.Enrolled, c.Status.ToString(), c.RateFen?.Value, c.RefusedReason, c.LacksSpotCheckOn(today));
}

public sealed record SessionAnswer(long Id, DateOnly HeldOn, TimeOnly StartsAt, TimeOnly EndsAt, bool IsPractice, int Hours);

/// <param name="Name">Masked for the front desk.</param>
/// <param name="AttendancePercent">Of all sessions, as completion counts it.</param>
public sealed record TraineeAnswer(
    string VoucherNumber, string Name, string IdNumberMasked, DateTimeOffset EnrolledAt, string State, bool IsActive,
    int AttendedSessions, int AttendancePercent, int? TheoryScore, int? PracticeScore, bool? Passed);

public sealed record SpotCheckAnswer(DateTimeOffset CheckedAt, string CheckedBy, int Present, string Finding, bool IsClean);

/// <summary>A class with all that belongs to it.</summary>
public sealed record ClassDetailsAnswer(
    ClassAnswer Class, IReadOnlyList<SessionAnswer> Sessions, IReadOnlyList<TraineeAnswer> Roster, IReadOnlyList<SpotCheckAnswer> SpotChecks)
{
    public static ClassDetailsAnswer Of(
        TrainingClass known, AttendanceSheet sheet, IEnumerable<Trainee> roster, IEnumerable<SpotCheck> checks, Actor actor, DateOnly today)
    {
        var lines = sheet.Lines.ToDictionary(line => line.Trainee.EnrolmentId);
        return new ClassDetailsAnswer(
            ClassAnswer.Of(known, today),
            [.. sheet.Sessions.Select(s => new SessionAnswer(s.Id.Value, s.HeldOn, s.StartsAt, s.EndsAt, s.IsPractice, s.Hours))],
            [.. roster.Select(trainee => Answer(trainee, lines.GetValueOrDefault(trainee.EnrolmentId), actor))],
            [.. checks.Select(check => new SpotCheckAnswer(check.CheckedAt, check.CheckedBy, check.Present, check.Finding, check.IsClean))]);
    }

    private static TraineeAnswer Answer(Trainee t, AttendanceLine? line, Actor actor) => new(
        t.Voucher.ToString(), TraineeName.For(actor, t), t.IdNumberMasked, t.EnrolledAt, t.State.ToString(), t.IsActive,
        line?.Attended ?? 0, line?.Percent ?? 0, t.TheoryScore, t.PracticeScore, t.HasPassed);
}

/// <param name="Marks">One for each session, in order: Due, Here, Present, NotCheckedOut, Absent.</param>
public sealed record AttendanceLineAnswer(
    string VoucherNumber, string Name, IReadOnlyList<string> Marks, int AttendedSessions, int AttendancePercent, int TheoryHours, int PracticeHours);

/// <param name="ScannedTheoryHours">Trainee-hours over the whole roster, as is <paramref name="ScannedPracticeHours"/>.</param>
public sealed record AttendanceAnswer(
    IReadOnlyList<SessionAnswer> Sessions, IReadOnlyList<AttendanceLineAnswer> Lines, int ScheduledTheoryHours, int ScheduledPracticeHours,
    int ScannedTheoryHours, int ScannedPracticeHours)
{
    public static AttendanceAnswer Of(AttendanceSheet sheet, Actor actor) => new(
        [.. sheet.Sessions.Select(s => new SessionAnswer(s.Id.Value, s.HeldOn, s.StartsAt, s.EndsAt, s.IsPractice, s.Hours))],
        [.. sheet.Lines.Select(line => new AttendanceLineAnswer(
            line.Trainee.Voucher.ToString(), TraineeName.For(actor, line.Trainee), [.. line.Marks.Select(mark => mark.ToString())],
            line.Attended, line.Percent, line.Hours.Theory, line.Hours.Practice))],
        sheet.Scheduled.Theory, sheet.Scheduled.Practice, sheet.Scanned.Theory, sheet.Scanned.Practice);
}
