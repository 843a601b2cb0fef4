using System.Globalization;
using StackExchange.Redis;
using Voucher.Core.Wire;
using Voucher.Server.Redis;

namespace Voucher.Server.Redeeming;

/// <summary>
/// Remembers in Redis what was presented a moment ago: has this voucher just been presented for the same purpose by another
/// scan? Under load such a repeat waits in a lane of its own, so that a flood of them holds up nobody who comes first; it is
/// decided like any other. Emptying or stopping Redis changes no answer by this. Suspicion is the abuse guard's matter.
/// </summary>
public sealed class RepeatMemory(RedisLink redis)
{
    /// <summary>How long a presentation is remembered.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromSeconds(30);

    /// <summary>True when another scan presented the voucher in the same mode within <see cref="Memory"/>.</summary>
    public async Task<bool> IsRepeatAsync(VoucherId voucher, ScanRequest scan)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"scan:{{{voucher.Value}}}:{(int)scan.Mode}");
        // SET NX GET (Redis 7): sets when absent and answers what stood there before, in one step.
        var before = await redis.TryAsync(database => database.ExecuteAsync(
            "SET", (RedisKey)key, scan.ScanId.ToString("N"), "NX", "GET", "EX", (int)Memory.TotalSeconds));
        return before is { IsNull: false } && (string?)before != scan.ScanId.ToString("N");
    }
}
