using Voucher.Core.Wire;
using Voucher.Terminal.Journal;
using Voucher.Terminal.Link;
using Voucher.Terminal.Pairing;
using Voucher.Terminal.Scanning;

namespace Voucher.Terminal.Kiosk;

/// <summary>Everything that the page shows at all times.</summary>
/// <param name="SuggestedServer">For the pairing page: the address that the environment names.</param>
/// <param name="ClockDoubted">This machine's clock is not where the server's can be by now.</param>
/// <param name="Damaged">A pairing is on the disk and cannot be opened.</param>
internal sealed record KioskState(
    LinkState Link,
    WaitingScans Waiting,
    PairingShown? Pairing,
    SetupShown? Setup,
    bool ClockDoubted,
    Uri? SuggestedServer,
    bool Damaged,
    DateTimeOffset Now);

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
internal sealed class KioskView(CurrentTerminal current, LinkBoard board, TimeProvider time, IConfiguration configuration)
{
    public KioskState Now()
    {
        var terminal = current.Value;
        return new KioskState(
            board.State,
            terminal?.Journal.CountWaiting() ?? new WaitingScans(0, Since: null),
            terminal?.Pairing is { } pairing ? new PairingShown(pairing.Server, pairing.TerminalId, pairing.Name, pairing.Fingerprint) : null,
            terminal?.Setup.Setup is { } setup ? new SetupShown(setup.TerminalName, setup.CountyName, setup.InstitutionName, setup.Classes) : null,
            terminal is { Setup.Setup: not null, ServerClock.IsDoubted: true },
            new PairingOrder(configuration[Home.TerminalHome.ServerVariable], Code: null, Name: null).ServerAddress(),
            current.IsDamaged,
            time.GetUtcNow());
    }
}
