using System.Security.Cryptography;

namespace Voucher.Terminal.Link;

/// <summary>
/// Waiting times between attempts: doubling from half a second to ten seconds, each drawn at random between half and the
/// whole, so that fifty terminals that lost one server do not all come back in the same instant.
/// </summary>
internal sealed class Backoff
{
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private TimeSpan _next = Shortest;

    public TimeSpan Next()
    {
        var whole = _next;
        _next = TimeSpan.FromTicks(Math.Min(whole.Ticks * 2, Longest.Ticks));
        var half = (int)(whole.TotalMilliseconds / 2);
        return TimeSpan.FromMilliseconds(half + RandomNumberGenerator.GetInt32(half + 1));
    }

    public void Reset() => _next = Shortest;
}
