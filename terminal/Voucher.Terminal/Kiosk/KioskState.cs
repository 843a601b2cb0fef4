using Voucher.Core;
using Voucher.Core.Wire;
using Voucher.Terminal.Journal;
using Voucher.Terminal.Link;
using Voucher.Terminal.Offline;

namespace Voucher.Terminal.Kiosk;

/// <summary>Everything that the page shows at all times.</summary>
/// <param name="Waiting">In all journals of this machine.</param>
/// <param name="Older">Replaced pairings in whose journals scans wait.</param>
/// <param name="SuggestedServer">For the pairing page: the address that the environment names.</param>
/// <param name="ClockDoubted">This machine's clock is not where the server's can be by now.</param>
/// <param name="Damaged">A pairing is on the disk and cannot be opened.</param>
/// <param name="NoRoom">It cannot be opened because the disk is full: it will be when there is room.</param>
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
    bool NoRoom,
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
