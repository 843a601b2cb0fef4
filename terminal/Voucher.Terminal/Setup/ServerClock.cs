using System.Globalization;
using System.Text;
using Voucher.Core.Wire;
using Voucher.Terminal.Home;

namespace Voucher.Terminal.Setup;

/// <summary>
/// The server's clock when it was last heard, kept over restarts: the measure of whether this machine's clock can be believed
/// while the server is away. A PC whose battery is empty wakes up years ago.
/// </summary>
internal sealed class ServerClock
{
    /// <summary>So long after the server was last heard nobody has checked this clock: the day is not held against a voucher.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromDays(31);

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private DateTimeOffset? _last;

    public ServerClock(string folder, TimeProvider time)
    {
        _path = Path.Combine(folder, "server-time");
        _time = time;
        if (File.Exists(_path) && long.TryParse(File.ReadAllText(_path), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            _last = FromSeconds(seconds);
    }

    /// <summary>This machine's clock is earlier than the server has been, or so late that nobody can vouch for it.</summary>
    public bool IsDoubted
    {
        get
        {
            lock (_gate)
                return _last is not { } last
                    || _time.GetUtcNow() < last - TerminalLogin.ClockTolerance
                    || _time.GetUtcNow() > last + LongestSilence;
        }
    }

    /// <summary>The server's clock when it was last heard; <c>null</c> when it never was.</summary>
    public DateTimeOffset? LastHeard
    {
        get { lock (_gate) return _last; }
    }

    /// <summary>The server is there, and its clock is at least at this; it only moves on.</summary>
    public void HeardAtLeast(DateTimeOffset serverTime)
    {
        if (LastHeard is not { } last || serverTime > last) Heard(serverTime);
    }

    /// <summary>The server has told its time. The latest word counts, also when an earlier one was later.</summary>
    public void Heard(DateTimeOffset serverTime)
    {
        lock (_gate)
        {
            _last = serverTime;
            try
            {
                PrivateFile.Write(_path, Encoding.ASCII.GetBytes(serverTime.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
            }
            catch (IOException)
            {
                // A full disk must not end the link; it is known for this run.
            }
        }
    }

    private static DateTimeOffset? FromSeconds(long seconds) =>
        seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds() - (long)LongestSilence.TotalSeconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
}
