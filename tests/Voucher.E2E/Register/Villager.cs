using System.Globalization;

namespace Voucher.E2E.Register;

/// <summary>A made-up laborer of the demo county.</summary>
public sealed record Villager(string Name, string IdNumber, string Phone, string Place)
{
    private static readonly (string Name, bool IsMale)[] Names =
        [("马热木", true), ("唐秀兰", false), ("汪成林", true), ("锁福海", true), ("赵玉花", false), ("关永安", true)];

    /// <summary>Six villagers of one township, with valid numbers.</summary>
    public static IReadOnlyList<Villager> Of(string township) =>
        [.. Names.Select((person, index) => new Villager(person.Name, NumberOf(index, person.IsMale), $"1394000000{index}", $"甘肃省东乡族自治县{township}"))];

    private static string NumberOf(int index, bool isMale)
    {
        var first17 = string.Create(CultureInfo.InvariantCulture, $"622926{1970 + 3 * index}0{1 + index}1500{2 * (index % 4) + (isMale ? 1 : 0)}");
        return first17 + Core.People.IdNumber.CheckCharacter(first17);
    }
}
