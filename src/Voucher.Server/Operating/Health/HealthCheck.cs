using System.Data.Common;
using Voucher.Server.Database;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Policies;
using Voucher.Server.Redis;

namespace Voucher.Server.Operating.Health;

/// <summary>Looks at all that the server rests on. A look is kept for a moment, so that asking often costs nothing.</summary>
public sealed class HealthCheck(
    Migrator migrator, NpgsqlDataSource database, RedisLink redis, IssuingKeys keys, KeyFolder keyFolder, PolicyStore policies,
    Meters meters, Draining draining, ServerSettings settings, TimeProvider clock) : IDisposable
{
    /// <summary>A database that has not answered by then counts as away.</summary>
    public static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(3);

    /// <summary>How long a look is believed.</summary>
    public static readonly TimeSpan Keep = TimeSpan.FromSeconds(1);

    /// <summary>A disk with less than both is nearly full.</summary>
    public const long LeastFreeBytes = 1L << 30;
    public const int LeastFreePercent = 10;

    /// <summary>How long before its end a signing key is said to end soon.</summary>
    public const int KeyWarningDays = 30;

    private readonly SemaphoreSlim _looking = new(1);
    private (HealthReport Report, long At)? _last;

    /// <summary>Asked once: a log-in's rights are changed by hand, and then the server is started anew.</summary>
    private bool? _isTooWide;

    public async Task<HealthReport> LookAsync()
    {
        await _looking.WaitAsync();
        try
        {
            if (_last is { } last && clock.GetElapsedTime(last.At) < Keep && last.Report.Reasons.Contains(HealthReason.Draining) == draining.HasBegun) return last.Report;
            var report = await LookNowAsync();
            _last = (report, clock.GetTimestamp());
            return report;
        }
        finally
        {
            _looking.Release();
        }
    }

    public static bool IsNearlyFull(long freeBytes, long totalBytes) => freeBytes < LeastFreeBytes && freeBytes < totalBytes / 100 * LeastFreePercent;

    /// <summary>Bytes free and in all on the disk of the server's folder.</summary>
    public (long Free, long Total) Disk()
    {
        var drive = new DriveInfo(settings.Home);
        return (drive.AvailableFreeSpace, drive.TotalSize);
    }

    public void Dispose() => _looking.Dispose();

    private async Task<HealthReport> LookNowAsync()
    {
        List<HealthReason> reasons = [];
        if (draining.HasBegun) reasons.Add(HealthReason.Draining);
        var isThere = await LookAtDatabaseAsync(reasons);
        if (redis.IsConfigured && !redis.IsUp) reasons.Add(HealthReason.RedisAway);
        if (IsDiskNearlyFull()) reasons.Add(HealthReason.DiskNearlyFull);
        if (keyFolder.IsIncomplete()) reasons.Add(HealthReason.KeyFileMissing);
        if (meters.QueueCapacity > 0 && meters.QueueDepth >= meters.QueueCapacity) reasons.Add(HealthReason.ScanQueueFull);
        return new HealthReport(reasons, isThere, redis.IsUp);
    }

    private async Task<bool> LookAtDatabaseAsync(List<HealthReason> reasons)
    {
        try
        {
            using var patience = new CancellationTokenSource(AnswerWithin);
            var (schema, _) = await migrator.StandingAsync(patience.Token).WaitAsync(AnswerWithin);
            if (schema == SchemaStanding.Behind) reasons.Add(HealthReason.SchemaBehind);
            if (schema is SchemaStanding.Ahead or SchemaStanding.Changed) reasons.Add(HealthReason.SchemaAhead);
            if (schema == SchemaStanding.Same)
            {
                await LookAtKeysAsync(reasons).WaitAsync(AnswerWithin);
                await LookAtRightsAsync(reasons, patience.Token).WaitAsync(AnswerWithin);
            }
            return true;
        }
        catch (Exception fault) when (fault is DbException or TimeoutException or OperationCanceledException or IOException)
        {
            reasons.Add(HealthReason.DatabaseAway);
            return false;
        }
    }

    private async Task LookAtKeysAsync(List<HealthReason> reasons)
    {
        try
        {
            var today = CountyTime.DayOf(clock.GetUtcNow());
            var until = today.AddDays((await policies.InForceOrLastAsync(today)).Parameters.ValidityDays);
            if (await keys.SigningKeyAsync(until) is null) reasons.Add(HealthReason.SigningKeyMissing);
            else if (await keys.SigningKeyAsync(until.AddDays(KeyWarningDays)) is null) reasons.Add(HealthReason.SigningKeyExpiring);
        }
        catch (Exception fault) when (fault is InvalidOperationException or System.Security.Cryptography.CryptographicException)
        {
            // No key list, one that this county's root has not signed, or no policy: nothing can be signed.
            reasons.Add(HealthReason.SigningKeyMissing);
        }
    }

    private async Task LookAtRightsAsync(List<HealthReason> reasons, CancellationToken cancel)
    {
        if (_isTooWide is null)
        {
            await using var connection = await database.OpenConnectionAsync(cancel);
            _isTooWide = await ServerLogIn.HasTooMuchAsync(connection, cancel);
        }
        if (_isTooWide.Value) reasons.Add(HealthReason.RightsTooWide);
    }

    private bool IsDiskNearlyFull()
    {
        var (free, total) = Disk();
        return IsNearlyFull(free, total);
    }
}
