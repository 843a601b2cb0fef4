using Voucher.Terminal.Scanning;

namespace Voucher.Terminal.Kiosk;

/// <summary>One message to the page: its present state, or a verdict that came later.</summary>
internal abstract record KioskEvent
{
    private KioskEvent() { }

    public sealed record State(KioskState Value) : KioskEvent;

    public sealed record Late(Verdict Value) : KioskEvent;
}
