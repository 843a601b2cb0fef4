using System.Globalization;
using Voucher.Core.Money;

namespace Voucher.Core.Settling;

/// <summary>One day as it is paid: at the rate of the pack in force on that day.</summary>
public sealed record AllowanceDay(DateOnly Day, Fen Rate, PolicyId Policy);

/// <summary>What a trainee's days of one kind come to, with the arithmetic that people check.</summary>
/// <param name="Days">At least one; each day once.</param>
/// <param name="Amount">The sum of the rates, or less where the institution's subsidy has no more.</param>
public sealed record AllowanceAmount(IReadOnlyList<AllowanceDay> Days, Fen Amount)
{
    public Fen Full => FullOf(Days);

    /// <summary>What all days come to at their rates.</summary>
    public static AllowanceAmount Of(IReadOnlyList<AllowanceDay> days) => new(days, FullOf(days));

    /// <summary>At most what is left to pay from.</summary>
    public AllowanceAmount AtMost(Fen left) => left < Amount ? this with { Amount = left } : this;

    /// <summary>As it is written on the list: <c>12 天 × 30.00 元 = 360.00 元</c>; a rate that changed makes one part each.</summary>
    public Words Arithmetic
    {
        get
        {
            var parts = Days.GroupBy(day => day.Rate).OrderBy(part => part.Min(day => day.Day)).Select(part => (Days: part.Count(), Rate: part.Key)).ToList();
            string Join(string day, string yuan) => string.Join(" + ", parts.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Days} {day} × {part.Rate} {yuan}")));
            var (full, amount) = (Full.ToGroupedYuan(), Amount.ToGroupedYuan());
            var (zh, en) = ($"{Join("天", "元")} = {full} 元", $"{Join("days", "yuan")} = {full} yuan");
            return Amount == Full ? new(zh, en) : new($"{zh}，补贴所限 {amount} 元", $"{en}, limited by the subsidy to {amount} yuan");
        }
    }

    private static Fen FullOf(IEnumerable<AllowanceDay> days) => days.Aggregate(Fen.Zero, (sum, day) => sum + day.Rate);
}

/// <summary>Allowances out of the institution's subsidy (从培训机构培训补贴中列支): never more than the claim line's amount.</summary>
public static class SubsidyAllowances
{
    /// <summary>The same allowances, in their order, as far as the amount goes; those for which nothing is left are dropped.</summary>
    public static IReadOnlyList<(AllowanceKind Kind, AllowanceAmount Amount)> Within(
        Fen lineAmount, IEnumerable<(AllowanceKind Kind, AllowanceAmount Amount)> allowances)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lineAmount.Value, 0L, nameof(lineAmount));
        var left = lineAmount;
        List<(AllowanceKind, AllowanceAmount)> within = [];
        foreach (var (kind, amount) in allowances)
        {
            var paid = amount.AtMost(left);
            if (paid.Amount == Fen.Zero) continue;
            within.Add((kind, paid));
            left -= paid.Amount;
        }
        return within;
    }
}
