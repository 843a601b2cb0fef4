using Voucher.Server.Api;

namespace Voucher.Server.Classes;

/// <summary>Reads the list of sessions of a class form; faults name the session and its field, <c>sessions[3].heldOn</c>.</summary>
public static class SessionPlan
{
    public const int MostSessions = 400;
    public const int MostHours = 12;

    /// <summary>A teaching hour (课时) takes at least this long, so that hours cannot be inflated.</summary>
    public const int LeastMinutesOfAnHour = 40;

    /// <param name="dates">First and last day of the class; <c>null</c> when they could not be read.</param>
    public static IReadOnlyList<PlannedSession> Read(FieldReader read, SessionForm?[] forms, (DateOnly First, DateOnly Last)? dates)
    {
        if (forms.Length > MostSessions)
        {
            read.Fault("sessions", new($"最多 {MostSessions} 个课次", $"At most {MostSessions} sessions"));
            return [];
        }
        var sessions = forms.Select((form, index) => ReadOne(read, $"sessions[{index}]", form, dates)).ToList();
        NameOverlaps(read, sessions);
        return [.. sessions.OrderBy(session => session.HeldOn).ThenBy(session => session.StartsAt)];
    }

    private static PlannedSession ReadOne(FieldReader read, string at, SessionForm? form, (DateOnly First, DateOnly Last)? dates)
    {
        var session = new PlannedSession(
            read.Day($"{at}.heldOn", form?.HeldOn), form?.StartsAt ?? default, form?.EndsAt ?? default, form?.IsPractice ?? false,
            read.Number($"{at}.hours", form?.Hours, 1, MostHours));
        if (form?.StartsAt is null) read.Fault($"{at}.startsAt", new("请填写开始时间", "Give the time it starts"));
        if (form?.EndsAt is null) read.Fault($"{at}.endsAt", new("请填写结束时间", "Give the time it ends"));
        else if (form.EndsAt <= form.StartsAt) read.Fault($"{at}.endsAt", new("应晚于开始时间", "Must be after the start"));
        if (form?.IsPractice is null) read.Fault($"{at}.isPractice", new("请选择理论或实操", "Choose theory or practice"));
        if (read.IsClean($"{at}.heldOn") && dates is (var first, var last) && (session.HeldOn < first || session.HeldOn > last))
            read.Fault($"{at}.heldOn", new("不在班级起止日期内", "Outside the dates of the class"));
        if (read.IsClean($"{at}.endsAt") && read.IsClean($"{at}.startsAt") && read.IsClean($"{at}.hours")
            && (session.EndsAt - session.StartsAt).TotalMinutes < session.Hours * LeastMinutesOfAnHour)
            read.Fault($"{at}.hours", new(
                $"时段太短：每课时至少 {LeastMinutesOfAnHour} 分钟", $"Too short: a teaching hour takes at least {LeastMinutesOfAnHour} minutes"));
        return session;
    }

    private static void NameOverlaps(FieldReader read, List<PlannedSession> sessions)
    {
        var inOrder = sessions.Select((session, index) => (Session: session, Index: index))
            .Where(one => read.IsClean($"sessions[{one.Index}].heldOn") && read.IsClean($"sessions[{one.Index}].startsAt") && read.IsClean($"sessions[{one.Index}].endsAt"))
            .OrderBy(one => one.Session.HeldOn).ThenBy(one => one.Session.StartsAt).ToList();
        foreach (var (before, after) in inOrder.Zip(inOrder.Skip(1)))
            if (before.Session.HeldOn == after.Session.HeldOn && after.Session.StartsAt < before.Session.EndsAt)
                read.Fault($"sessions[{after.Index}].startsAt", new(
                    $"与第 {before.Index + 1} 个课次时间重叠", $"Overlaps session {before.Index + 1}"));
    }
}
