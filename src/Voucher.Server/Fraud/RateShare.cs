using System.Globalization;
using StackExchange.Redis;
using Voucher.Server.Redis;

namespace Voucher.Server.Fraud;

/// <summary>Tells Redis what this server counted, and hears what all servers count together, once a second and off the scan's path.</summary>
public sealed class RateShare(RateBook book, RedisLink redis, County county, TimeProvider clock)
{
    /// <summary>Counts told in one go, so that Redis is never held up by one server.</summary>
    private const int AtOnce = 200;

    public async Task<bool> ShareAsync()
    {
        var slot = RateBook.SlotOf(clock.GetUtcNow());
        foreach (var some in book.Active(slot).Chunk(AtOnce))
        {
            var done = await redis.TryAsync(async database =>
            {
                await Task.WhenAll(some.Select(entry => ShareAsync(database, entry.Key, entry.Count, slot)));
                return true;
            });
            if (!done) return false;
        }
        return true;
    }

    private async Task ShareAsync(IDatabase database, string key, SlidingCount count, long slot)
    {
        var untold = count.Untold();
        var total = await WriteAsync(database, county, key, slot, "add", untold);
        count.Told(untold, total);
    }

    public static async Task<IReadOnlyDictionary<long, int>> WriteAsync(
        IDatabase database, County county, string key, long slot, string how, IReadOnlyDictionary<long, int> counts)
    {
        RedisValue[] values = [slot - RateBook.Slots + 1, how, .. counts.SelectMany(entry => new RedisValue[] { entry.Key, entry.Value })];
        var all = (RedisResult[])await GuardWindows.RunAsync(database, GuardScripts.Rate, GuardWindows.Tag(county, 'r', key), values);
        return Enumerable.Range(0, all.Length / 2).ToDictionary(
            i => long.Parse((string)all[2 * i]!, CultureInfo.InvariantCulture), i => int.Parse((string)all[2 * i + 1]!, CultureInfo.InvariantCulture));
    }
}
