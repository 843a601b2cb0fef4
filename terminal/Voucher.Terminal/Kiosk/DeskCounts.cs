using Microsoft.AspNetCore.Http.HttpResults;
using Voucher.Terminal.Scanning;

namespace Voucher.Terminal.Kiosk;

/// <summary>
/// What this desk has read and how it was answered over the last 24 hours, by the hour, since the program began. Only counts:
/// for the county, which sees from them whether the codes there can be read at all.
/// </summary>
internal sealed class DeskCounts(TimeProvider time)
{
    private const int HoursKept = 24;

    private sealed class Hour
    {
        public long Number;
        public int Readings, Accepted, Refused;
    }

    private readonly Lock _gate = new();
    private readonly Hour[] _hours = [.. Enumerable.Range(0, HoursKept).Select(_ => new Hour())];

    public void Read() => Count(hour => hour.Readings++);

    public void Answered(bool accepted) => Count(hour => _ = accepted ? hour.Accepted++ : hour.Refused++);

    public (int Readings, int Accepted, int Refused) LastDay()
    {
        var now = HourNow();
        lock (_gate)
        {
            var recent = _hours.Where(hour => hour.Number > now - HoursKept && hour.Number <= now).ToList();
            return (recent.Sum(hour => hour.Readings), recent.Sum(hour => hour.Accepted), recent.Sum(hour => hour.Refused));
        }
    }

    /// <summary>Counts what the page is answered: a code that was read, and the verdict of a scan.</summary>
    public static async ValueTask<object?> Watch(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        var result = await next(call);
        var counts = call.HttpContext.RequestServices.GetRequiredService<DeskCounts>();
        if (result is Ok<KioskEndpoints.ReadAnswer>) counts.Read();
        if (result is Ok<Verdict> { Value.Outcome: (VerdictOutcome.Accepted or VerdictOutcome.Refused) and var outcome }) counts.Answered(outcome == VerdictOutcome.Accepted);
        return result;
    }

    private void Count(Action<Hour> count)
    {
        var now = HourNow();
        lock (_gate)
        {
            var hour = _hours[now % HoursKept];
            if (hour.Number != now) (hour.Number, hour.Readings, hour.Accepted, hour.Refused) = (now, 0, 0, 0);
            count(hour);
        }
    }

    private long HourNow() => time.GetUtcNow().ToUnixTimeSeconds() / 3600;
}
