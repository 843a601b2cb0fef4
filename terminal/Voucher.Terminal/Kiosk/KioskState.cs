using Voucher.Core;
using Voucher.Core.Wire;
using Voucher.Terminal.Diagnostics;
using Voucher.Terminal.Journal;
using Voucher.Terminal.Link;
using Voucher.Terminal.Offline;
using Voucher.Terminal.Pairing;
using Voucher.Terminal.Scanning;

namespace Voucher.Terminal.Kiosk;

/// <summary>Everything that the page shows at all times.</summary>
/// <param name="Waiting">In all journals of this machine.</param>
/// <param name="Older">Replaced pairings in whose journals scans wait.</param>
/// <param name="SuggestedServer">For the pairing page: the address that the environment names.</param>
/// <param name="ClockDoubted">This machine's clock is not where the server's can be by now.</param>
/// <param name="Damaged">A pairing is on the disk and cannot be opened.</param>
/// <param name="Offline">How long the terminal may go on without the server; <c>null</c> before it has a setup.</param>
/// <param name="Quarantine">What happened, when the county has stopped this terminal; the page says what to do.</param>
/// <param name="DiskLow">Little room is left on the disk; a scan that finds none is refused.</param>
/// <param name="Update">What to say about a newer program of this terminal; <c>null</c> while this one will do.</param>
internal sealed record KioskState(
    LinkState Link,
    WaitingScans Waiting,
    IReadOnlyList<OlderShown> Older,
    PairingShown? Pairing,
    SetupShown? Setup,
    bool ClockDoubted,
    Uri? SuggestedServer,
    bool Damaged,
    OfflineShown? Offline,
    Words? Quarantine,
    bool DiskLow,
    DateTimeOffset Now,
    Words? Update);

/// <param name="TurnedAway">The server is reached and does not accept the old pairing: the folder has to be kept for the county.</param>
internal sealed record OlderShown(string Name, int TerminalId, string Fingerprint, int Waiting, bool TurnedAway, string Folder);

internal sealed record PairingShown(Uri Server, int TerminalId, string Name, string Fingerprint);

/// <summary>The setup without its keys.</summary>
internal sealed record SetupShown(string TerminalName, string CountyName, string InstitutionName, IReadOnlyList<TerminalClass> Classes);

/// <summary>One message to the page: its present state, or a verdict that came later.</summary>
internal abstract record KioskEvent
{
    private KioskEvent() { }

    public sealed record State(KioskState Value) : KioskEvent;

    public sealed record Late(Verdict Value) : KioskEvent;
}

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
            terminal is null ? null : OfflineState.Of(terminal, board.State, time.GetUtcNow()),
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
