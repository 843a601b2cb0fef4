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

    /// <summary>The first year of which holidays may be entered, and the last.</summary>
    public const int FirstYear = 2016;
    public const int LastYear = 2100;

    private const int LongestName = 20;
    private const int LongestNotice = 200;

    public static Outcome<HolidayYear> Read(int year, string text)
    {
        List<FieldError> errors = [];
        var days = new Days(year);
        var notice = "";
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#') continue;
            var parts = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (parts[0] == "文号" && line.Length > 3) notice = line[2..].Trim();
            else if (ReadDays(parts, days) is { } problem) errors.Add(new("text", new($"第{i + 1}行：{problem.Zh}", $"Line {i + 1}: {problem.En}")));
        }
        errors.AddRange(days.Rest(notice, "text", "text"));
        return errors.Count > 0 ? errors : days.Year(notice);
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

    private static Words? ReadDays(string[] parts, Days days)
    {
        if (parts[0] is not ("休" or "班") || parts.Length < 2 || ReadDay(parts[1]) is not { } first)
            return new("请写成“休 起日 止日 节日”或“班 日期”，日期如 2026-10-01", "Write “休 first last name” or “班 day”, days as 2026-10-01");
        if (parts[0] == "班") return days.Work(first)?.Problem;
        return parts.Length > 2 && ReadDay(parts[2]) is { } until
            ? days.Off(first, until, parts.Length > 3 ? string.Join(' ', parts[3..]) : null)?.Problem
            : new("起止日期不对", "The first and last day do not fit");
    }

    private static DateOnly? ReadDay(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    /// <summary>The days of one year as they are read, whatever they are read from; a fault names the field that is wrong.</summary>
    internal sealed class Days(int year)
    {
        private readonly SortedDictionary<DateOnly, string> _off = [];
        private readonly SortedSet<DateOnly> _madeUp = [];

        public FieldError? Off(DateOnly first, DateOnly until, string? name)
        {
            if (until < first) return new("until", new("起止日期不对", "The first and last day do not fit"));
            if (first.Year != year || until.Year != year) return OutOfYear;
            if (until.DayNumber - first.DayNumber >= MostInRow) return new("until", new($"连休不会超过{MostInRow}天", $"More than {MostInRow} days in a row"));
            var called = string.IsNullOrEmpty(name) ? "放假" : name;
            if (called.Length > LongestName) return new("name", new($"节日名称最多{LongestName}字", $"The name has at most {LongestName} characters"));
            for (var day = first; day <= until; day = day.AddDays(1))
                if (_madeUp.Contains(day) || !_off.TryAdd(day, called)) return Twice(day);
            return null;
        }

        public FieldError? Work(DateOnly day) =>
            day.Year != year ? OutOfYear
            : day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) ? new("from", new($"{CountyTime.Show(day)} 不是周末", $"{CountyTime.Show(day)} is no weekend"))
            : _off.ContainsKey(day) || !_madeUp.Add(day) ? Twice(day) : null;

        /// <summary>What the whole lacks.</summary>
        public IEnumerable<FieldError> Rest(string notice, string noticeField, string daysField)
        {
            if (notice.Length is 0 or > LongestNotice) yield return new(noticeField, new("请写明依据的通知（文号 …）", "Name the notice (文号 …)"));
            if (_off.Count == 0) yield return new(daysField, new("没有一天放假", "It has no day off"));
        }

        public HolidayYear Year(string notice) => new(year, notice, _off, _madeUp);

        private FieldError OutOfYear => new("from", new($"不在{year}年", $"Not in {year}"));

        private static FieldError Twice(DateOnly day) => new("from", new($"{CountyTime.Show(day)} 写了两次", $"{CountyTime.Show(day)} stands twice"));
    }
}
