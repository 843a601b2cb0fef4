using Voucher.Core.Fraud;
using Voucher.Core.Wire;
using Voucher.Server.Operating;
using Voucher.Server.Policies;
using Voucher.Server.Redis;

namespace Voucher.Server.Fraud;

/// <summary>
/// Rebuilds the windows from the ledger of record, by the scripts that count scans; what is counted meanwhile stays, and doing
/// it twice changes nothing. Then it looks at the scans that were answered while nobody knew that the windows were gone.
/// </summary>
public sealed class WarmUp(
    WarmUpStore store, GuardWindows windows, UntoldScans untold, AbuseGuard guard, RedisLink redis, InstanceStore instances, PolicyStore policies, County county, TimeProvider clock)
{
    /// <summary>The newest scans are enough: beyond, a window is filled anyway.</summary>
    public const int MostScans = 100_000;

    /// <summary>Scans that are looked at afterwards; more than come in between two looks at Redis.</summary>
    public const int MostAfterwards = 5_000;

    /// <summary>Redis was away, not only slow, when a scan has waited so long to be told.</summary>
    public static readonly TimeSpan LateAnswer = TimeSpan.FromSeconds(5);

    /// <summary>Sent together within the limit of one call.</summary>
    private const int AtOnce = 100;

    private const int TriesOfOneCall = 10;

    /// <summary>How many scans the windows were rebuilt from; <c>null</c> when Redis went away meanwhile.</summary>
    public async Task<int?> RunAsync()
    {
        var now = clock.GetUtcNow();
        var limits = GuardLimits.Of((await policies.InForceOrLastAsync(CountyTime.DayOf(now))).Parameters);
        var longest = new[] { limits.Elsewhere, GuardLimits.EnrolmentWindow, GuardLimits.RateWindow }.Max();
        var scans = await store.ReadAsync(now - longest, MostScans);
        foreach (var some in Counted(scans).Chunk(AtOnce))
            if (!await CountAsync(some, limits)) return null;
        foreach (var some in Rates(scans, now).Chunk(AtOnce))
            if (!await SendAsync(async database => await Task.WhenAll(some.Select(rate =>
                    RateShare.WriteAsync(database, county, rate.Key, SlidingCount.SlotOf(now), RateShare.Ledger, rate.Slots))))) return null;
        return scans.Count;
    }

    /// <summary>
    /// Tells Redis the scans that it did not answer; false when it does not answer now either. After a gap that was more than a
    /// late answer, what other servers answered meanwhile to the same terminals and holders is judged again.
    /// </summary>
    public async Task<bool> TellUntoldAsync()
    {
        var waiting = untold.Waiting();
        if (waiting.Count == 0) return true;
        var now = clock.GetUtcNow();
        var limits = GuardLimits.Of((await policies.InForceOrLastAsync(CountyTime.DayOf(now))).Parameters);
        foreach (var some in waiting.Chunk(AtOnce))
        {
            if (!await CountAsync(some, limits)) return false;
            untold.Told(some);
        }
        var since = waiting.Min(scan => scan.ReceivedAt);
        if (now - since < LateAnswer || !await instances.AreSeveralAsync()) return true;
        var (terminals, holders) = (waiting.Select(scan => scan.Terminal).ToHashSet(), waiting.Select(scan => scan.Holder).ToHashSet());
        await JudgeAsync((await store.ReadAsync(since, MostAfterwards))
            .Where(scan => terminals.Contains(scan.TerminalId) || (scan.HolderCheck is { } holder && holders.Contains(holder))));
        return true;
    }

    /// <summary>Judges what was answered since the moment from PostgreSQL, and holds what should have been held.</summary>
    public async Task LookAfterwardsAsync(DateTimeOffset since) => await JudgeAsync(await store.ReadAsync(since, MostAfterwards));

    /// <param name="scans">Newest first.</param>
    private async Task JudgeAsync(IEnumerable<RecordedScan> scans)
    {
        foreach (var scan in scans.Reverse())
        {
            if (scan is not { VoucherId: { } voucher, HolderCheck: { } holder }) continue;
            var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(scan.ReceivedAt));
            var asked = new GuardQuestion(scan.TerminalId, scan.Mode, voucher, holder, scan.Id, scan.ScannedAt, scan.ReceivedAt, policy);
            await guard.JudgeAsync(asked, voucher, GuardLimits.Of(policy.Parameters), isAfterwards: true);
        }
    }

    private static IEnumerable<WindowScan> Counted(IReadOnlyList<RecordedScan> scans) =>
        from scan in scans
        let voucher = scan.VoucherId
        let holder = scan.HolderCheck
        where voucher is not null && holder is not null
        let atDesk = scan.ScannedAt < scan.ReceivedAt ? scan.ScannedAt : scan.ReceivedAt
        select new WindowScan(
            scan.TerminalId, scan.InstitutionId, scan.Mode, voucher.Value, holder.Value, atDesk, scan.ReceivedAt,
            scan.ReceivedAt - scan.ScannedAt > GuardQuestion.LateAfter);

    private static IEnumerable<(RateKey Key, IReadOnlyDictionary<long, int> Slots)> Rates(IReadOnlyList<RecordedScan> scans, DateTimeOffset now)
    {
        var recent = scans.Where(scan => SlidingCount.SlotOf(scan.ReceivedAt) > SlidingCount.SlotOf(now) - SlidingCount.Slots).ToList();
        return recent.Select(scan => (Key: RateKey.Of(scan.TerminalId), scan.ReceivedAt))
            .Concat(recent.Select(scan => (Key: RateKey.Of(scan.InstitutionId), scan.ReceivedAt)))
            .GroupBy(scan => scan.Key)
            .Select(group => (group.Key, (IReadOnlyDictionary<long, int>)group.CountBy(scan => SlidingCount.SlotOf(scan.ReceivedAt)).ToDictionary()));
    }

    private Task<bool> CountAsync(WindowScan[] some, GuardLimits limits) =>
        SendAsync(database => Task.WhenAll(some.Select(scan => windows.CountAsync(database, scan, limits))));

    /// <summary>A call that takes too long is tried again: the work of rebuilding is larger than that of a scan.</summary>
    private async Task<bool> SendAsync(Func<StackExchange.Redis.IDatabase, Task> send)
    {
        for (var tries = 0; tries < TriesOfOneCall; tries++)
        {
            if (await redis.TryAsync(async database => { await send(database); return true; })) return true;
            await Task.Delay(RedisLink.CallLimit);
        }
        return false;
    }
}
