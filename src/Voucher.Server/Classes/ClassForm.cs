using Voucher.Core.Classes;
using Voucher.Server.Api;
using Voucher.Server.Institutions;

namespace Voucher.Server.Classes;

/// <summary>One session (课次) as typed: local day and times, theory or practice, teaching hours 1–12.</summary>
public sealed record SessionForm(DateOnly? HeldOn, TimeOnly? StartsAt, TimeOnly? EndsAt, bool? IsPractice, int? Hours);

/// <summary>What an institution hands in to open a class.</summary>
/// <param name="ProgrammeCode">A programme that the institution may teach.</param>
/// <param name="Name">1–60 characters, unique within the institution.</param>
/// <param name="Site">Where it is held, at most 100 characters.</param>
/// <param name="Capacity">At most the institution's accredited capacity.</param>
public sealed record ClassForm(
    int? ProgrammeCode, string? Name, string? Site, DateOnly? StartsOn, DateOnly? EndsOn, int? Capacity, SessionForm?[]? Sessions)
{
    public const int LongestName = 60;
    public const int LongestSite = 100;

    /// <summary>More could not be assessed on one form; see <see cref="ServerComposition.MostFormValues"/>.</summary>
    public const int LargestCapacity = InstitutionForm.LargestCapacity;

    public const int LongestDays = 366;

    public static readonly ClassForm Empty = new(null, null, null, null, null, null, []);

    public static ClassForm Of(TrainingClass known, IEnumerable<ClassSession> sessions) => new(
        known.ProgrammeCode, known.Name, known.Site, known.StartsOn, known.EndsOn, known.Capacity,
        [.. sessions.Select(s => new SessionForm(s.HeldOn, s.StartsAt, s.EndsAt, s.IsPractice, s.Hours))]);

    public (ClassEntry Entry, List<FieldError> Errors) Read(DateOnly today)
    {
        var read = new FieldReader();
        if (ProgrammeCode is null) read.Fault("programmeCode", new("请选择培训项目", "Choose a programme"));
        var name = read.Text("name", Name, LongestName);
        var site = read.Text("site", Site, LongestSite);
        var startsOn = read.Day("startsOn", StartsOn);
        var endsOn = read.Day("endsOn", EndsOn);
        var capacity = read.Number("capacity", Capacity, 1, LargestCapacity);
        var areDays = read.IsClean("startsOn") && read.IsClean("endsOn");
        if (areDays && startsOn < today) read.Fault("startsOn", new("不能早于今天", "Must not be before today"));
        if (areDays && endsOn < startsOn) read.Fault("endsOn", new("不能早于开班日", "Must not be before the first day"));
        if (areDays && endsOn.DayNumber - startsOn.DayNumber >= LongestDays)
            read.Fault("endsOn", new($"一个班最长 {LongestDays} 天", $"A class lasts at most {LongestDays} days"));
        var sessions = SessionPlan.Read(read, Sessions ?? [], areDays ? (startsOn, endsOn) : null);
        return (new ClassEntry(ProgrammeCode ?? 0, name, site, startsOn, endsOn, capacity, sessions), read.Errors);
    }
}

/// <summary>A class form that was read.</summary>
public sealed record ClassEntry(
    int ProgrammeCode, string Name, string Site, DateOnly StartsOn, DateOnly EndsOn, int Capacity, IReadOnlyList<PlannedSession> Sessions);

/// <summary>One planned session, local day and times.</summary>
public sealed record PlannedSession(DateOnly HeldOn, TimeOnly StartsAt, TimeOnly EndsAt, bool IsPractice, int Hours)
{
    public TeachingHours Teaching => TeachingHours.OfSession(IsPractice, Hours);
}
