using Voucher.Terminal.Kiosk;
using Voucher.Terminal.Lan;
using Voucher.Terminal.Pairing;
using Voucher.Terminal.Settings;

namespace Voucher.Terminal.Diagnostics;

/// <summary>What has to be looked at now and then: the settings file, the disk's room, and a pairing that could not be opened.</summary>
internal sealed class Housekeeping(
    SettingsBoard settings, DiskRoom room, LanDoor lan, CurrentTerminal current, KioskEvents events, TimeProvider time, ILogger<Housekeeping> log) : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        settings.TellErrors(log);
        room.SetSpareAside();
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            settings.LookAgain(log);
            room.SetSpareAside();
            lan.LookAgain(current.IsRevoked);
            // The disk may have had no room, or another program may have held the file.
            if (current.OpenAgain()) events.TellState();
        }
    }
}
