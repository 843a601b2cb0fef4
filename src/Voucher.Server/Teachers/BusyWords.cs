using System.Globalization;

namespace Voucher.Server.Teachers;

/// <summary>Where and when a teacher is at work, in a refusal.</summary>
public static class BusyWords
{
    public static Words Place(TeacherSession session) =>
        new($"{session.Institution}“{session.Class}”", $"“{session.Class}” at {session.Institution}");

    public static string Time(TeacherSession session) => string.Create(
        CultureInfo.InvariantCulture, $"{CountyTime.Show(session.HeldOn)} {session.StartsAt:HH:mm}–{session.EndsAt:HH:mm}");
}
