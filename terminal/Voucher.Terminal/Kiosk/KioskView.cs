using Voucher.Core;
using Voucher.Terminal.Diagnostics;
using Voucher.Terminal.Link;
using Voucher.Terminal.Offline;
using Voucher.Terminal.Pairing;

namespace Voucher.Terminal.Kiosk;

/// <summary>Puts together what the page shows.</summary>
internal sealed class KioskView(CurrentTerminal current, LinkBoard board, TimeProvider time, IConfiguration configuration, DiskRoom room)
{
    public KioskState Now()
    {
        var terminal = current.Value;
        return new KioskState(
            board.State,
            current.CountWaiting(),
            [.. current.Older.Select(Show).Where(older => older.Waiting > 0)],
            terminal?.Pairing is { } pairing ? new PairingShown(pairing.Server, pairing.TerminalId, pairing.Name, pairing.Fingerprint) : null,
            terminal?.Setup.Setup is { } setup ? new SetupShown(setup.TerminalName, setup.CountyName, setup.InstitutionName, setup.Classes) : null,
            terminal is { Setup.Setup: not null, ServerClock.IsDoubted: true },
            new PairingOrder(configuration[Home.TerminalHome.ServerVariable], Code: null, Name: null).ServerAddress(),
            current.IsDamaged,
            current.LacksRoom && room.IsLow,
            terminal is null ? null : OfflineShown.Of(terminal, board.State, time.GetUtcNow()),
            board.State.Standing == Standing.Quarantined ? Quarantined : null,
            room.IsLow,
            time.GetUtcNow(),
            board.Update);
    }

    private static readonly Words Quarantined = new(
        "县里已暂停本终端，核对清楚后恢复。", "The county has stopped this terminal until it has been looked at.");

    private OlderShown Show(OlderPairing older)
    {
        var pairing = older.Terminal.Pairing;
        // Only with the pairing in use at work is it sure that neither the clock nor the network is to blame.
        var isTurnedAway = older.IsTurnedAway && board.State is { Standing: Standing.Active, Online: true };
        return new OlderShown(
            pairing.Name, pairing.TerminalId, pairing.Fingerprint, older.Terminal.Journal.CountWaiting().Count, isTurnedAway, older.Folder);
    }
}
