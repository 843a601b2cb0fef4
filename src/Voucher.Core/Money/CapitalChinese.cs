using System.Text;

namespace Voucher.Core.Money;

/// <summary>
/// Amounts in capital Chinese figures (人民币大写), as notices and vouchers of the books carry them beside the digits, so that none
/// can be altered by a stroke. By 《正确填写票据和结算凭证的基本规定》(支付结算办法, annex 1): 整 after 元 and after 角, none after 分;
/// one 零 for any run of zeros between figures; 零 also where the figure before 元 is 0 and 角 follows.
/// </summary>
public static class CapitalChinese
{
    private const string Figures = "零壹贰叁肆伍陆柒捌玖";
    private static readonly string[] Places = ["", "拾", "佰", "仟"];

    private const long TenThousand = 10_000;
    private const long HundredMillion = 100_000_000;

    /// <summary><c>1200.00</c> is 壹仟贰佰元整. Total: 0 is 零元整, what is below zero begins with 负.</summary>
    public static string ToCapitalChinese(this Fen amount)
    {
        if (amount.Value == 0) return "零元整";
        var text = new StringBuilder(amount.Value < 0 ? "负" : "");
        var fen = amount.Value < 0 ? unchecked(0UL - (ulong)amount.Value) : (ulong)amount.Value; // Also of the smallest long.
        var (yuan, rest) = ((long)(fen / 100), (int)(fen % 100));
        if (yuan > 0) text.Append(Whole(yuan)).Append('元');
        return text.Append(Parts(yuan, rest / 10, rest % 10)).ToString();
    }

    /// <summary>角 and 分, or 整 where there is nothing below.</summary>
    private static string Parts(long yuan, int jiao, int fen)
    {
        if (jiao == 0 && fen == 0) return "整";
        var zero = yuan > 0 && (jiao == 0 || yuan % 10 == 0) ? "零" : "";
        return zero + (jiao > 0 ? $"{Figures[jiao]}角" : "") + (fen > 0 ? $"{Figures[fen]}分" : "整");
    }

    /// <summary>A whole number above 0, four figures at a time, by 万 and 亿.</summary>
    private static string Whole(long number)
    {
        if (number >= HundredMillion) return Joined(number / HundredMillion, "亿", number % HundredMillion, HundredMillion);
        return number >= TenThousand ? Joined(number / TenThousand, "万", number % TenThousand, TenThousand) : Thousands(number);
    }

    private static string Joined(long high, string unit, long low, long of) =>
        Whole(high) + unit + (low == 0 ? "" : (low < of / 10 ? "零" : "") + Whole(low));

    /// <summary>1–9,999.</summary>
    private static string Thousands(long number)
    {
        var text = new StringBuilder();
        var isZeroDue = false;
        for (var (place, of) = (3, 1000L); place >= 0; place--, of /= 10)
        {
            var figure = (int)(number / of % 10);
            if (figure == 0)
            {
                isZeroDue = text.Length > 0;
                continue;
            }
            if (isZeroDue) text.Append('零');
            isZeroDue = false;
            text.Append(Figures[figure]).Append(Places[place]);
        }
        return text.ToString();
    }
}
