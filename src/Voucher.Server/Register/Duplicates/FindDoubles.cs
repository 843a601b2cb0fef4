namespace Voucher.Server.Register.Duplicates;

/// <summary>Looks through the register for people who may be in it twice, and asks about each pair.</summary>
public sealed class FindDoubles(DuplicateStore cases, PersonalData personalData, TimeProvider clock)
{
    /// <summary>Pairs that one search asks about; the next finds the next.</summary>
    public const int MostPairs = 500;

    public async Task<int> RunAsync(Actor actor)
    {
        var pairs = await cases.DoublesAsync(MostPairs);
        return await cases.OpenPairsAsync(
            [.. pairs.Select(pair => (pair.First, pair.Second, personalData.ContentHash($"pair\u001f{pair.First}\u001f{pair.Second}")))], actor.Account, clock.GetUtcNow());
    }
}
