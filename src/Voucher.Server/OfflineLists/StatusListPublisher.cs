using System.Data;
using Voucher.Core.OfflineLists;
using Voucher.Server.Database;
using Voucher.Server.Issuing.Keys;

namespace Voucher.Server.OfflineLists;

/// <summary>
/// Makes a new status list when a voucher's status has changed, at most once a minute, whichever of the servers comes first. Reads
/// what has changed since the last look, and now and then everything, so that nothing is missed for ever.
/// </summary>
public sealed partial class StatusListPublisher(
    NpgsqlDataSource database, IssuingKeys keys, County county, TimeProvider clock, ILogger<StatusListPublisher> log)
{
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    /// <summary>A change is dated before it is committed, by the clock of the server that decided it: so far behind the last look the next one begins.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromMinutes(10);

    /// <summary>The list is compared with all vouchers this often, and when a server starts.</summary>
    public static readonly TimeSpan WholeEvery = TimeSpan.FromHours(1);

    /// <summary>A list is made anew after this time also when nothing has changed, so that its age says something.</summary>
    public static readonly TimeSpan AnewAfter = TimeSpan.FromDays(1);

    /// <summary>Steps that are kept: a terminal that was away longer than that many changes takes the full list.</summary>
    public const int KeepDeltas = 500;

    private const long Turn = 0x6C69737473; // "lists"

    /// <summary>What a look at the vouchers found.</summary>
    private sealed record Found(StatusList List, int[] Changed);

    /// <summary>Looks once, and publishes if there is something to publish. Returns the counter of the list that was made.</summary>
    /// <param name="isWhole">Compare with all vouchers, whenever that was last done.</param>
    public async Task<long?> RunAsync(bool isWhole = false, CancellationToken cancel = default)
    {
        await using var turn = await TurnLock.TakeAsync(database, Turn, cancel);
        // One snapshot: the number of vouchers and their states belong together.
        await using var transaction = await turn.Session.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
        var now = clock.GetUtcNow();
        var stored = await StatusListStore.ReadAsync(turn.Session, county.Region, transaction);
        if (stored is not null && (now - stored.AsOf).Duration() < Every) return null;
        var last = stored is null ? null : Read(stored);
        isWhole |= last is null || now - stored!.WholeAt >= WholeEvery;
        var found = await LookAsync(turn.Session, transaction, stored, last?.List, now, isWhole);
        var next = new StoredList(found.List.Counter, found.List.MadeAt, now, isWhole ? now : stored!.WholeAt, []);
        var isNew = last is null || found.Changed.Length > 0 || found.List.Count != last.List.Count || now - last.List.MadeAt >= AnewAfter
            || last.Check(await keys.RingAsync(), county.Region) != ListFault.None; // The key that signed it has been revoked.
        if (isNew) await SaveAsync(turn.Session, transaction, last, next with { Content = await SignAsync(found.List) }, found.Changed);
        else await StatusListStore.ConfirmAsync(turn.Session, transaction, county.Region, next.AsOf, next.WholeAt);
        await transaction.CommitAsync(cancel);
        if (!isNew) return null;
        LogPublished(next.Counter, found.List.Count - 1, found.Changed.Length);
        return next.Counter;
    }

    /// <summary>The list that is stored; <c>null</c> when this version cannot read it.</summary>
    private static SignedStatusList? Read(StoredList stored) => SignedStatusList.TryRead(stored.Content, out var signed) == ListFault.None ? signed : null;

    private async Task<Found> LookAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, StoredList? stored, StatusList? last, DateTimeOffset now, bool isWhole)
    {
        var count = checked((int)await StatusListStore.CountAsync(connection, transaction, county.Region));
        // The second in which it is made: it grows also over a database that was restored to an earlier day.
        var counter = Math.Max(now.ToUnixTimeSeconds(), (stored?.Counter ?? 0) + 1);
        var madeAt = stored is not null && stored.MadeAt > now ? stored.MadeAt : now;
        if (last is null)
            return new Found(StatusList.Of(county.Region, counter, madeAt, count, await StatusListStore.WholeAsync(connection, transaction, county.Region)), []);
        var noticed = last.With(counter, madeAt, count, await StatusListStore.ChangedAsync(connection, transaction, county.Region, stored!.AsOf - Margin));
        if (!isWhole) return new Found(noticed, [.. last.ChangedIn(noticed)]);
        var whole = StatusList.Of(county.Region, counter, madeAt, count, await StatusListStore.WholeAsync(connection, transaction, county.Region));
        if (noticed.ChangedIn(whole).Count() is var missed and > 0) LogMissed(missed);
        return new Found(whole, [.. last.ChangedIn(whole)]);
    }

    private async Task<byte[]> SignAsync(StatusList list)
    {
        var (keyId, signature) = await keys.SayAsync(list.Said);
        return new SignedStatusList(list, keyId, signature).Encode();
    }

    /// <summary>The steps that are kept lead to the newest list without a gap, or there are none.</summary>
    private async Task SaveAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, SignedStatusList? last, StoredList next, int[] changed)
    {
        await StatusListStore.SaveAsync(connection, transaction, county.Region, next);
        if (last is null) await StatusListStore.ClearStepsAsync(connection, transaction, county.Region);
        else await StatusListStore.SaveAsync(connection, transaction, county.Region, new StoredDelta(next.Counter, last.List.Counter, changed), KeepDeltas);
    }

    [LoggerMessage(3201, LogLevel.Debug, "Status list {Counter} is out: {Vouchers} vouchers, {Changed} of them changed")]
    private partial void LogPublished(long counter, int vouchers, int changed);

    [LoggerMessage(3202, LogLevel.Warning, "{Missed} vouchers had changed without being noticed; the status list is right now")]
    private partial void LogMissed(int missed);
}
