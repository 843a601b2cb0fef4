using System.Globalization;

namespace Voucher.Terminal.Journal;

/// <summary>Within one boot, monotonic times can be compared. Where the system names its boots, that name is used; else each run is one.</summary>
internal static class Boot
{
    private const string LinuxBootId = "/proc/sys/kernel/random/boot_id";
    private const string LinuxUptime = "/proc/uptime";

    public static readonly Guid Id = OfSystem() ?? Guid.NewGuid();

    /// <summary>
    /// Milliseconds since the machine started, with the time that it slept: .NET's own clock stands still meanwhile on Linux, and a
    /// laptop that slept through the night would look as if its clock had been set.
    /// </summary>
    /// <param name="uptime">Where Linux tells it: seconds, with the time asleep, before the first blank.</param>
    public static long MillisecondsSince(TimeProvider time, string uptime = LinuxUptime)
    {
        if (time == TimeProvider.System && File.Exists(uptime)
            && double.TryParse(File.ReadAllText(uptime).Split(' ')[0], CultureInfo.InvariantCulture, out var seconds)) return (long)(seconds * 1000);
        return (long)time.GetElapsedTime(0).TotalMilliseconds;
    }

    private static Guid? OfSystem() =>
        File.Exists(LinuxBootId) && Guid.TryParse(File.ReadAllText(LinuxBootId).Trim(), out var id) ? id : null;
}
