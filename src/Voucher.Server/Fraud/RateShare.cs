using System.Globalization;
using StackExchange.Redis;
using Voucher.Server.Redis;

namespace Voucher.Server.Fraud;

/// <summary>
/// Tells Redis what this server counted, and hears what the others did, once a second and off the scan's path. Every server
/// writes its counts under a name of its own and as they stand, so that telling them twice changes nothing and a Redis that
/// was emptied knows them again a second later.
/// </summary>
public sealed class RateShare(RateBook book, RedisLink redis, County county, TimeProvider clock)
{
    /// <summary>The name under which the counts stand that were rebuilt from the ledger of record.</summary>
    public const string Ledger = "ledger";

    /// <summary>Counts told in one go, so that Redis is never held up by one server.</summary>
    private const int AtOnce = 200;

    private readonly string _server = Guid.NewGuid().ToString("N");

    public async Task<bool> ShareAsync()
    {
        var slot = SlidingCount.SlotOf(clock.GetUtcNow());
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

    private async Task ShareAsync(IDatabase database, RateKey key, SlidingCount count, long slot)
    {
        var told = await WriteAsync(database, county, key, slot, _server, count.Own(slot));
        count.Hear(slot, told.GroupBy(one => one.Slot).ToDictionary(ofSlot => ofSlot.Key, OthersOf));
    }

    /// <summary>The other servers' counts; or what the ledger of record knows beyond all that are told, of servers that are gone.</summary>
    private int OthersOf(IEnumerable<ToldRate> ofSlot)
    {
        var counts = ofSlot.ToDictionary(one => one.Server, one => one.Count, StringComparer.Ordinal);
        var (own, ledger) = (counts.GetValueOrDefault(_server), counts.GetValueOrDefault(Ledger));
        return Math.Max(counts.Values.Sum() - own - ledger, ledger - own);
    }

    /// <summary>Writes the counts of one server as they stand, and answers with everybody's.</summary>
    public static async Task<IReadOnlyList<ToldRate>> WriteAsync(
        IDatabase database, County county, RateKey key, long slot, string server, IReadOnlyDictionary<long, int> counts)
    {
        RedisValue[] values = [slot - SlidingCount.Slots + 1, .. counts.SelectMany(entry => new RedisValue[] { ToldRate.FieldOf(entry.Key, server), entry.Value })];
        var all = (RedisResult[])await GuardWindows.RunAsync(database, GuardScripts.Rate, GuardWindows.Tag(county, 'r', key), values);
        return [.. Enumerable.Range(0, all.Length / 2).Select(i => ToldRate.Read((string)all[2 * i]!, (string)all[2 * i + 1]!))];
    }
}

/// <summary>What one server counted in one slot, as Redis keeps it.</summary>
public readonly record struct ToldRate(long Slot, string Server, int Count)
{
    public static string FieldOf(long slot, string server) => string.Create(CultureInfo.InvariantCulture, $"{slot}:{server}");

    public static ToldRate Read(string field, string count)
    {
        var colon = field.IndexOf(':', StringComparison.Ordinal);
        return new ToldRate(long.Parse(field.AsSpan(0, colon), CultureInfo.InvariantCulture), field[(colon + 1)..], int.Parse(count, CultureInfo.InvariantCulture));
    }
}
