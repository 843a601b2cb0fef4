using System.Text;

namespace Voucher.Core.People;

/// <summary>How a person's name is shown to those who need not know it in full.</summary>
public static class PersonName
{
    public const int LongestLength = 50;

    /// <summary>
    /// The first character and, in names of three or more, the last; the rest as <c>*</c>: 马小梅 → 马*梅, 马梅 → 马*.
    /// Counts whole characters, so that rare ones outside the basic plane stay whole.
    /// </summary>
    public static string Masked(string name)
    {
        var runes = name.Trim().EnumerateRunes().ToArray();
        return runes.Length switch
        {
            0 => "",
            1 => "*",
            2 => $"{runes[0]}*",
            _ => new StringBuilder().Append(runes[0]).Append('*', runes.Length - 2).Append(runes[^1]).ToString(),
        };
    }
}
