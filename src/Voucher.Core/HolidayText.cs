using System.Globalization;
using Voucher.Core.Refusals;

namespace Voucher.Core;

/// <summary>
/// A year's holidays as text that an office can read and type. Lines: <c>文号 …</c> (the notice), <c>休 2026-10-01 2026-10-07 国庆节</c>
/// (first and last day off), <c>班 2026-10-10 国庆节</c> (a weekend that is worked). Lines that begin with # are remarks.
/// </summary>
public static class HolidayText
{
    /// <summary>Characters of a year's text.</summary>
    public const int Longest = 4_000;

    /// <summary>Days off in a row; the longest so far were nine.</summary>
    public const int MostInRow = 15;

    private const int LongestName = 20;
    private const int LongestNotice = 200;

    public static Outcome<HolidayYear> Read(int year, string text)
    {
        List<FieldError> errors = [];
        var off = new SortedDictionary<DateOnly, string>();
        var madeUp = new SortedSet<DateOnly>();
        var notice = "";
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#') continue;
            var parts = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (parts[0] == "文号" && line.Length > 3) notice = line[2..].Trim();
            else if (ReadDays(year, parts, off, madeUp) is { } problem) errors.Add(new("text", new($"第{i + 1}行：{problem.Zh}", $"Line {i + 1}: {problem.En}")));
        }
        if (notice.Length is 0 or > LongestNotice) errors.Add(new("text", new("请写明依据的通知（文号 …）", "Name the notice (文号 …)")));
        if (off.Count == 0) errors.Add(new("text", new("没有一天放假", "It has no day off")));
        return errors.Count > 0 ? errors : new HolidayYear(year, notice, off, madeUp);
    }

    /// <summary>The same year as text; reading it gives the same year again.</summary>
    public static string Write(HolidayYear year)
    {
        List<string> lines = [$"文号 {year.Notice}"];
        var days = year.Off.OrderBy(day => day.Key).ToList();
        for (var i = 0; i < days.Count;)
        {
            var last = i;
            while (last + 1 < days.Count && days[last + 1].Key == days[last].Key.AddDays(1) && days[last + 1].Value == days[i].Value && last - i + 1 < MostInRow) last++;
            lines.Add($"休 {CountyTime.Show(days[i].Key)} {CountyTime.Show(days[last].Key)} {days[i].Value}");
            i = last + 1;
        }
        lines.AddRange(year.MadeUp.Order().Select(day => $"班 {CountyTime.Show(day)}"));
        return string.Join('\n', lines);
    }

    private static Words? ReadDays(int year, string[] parts, SortedDictionary<DateOnly, string> off, SortedSet<DateOnly> madeUp)
    {
        if (parts[0] is not ("休" or "班") || parts.Length < 2 || ReadDay(parts[1]) is not { } first)
            return new("请写成“休 起日 止日 节日”或“班 日期”，日期如 2026-10-01", "Write “休 first last name” or “班 day”, days as 2026-10-01");
        var last = parts[0] == "休" ? parts.Length > 2 ? ReadDay(parts[2]) : null : first;
        if (last is not { } until || until < first) return new("起止日期不对", "The first and last day do not fit");
        if (first.Year != year || until.Year != year) return new($"不在{year}年", $"Not in {year}");
        if (until.DayNumber - first.DayNumber >= MostInRow) return new($"连休不会超过{MostInRow}天", $"More than {MostInRow} days in a row");
        if (parts[0] == "班") return Work(first, off, madeUp);
        var name = parts.Length > 3 ? string.Join(' ', parts[3..]) : "放假";
        if (name.Length > LongestName) return new($"节日名称最多{LongestName}字", $"The name has at most {LongestName} characters");
        for (var day = first; day <= until; day = day.AddDays(1))
            if (madeUp.Contains(day) || !off.TryAdd(day, name)) return new($"{CountyTime.Show(day)} 写了两次", $"{CountyTime.Show(day)} stands twice");
        return null;
    }

    private static Words? Work(DateOnly day, SortedDictionary<DateOnly, string> off, SortedSet<DateOnly> madeUp)
    {
        if (day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)) return new($"{CountyTime.Show(day)} 不是周末", $"{CountyTime.Show(day)} is no weekend");
        return off.ContainsKey(day) || !madeUp.Add(day) ? new($"{CountyTime.Show(day)} 写了两次", $"{CountyTime.Show(day)} stands twice") : null;
    }

    private static DateOnly? ReadDay(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
