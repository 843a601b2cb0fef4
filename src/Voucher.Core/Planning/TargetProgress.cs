namespace Voucher.Core.Planning;

/// <summary>How far a target is: what was done against what the time that has passed asks for.</summary>
/// <param name="People">The target.</param>
/// <param name="Used">People who used their voucher and passed.</param>
/// <param name="Elapsed">Share of the target's time that is over, 0 to 1.</param>
public sealed record TargetProgress(int People, long Used, decimal Elapsed)
{
    /// <summary>Share of the target that is done; may exceed 1. A target of nobody is done.</summary>
    public decimal Share => People == 0 ? 1 : (decimal)Used / People;

    /// <summary>How many people should have finished by now, part of a person rounded up.</summary>
    public long Expected => (long)Math.Ceiling(People * Elapsed);

    /// <summary>How many people are missing to be on schedule.</summary>
    public long Missing => Math.Max(0, Expected - Used);

    /// <summary>Whether a smaller share is done than of the time is over.</summary>
    public bool IsBehind => Share < Elapsed;

    /// <summary>How far behind, as a share of the target: the worst is the largest.</summary>
    public decimal Lag => Math.Max(0, Elapsed - Share);

    /// <summary>
    /// Share of the years, first day to last, that is over at the end of <paramref name="today"/>: 0 before them, 1 after them.
    /// </summary>
    public static decimal ElapsedOf(int firstYear, int lastYear, DateOnly today)
    {
        var first = new DateOnly(firstYear, 1, 1);
        var last = new DateOnly(lastYear, 12, 31);
        if (today < first) return 0;
        if (today >= last) return 1;
        return (decimal)(today.DayNumber - first.DayNumber + 1) / (last.DayNumber - first.DayNumber + 1);
    }
}
