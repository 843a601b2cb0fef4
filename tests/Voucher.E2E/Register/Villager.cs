using System.Globalization;
using Voucher.Core;

namespace Voucher.E2E.Register;

/// <summary>A made-up laborer of the demo county.</summary>
public sealed record Villager(string Name, string IdNumber, string Phone, string Place)
{
    /// <summary>No two of them are alike once they are masked.</summary>
    private static readonly (string Name, bool IsMale)[] Names =
    [
        ("马热木", true), ("唐秀兰", false), ("汪成林", true), ("锁福海", true), ("赵玉花", false), ("关永安", true),
        ("妥建军", true), ("牟桂英", false), ("张得胜", true), ("董凤琴", false), ("陈学文", true), ("何麦燕", false),
        ("杨得林", true), ("孔秀英", false), ("拜永福", true), ("祁玉梅", false), ("李占奎", true), ("周彩霞", false),
        ("冯占海", true), ("郭兰英", false), ("曹国栋", true), ("吴小梅", false), ("徐万里", true), ("胡春花", false),
        ("林世杰", true), ("高淑珍", false), ("罗文斌", true), ("梁月娥", false), ("宋长青", true), ("郑巧云", false),
        ("谢明亮", true), ("韩雪莲", false), ("许志强", true), ("邓丽红", false), ("肖玉英", false), ("蒋福来", true),
        ("蔡桂兰", false), ("余国梁", true), ("潘秀珍", false), ("卢巧玲", false), ("袁晓东", true), ("丁彩云", false),
    ];

    private const int Youngest = 20;
    private const int AgeGroups = 18;

    /// <summary>Six villagers of one township, or as many as there are, with valid numbers; of an age to be trained, whatever the year.</summary>
    public static IReadOnlyList<Villager> Of(string township, int count = 6)
    {
        var year = CountyTime.DayOf(TimeProvider.System.GetUtcNow()).Year;
        return [.. Names.Take(count).Select((person, index) => new Villager(
            person.Name, NumberOf(index, year - Youngest - 2 * (index % AgeGroups), person.IsMale), $"139400000{index:D2}", $"甘肃省东乡族自治县{township}"))];
    }

    /// <summary>Somebody of that age, whom no rule lets have a voucher if the age is high enough.</summary>
    public static Villager Aged(string name, int age, string township) => new(
        name, NumberOf(0, CountyTime.DayOf(TimeProvider.System.GetUtcNow()).Year - age - 1, isMale: true), "13940000099", $"甘肃省东乡族自治县{township}");

    private static string NumberOf(int index, int year, bool isMale)
    {
        var first17 = string.Create(CultureInfo.InvariantCulture, $"622926{year}0{1 + index % 9}1500{2 * (index % 4) + (isMale ? 1 : 0)}");
        return first17 + Core.People.IdNumber.CheckCharacter(first17);
    }
}
