using System.Globalization;
using System.Text.RegularExpressions;

namespace Voucher.Core.Money;

/// <summary>An amount of money in 分 (1/100 yuan), always a whole number. Arithmetic overflows loudly.</summary>
public readonly partial record struct Fen(long Value) : IComparable<Fen>
{
    public static readonly Fen Zero = new(0);

    /// <summary>The largest amount that a form or file may name: 10 billion yuan.</summary>
    public static readonly Fen LargestInput = new(1_000_000_000_000);

    public static Fen FromYuan(long yuan) => new(checked(yuan * 100));

    /// <summary>
    /// Reads an amount in yuan with at most two decimals, as people type it: <c>1500</c>, <c>1500.5</c>, <c>1,500.50</c>.
    /// Refuses signs, exponents, a third decimal, commas that do not part thousands (1,5 may be meant as 1.5), and amounts
    /// over <see cref="LargestInput"/>.
    /// </summary>
    public static bool TryParseYuan(string? text, out Fen amount)
    {
        amount = Zero;
        var typed = (text ?? "").Trim();
        if (!YuanAsTyped.IsMatch(typed)) return false;
        var fen = 100 * decimal.Parse(typed, NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
        if (fen > LargestInput.Value) return false;
        amount = new Fen((long)fen);
        return true;
    }

    [GeneratedRegex(@"^([0-9]{1,11}|[0-9]{1,3}(,[0-9]{3}){1,3})(\.[0-9]{1,2})?\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex YuanAsTyped { get; }

    public static Fen operator +(Fen a, Fen b) => new(checked(a.Value + b.Value));
    public static Fen operator -(Fen a, Fen b) => new(checked(a.Value - b.Value));
    public static Fen operator -(Fen a) => new(checked(-a.Value));
    public static Fen operator *(Fen a, long count) => new(checked(a.Value * count));
    public static bool operator <(Fen a, Fen b) => a.Value < b.Value;
    public static bool operator >(Fen a, Fen b) => a.Value > b.Value;
    public static bool operator <=(Fen a, Fen b) => a.Value <= b.Value;
    public static bool operator >=(Fen a, Fen b) => a.Value >= b.Value;

    public int CompareTo(Fen other) => Value.CompareTo(other.Value);

    /// <summary>The amount in yuan with two decimals, without grouping: <c>1500.00</c>.</summary>
    public override string ToString() => (Value / 100m).ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>The amount in yuan for reading, grouped by thousands: <c>1,500.00</c>.</summary>
    public string ToGroupedYuan() => (Value / 100m).ToString("#,##0.00", CultureInfo.InvariantCulture);
}
