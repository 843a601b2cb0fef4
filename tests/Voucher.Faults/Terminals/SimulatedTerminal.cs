using Voucher.Faults.Checking;
using Voucher.Faults.County;

namespace Voucher.Faults.Terminals;

/// <summary>
/// A terminal that keeps to its part of the bargain: journals before it sends, sends the same id until it has a final
/// answer, by whichever way is open, sometimes twice at once, and not always in order.
/// </summary>
/// <param name="drift">How wrong its clock is.</param>
public sealed class SimulatedTerminal(
    int id, TimeSpan drift, IReadOnlyList<IWay> ways, History history, Findings findings, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(60);
    private long _sequence;

    public int Id => id;

    /// <summary>Scans a voucher and waits for the final answer.</summary>
    /// <param name="habit">Decides of ways, delays and doubles.</param>
    /// <returns><c>null</c> when there was none until the end.</returns>
    public async Task<ScanAnswer?> ScanAsync(int round, ScanMode mode, long training, PaperVoucher voucher, ScanHabit habit, CancellationToken until)
    {
        var scan = await history.MeanAsync(new SentScan(id, Request(mode, training, voucher, habit), voucher.Number, round));
        await Task.Delay(habit.Delay, CancellationToken.None);
        var deliveries = Enumerable.Range(0, habit.Deliveries).Select(copy => DeliverAsync(scan, habit.FirstWay + copy, until));
        var answers = await Task.WhenAll(deliveries);
        if (answers.Any(answer => answer is null)) findings.Violate("no-final-answer", $"terminal {id}, scan {scan.Request.ScanId}");
        return scan.Answer;
    }

    /// <summary>Sends it, again and again, until it is answered; holds every answer against the first.</summary>
    public async Task<ScanAnswer?> DeliverAsync(SentScan scan, int firstWay, CancellationToken until)
    {
        for (var attempt = 0; !until.IsCancellationRequested; attempt++)
        {
            var heard = await ways[(firstWay + attempt) % ways.Count].SendAsync(scan.Request);
            switch (heard)
            {
                case Heard.Answer(var answer):
                    var standing = await history.HearAsync(scan, answer);
                    if (standing != answer) findings.Violate("same-id-same-answer", $"scan {scan.Request.ScanId}: {Brief(standing)}, then {Brief(answer)}");
                    return standing;
                case Heard.Wrong(var why):
                    findings.Violate("honest-scan-turned-away", $"scan {scan.Request.ScanId}, {scan.Request.Mode}: {why}");
                    return null;
                default:
                    await Task.Delay(Pause, CancellationToken.None);
                    break;
            }
        }
        return null;
    }

    /// <summary>One try, by a way; for those who look what a server says.</summary>
    public Task<Heard> AskAsync(ScanRequest request, int way) => ways[way % ways.Count].SendAsync(request);

    public ScanRequest Request(ScanMode mode, long training, PaperVoucher voucher, ScanHabit habit) => new(
        habit.ScanId, Interlocked.Increment(ref _sequence), mode, training,
        habit.TypesShortCode ? null : voucher.Digits, habit.TypesShortCode ? voucher.ShortCode : null,
        voucher.HolderCheck, ToMicroseconds(clock.GetUtcNow() + drift));

    public void Dispose()
    {
        foreach (var way in ways) way.Dispose();
    }

    /// <summary>As the database keeps it.</summary>
    private static DateTimeOffset ToMicroseconds(DateTimeOffset instant) => new(instant.Ticks - instant.Ticks % TimeSpan.TicksPerMicrosecond, instant.Offset);

    private static string Brief(ScanAnswer answer) => string.Create(
        CultureInfo.InvariantCulture, $"accepted {answer.Accepted}, refusal {answer.Refusal}, receipt {answer.Receipt}, at {answer.AnsweredAt:O}");
}

/// <summary>How one scan is sent.</summary>
/// <param name="Delay">Held back so long, so that later ones overtake it.</param>
/// <param name="Deliveries">Sent so many times at once, by different ways.</param>
public sealed record ScanHabit(Guid ScanId, int FirstWay, TimeSpan Delay, int Deliveries, bool TypesShortCode)
{
    private const int LatestMs = 120;

    public static ScanHabit Of(Random random)
    {
        Span<byte> id = stackalloc byte[16];
        random.NextBytes(id);
        return new ScanHabit(
            new Guid(id), random.Next(1_000), TimeSpan.FromMilliseconds(random.Next(4) == 0 ? random.Next(LatestMs) : 0),
            random.Next(4) == 0 ? 2 : 1, random.Next(8) == 0);
    }
}
