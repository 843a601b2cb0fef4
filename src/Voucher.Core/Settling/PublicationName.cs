using System.Text;

namespace Voucher.Core.Settling;

/// <summary>How a trainee is named in public: by the first character of the name alone (姓＊).</summary>
public static class PublicationName
{
    /// <summary>
    /// 马小梅 → 马**, 马梅 → 马**: not even how long the name is. Of one character nothing is shown, since it is all of it.
    /// </summary>
    public static string Of(string name)
    {
        var runes = name.Trim().EnumerateRunes().Take(2).ToArray();
        return runes.Length < 2 || Rune.IsWhiteSpace(runes[1]) ? "**" : $"{runes[0]}**";
    }

    /// <summary>Of a voucher's sixteen digits the last four: enough for its holder to find the line, too few to look anything up by.</summary>
    public static string TailOf(string voucherNumber) => voucherNumber[^4..];
}
