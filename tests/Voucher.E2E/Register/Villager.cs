using System.Globalization;
using Voucher.Core.People;

namespace Voucher.E2E.Register;

/// <summary>A made-up laborer of the demo county.</summary>
public sealed record Villager(string Name, string IdNumber, string Phone, string Place)
{
    /// <summary>Six villagers of one township, with valid numbers.</summary>
    public static IReadOnlyList<Villager> Of(string township, int first = 1) =>
    [
        .. new[] { "马热木", "唐秀兰", "汪成林", "锁福海", "赵玉花", "关永安" }
            .Select((name, index) => new Villager(name, NumberOf(first + index), $"139{40_000_000 + first + index}", $"甘肃省东乡族自治县{township}")),
    ];

    /// <summary>For the portal's pages, where numbers are masked.</summary>
    public string MaskedNumber => Voucher.Core.People.IdNumber.Parse(IdNumber).Masked();

    private static string NumberOf(int sequence)
    {
        var first17 = string.Create(CultureInfo.InvariantCulture, $"62292619880{1 + sequence % 9}15{sequence:D3}");
        return first17 + Voucher.Core.People.IdNumber.CheckCharacter(first17);
    }
}
