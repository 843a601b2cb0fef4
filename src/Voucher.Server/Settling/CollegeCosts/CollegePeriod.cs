using Voucher.Server.Api;

namespace Voucher.Server.Settling.CollegeCosts;

/// <summary>A year, or one quarter of it.</summary>
/// <param name="Quarter">1–4; <c>null</c>: the whole year.</param>
public sealed record CollegePeriod(int Year, int? Quarter)
{
    public DateOnly First => new(Year, Quarter is { } quarter ? 3 * quarter - 2 : 1, 1);
    public DateOnly Last => Quarter is null ? new(Year, 12, 31) : First.AddMonths(3).AddDays(-1);
    public Words Name => Quarter is { } quarter ? new($"{Year}年第{quarter}季度", $"{Year}, quarter {quarter}") : new($"{Year}年", $"{Year}");

    /// <summary>As asked for; this year when nothing readable was.</summary>
    public static CollegePeriod Read(int? year, int? quarter, DateOnly today) =>
        new(year is >= 2016 and <= 2100 ? year.Value : today.Year, quarter is >= 1 and <= 4 ? quarter : null);
}
