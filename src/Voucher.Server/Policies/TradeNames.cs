using Voucher.Server.Programmes;

namespace Voucher.Server.Policies;

/// <summary>What the county calls the trades that packs name by code.</summary>
public sealed class TradeNames(IReadOnlyList<Trade> trades)
{
    public IReadOnlyList<Trade> Known => trades;

    public Words Of(int code) => trades.FirstOrDefault(trade => trade.Code == code) is { } known
        ? new(known.Name, known.Name)
        : new($"工种{code}", $"trade {code}");

    /// <summary>The county's trades and whatever else the pack names, for its form.</summary>
    public IReadOnlyList<int> CodesFor(IEnumerable<int> named) => [.. trades.Select(trade => trade.Code).Union(named.Where(code => code is >= 1 and <= PolicyCheck.LastTrade)).Order()];
}
