namespace Voucher.Terminal.Journal;

/// <summary>Within one boot, monotonic times can be compared. Where the system names its boots, that name is used; else each run is one.</summary>
internal static class Boot
{
    private const string LinuxBootId = "/proc/sys/kernel/random/boot_id";

    public static readonly Guid Id = OfSystem() ?? Guid.NewGuid();

    private static Guid? OfSystem() =>
        File.Exists(LinuxBootId) && Guid.TryParse(File.ReadAllText(LinuxBootId).Trim(), out var id) ? id : null;
}
