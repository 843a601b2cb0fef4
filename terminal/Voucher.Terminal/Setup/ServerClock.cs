using System.Globalization;
using System.Text;
using Voucher.Core.Journals;
using Voucher.Core.Wire;
using Voucher.Terminal.Home;
using Voucher.Terminal.Journal;

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
    private readonly Guid _boot;
    private DateTimeOffset? _last;

    /// <summary>What this machine's clocks said when the server was last heard; <c>null</c> when the file does not tell.</summary>
    private DeviceClock? _lastHere;

    /// <param name="boot">The machine's, unless said.</param>
    public ServerClock(string folder, TimeProvider time, Guid? boot = null)
    {
        _path = Path.Combine(folder, "server-time");
        _time = time;
        _boot = boot ?? Boot.Id;
        if (File.Exists(_path)) Read(File.ReadAllText(_path).Split(' '));
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

    /// <summary>
    /// How long the server was not heard; <c>null</c> when it never was. The server looks at a scan by the time elapsed, whatever this
    /// machine's clock was set to, and over a reboot by the clock less its error. Of all that is known here the longest counts, so
    /// that the terminal never takes the silence for shorter than the server will.
    /// </summary>
    public TimeSpan? Silence
    {
        get
        {
            lock (_gate)
            {
                if (_last is not { } last) return null;
                var now = Here();
                var silence = now.WallMs - last.ToUnixTimeMilliseconds();
                if (_lastHere is { } then) silence = Math.Max(silence, now.WallMs - then.WallMs);
                if (_lastHere is { } same && same.BootId == _boot) silence = Math.Max(silence, now.MonotonicMs - same.MonotonicMs);
                return TimeSpan.FromMilliseconds(silence);
            }
        }
    }

    /// <summary>The server is there, and its clock is at least at this; it only moves on.</summary>
    public void HeardAtLeast(DateTimeOffset serverTime)
    {
        if (LastHeard is not { } last || serverTime >= last) Heard(serverTime);
    }

    /// <summary>The server has told its time. The latest word counts, also when an earlier one was later.</summary>
    public void Heard(DateTimeOffset serverTime)
    {
        lock (_gate)
        {
            _last = serverTime;
            var here = _lastHere = Here();
            try
            {
                PrivateFile.Write(_path, Encoding.ASCII.GetBytes(string.Create(
                    CultureInfo.InvariantCulture, $"{serverTime.ToUnixTimeSeconds()} {here.BootId} {here.MonotonicMs} {here.WallMs}")));
            }
            catch (IOException)
            {
                // A full disk must not end the link; it is known for this run.
            }
        }
    }

    private DeviceClock Here() => new(_boot, Boot.MillisecondsSince(_time), _time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>An older program wrote the server's time alone.</summary>
    private void Read(string[] parts)
    {
        if (!long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return;
        _last = FromSeconds(seconds);
        if (parts is [_, var boot, var monotonic, var wall] && Guid.TryParse(boot, out var id)
            && long.TryParse(monotonic, NumberStyles.None, CultureInfo.InvariantCulture, out var monotonicMs)
            && long.TryParse(wall, NumberStyles.None, CultureInfo.InvariantCulture, out var wallMs)
            && wallMs <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()) _lastHere = new DeviceClock(id, monotonicMs, wallMs);
    }

    private static DateTimeOffset? FromSeconds(long seconds) =>
        seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds() - (long)LongestSilence.TotalSeconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
}
