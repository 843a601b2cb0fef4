using System.Text.Json;
using Voucher.Core.Wire;
using Voucher.Server.Database;
using Voucher.Server.Policies;
using Voucher.Server.Redeeming;
using Voucher.Server.Terminals;

namespace Voucher.Server.Journals;

/// <summary>
/// Merges offline scans as they come in, one person after the other. Of several servers one does it at a time; whichever is
/// woken takes its turn, and each looks by itself now and then.
/// </summary>
public sealed partial class MergeWorker(
    MergeQueueStore queue, MergeHolder holders, NpgsqlDataSource database, PolicyStore policies, TerminalNotices notices, TimeProvider clock,
    ILogger<MergeWorker> log) : BackgroundService
{
    /// <summary>People merged before the queue is looked at again.</summary>
    public const int AtOnce = 100;

    /// <summary>How often the queue is looked at when nobody wakes the worker.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(15);

    /// <summary>Attendance that waits for its enrolment is looked at again after this.</summary>
    public static readonly TimeSpan ParkFor = TimeSpan.FromHours(1);

    private const long Merging = 0x6D65726765; // "merge"

    private readonly WorkBell _bell = new(LookEvery);

    /// <summary>There is something to merge.</summary>
    public void Wake() => _bell.Ring();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using (await TurnLock.TakeAsync(database, Merging, stoppingToken)) await MergeAllAsync(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested && fault is not OutOfMemoryException)
            {
                LogFault(fault);
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            await _bell.WaitAsync(stoppingToken);
        }
    }

    /// <summary>Until nothing is left; a person whose merge fails does not stop the others, and is tried again later.</summary>
    private async Task MergeAllAsync(CancellationToken stop)
    {
        await RefuseStrangersAsync();
        var failed = new HashSet<PersonId>();
        while (!stop.IsCancellationRequested)
        {
            var people = (await queue.NextAsync(AtOnce + failed.Count, clock.GetUtcNow() - ParkFor)).Where(person => !failed.Contains(person)).ToList();
            if (people.Count == 0) return;
            foreach (var person in people)
                if (!stop.IsCancellationRequested && !await TryAsync(person)) failed.Add(person);
        }
    }

    private async Task<bool> TryAsync(PersonId person)
    {
        try
        {
            var news = await holders.RunAsync(person);
            foreach (var institution in news.Cases) await notices.SetupChangedAsync(institution);
            return true;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            LogPersonFault(fault);
            return false;
        }
    }

    private async Task RefuseStrangersAsync()
    {
        while (await queue.StrangersAsync(AtOnce) is { Count: > 0 } strangers)
            foreach (var stranger in strangers) await RefuseAsync(stranger);
    }

    private async Task RefuseAsync(MergeQueueStore.Stranger stranger)
    {
        var now = clock.GetUtcNow();
        var scan = JsonSerializer.Deserialize(stranger.Content, WireJson.Default.ScanRequest)!;
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        var presented = new PresentedScan(stranger.TerminalId, scan, Token: null, Refusal: null, ScanRequestCheck.ContentHash(scan), now, policy);
        var code = scan.ShortCode is null ? RefusalCode.VoucherNotKnown : RefusalCode.OnlineOnly;
        await queue.RefuseAsync(stranger, presented, ScanAnswers.Refused(presented, Refusal.Under(policy, code)));
    }

    [LoggerMessage(5101, LogLevel.Error, "Merging offline scans failed; it will be tried again")]
    private partial void LogFault(Exception fault);

    [LoggerMessage(5102, LogLevel.Error, "The offline scans of one person cannot be merged; the others go on")]
    private partial void LogPersonFault(Exception fault);
}
