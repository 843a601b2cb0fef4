using Voucher.Server.Api;

namespace Voucher.Server.Register;

/// <summary>培训意愿: the trades that a person would like to learn.</summary>
public static class Wishes
{
    public static IReadOnlyList<int> Read(FieldReader read, IEnumerable<int>? trades)
    {
        int[] wished = [.. (trades ?? []).Distinct().Order()];
        if (wished.Length > PersonRecord.MostWishes) read.Fault("wishTrades", new($"最多选 {PersonRecord.MostWishes} 个工种", $"At most {PersonRecord.MostWishes} trades"));
        if (wished.Any(trade => trade is < 1 or > 999)) read.Fault("wishTrades", NoSuchTrade);
        return wished;
    }

    public static readonly Words NoSuchTrade = new("没有这个工种", "There is no such trade");
}
