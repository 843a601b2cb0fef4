using Voucher.Core.Journals;
using Voucher.Terminal.Journal;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Journal;

/// <summary>A laptop that sleeps through the night has not had its clock set.</summary>
public sealed class BootTests : IDisposable
{
    private static readonly TimeSpan Night = TimeSpan.FromHours(8);
    private static readonly DateTimeOffset Evening = new(2026, 11, 23, 14, 0, 0, TimeSpan.Zero);

    private readonly string _uptime = Path.GetTempFileName();

    private long After(string uptime)
    {
        File.WriteAllText(_uptime, uptime);
        return Boot.MillisecondsSince(TimeProvider.System, _uptime);
    }

    [Fact]
    public void The_time_since_the_start_counts_what_was_slept_through() => Assert.Equal(1_234_560, After("1234.56 2000.00\n"));

    [Fact]
    public void A_scan_after_the_night_is_believed_by_the_server()
    {
        var boot = Guid.NewGuid();
        DeviceClock At(DateTimeOffset wall, string uptime) => new(boot, After(uptime), wall.ToUnixTimeMilliseconds());
        var before = new Anchor(Evening, At(Evening, "5000.00 1.00"));
        var scan = At(Evening + Night, "33800.00 1.00");
        var after = new Anchor(Evening + Night + TimeSpan.FromHours(1), At(Evening + Night + TimeSpan.FromHours(1), "37400.00 1.00"));
        var time = EntryTime.Of(before, scan, Evening.ToUnixTimeMilliseconds(), after);
        Assert.False(time.IsClockDoubted);
        Assert.Equal(Evening + Night, time.At);
    }

    [Fact]
    public void It_is_what_this_machine_says()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells it in a file.");
        var said = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(Boot.MillisecondsSince(TimeProvider.System) / 1000.0, said - 0.01, said + 5);
    }

    [Fact]
    public void Where_nothing_tells_it_the_clock_that_cannot_be_set_counts()
    {
        var clock = new MachineClock(Evening);
        clock.Pass(TimeSpan.FromSeconds(7));
        Assert.Equal(7000, Boot.MillisecondsSince(clock));
        Assert.InRange(After("nonsense"), 1, long.MaxValue);
    }

    public void Dispose() => File.Delete(_uptime);
}
