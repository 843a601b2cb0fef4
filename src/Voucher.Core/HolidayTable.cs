using System.Globalization;
using Voucher.Core.Refusals;

namespace Voucher.Core;

/// <summary>One line of a table of holidays, as it was handed in.</summary>
/// <param name="Number">Of the row in the file, as its reader counts.</param>
/// <param name="From">First day, <c>2026-10-01</c>.</param>
/// <param name="Until">Last day; empty: one day.</param>
/// <param name="Kind"><c>off</c> or 休; <c>work</c> or 班 for a weekend that is worked.</param>
/// <param name="Name">Of the holiday; may be empty.</param>
public sealed record HolidayLine(int Number, string? From, string? Until, string? Kind, string? Name);

/// <summary>
/// A year's holidays as rows of a file, read with the rules of <see cref="HolidayText"/>. What is wrong is named by row and field, as
/// <c>3.until</c>; one wrong row, and nothing is taken.
/// </summary>
public static class HolidayTable
{
    /// <summary>Rows of one file: more than the days of a year that can be off or made up in runs.</summary>
    public const int MostRows = 100;

    private static readonly string[] DayForms = ["yyyy-MM-dd", "yyyy/M/d", "yyyy.M.d", "yyyyMMdd"];

    /// <param name="year">Of the file; <c>null</c>: that of its first day.</param>
    public static Outcome<HolidayYear> Read(int? year, string? notice, IReadOnlyList<HolidayLine> lines)
    {
        List<FieldError> errors = [];
        void Wrong(int row, string field, Words problem) => errors.Add(new($"{row}.{field}", new($"第{row}行 {field}：{problem.Zh}", $"Row {row}, {field}: {problem.En}")));
        if (lines.Count > MostRows) return (List<FieldError>)[new("file", new($"超过 {MostRows} 行", $"More than {MostRows} rows"))];
        var known = year ?? lines.Select(line => ReadDay(line.From)?.Year).FirstOrDefault(found => found is not null);
        if (known is not (>= HolidayText.FirstYear and <= HolidayText.LastYear))
            return (List<FieldError>)[new("year", new($"要有 {HolidayText.FirstYear} 至 {HolidayText.LastYear} 的年份", $"A year from {HolidayText.FirstYear} to {HolidayText.LastYear} is needed"))];
        var days = new HolidayText.Days(known.Value);
        foreach (var line in lines)
        {
            var kind = line.Kind?.Trim().ToLowerInvariant() switch { "off" or "休" => 1, "work" or "班" => 2, _ => 0 };
            if (kind == 0) Wrong(line.Number, "kind", new("请写 休（off）或 班（work）", "Write 休 (off) or 班 (work)"));
            var first = ReadDay(line.From);
            if (first is null) Wrong(line.Number, "from", new("请写日期，如 2026-10-01", "Give a day such as 2026-10-01"));
            var isOneDay = string.IsNullOrWhiteSpace(line.Until);
            var last = isOneDay ? first : ReadDay(line.Until);
            if (!isOneDay && last is null) Wrong(line.Number, "until", new("请写日期，如 2026-10-01", "Give a day such as 2026-10-01"));
            if (kind == 0 || first is not { } from || last is not { } until) continue;
            if (kind == 2 && until != from) Wrong(line.Number, "until", new("上班的周末一行一天", "A weekend that is worked is one day a row"));
            else if ((kind == 1 ? days.Off(from, until, line.Name?.Trim()) : days.Work(from)) is { } problem) Wrong(line.Number, problem.Field, problem.Problem);
        }
        errors.AddRange(days.Rest(notice?.Trim() ?? "", "notice", "days"));
        return errors.Count > 0 ? errors : days.Year(notice!.Trim());
    }

    private static DateOnly? ReadDay(string? text) =>
        DateOnly.TryParseExact(text?.Trim(), DayForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
