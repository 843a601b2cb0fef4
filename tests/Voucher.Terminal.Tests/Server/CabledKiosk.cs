using Voucher.Testing;

namespace Voucher.Terminal.Tests.Server;

/// <summary>A peer, a kiosk that is paired with it and online, and the cable between the two.</summary>
internal sealed class CabledKiosk : IAsyncDisposable
{
    private readonly TimeProvider? _time;

    private CabledKiosk(ServerPeer server, Cable cable, Kiosk kiosk, TimeProvider? time)
    {
        (Server, Cable, Kiosk) = (server, cable, kiosk);
        _time = time;
    }

    public ServerPeer Server { get; }

    public Cable Cable { get; }

    public Kiosk Kiosk { get; private set; }

    /// <param name="server">One that is set up already; a plain one unless given.</param>
    public static async Task<CabledKiosk> Start(TimeProvider? time = null, ServerPeer? server = null)
    {
        server = await (server ?? new ServerPeer()).Start();
        var cable = new Cable(server.Address);
        return new CabledKiosk(server, cable, await Kiosk.StartOnline(cable.Address, time), time);
    }

    public void Deconstruct(out ServerPeer server, out Cable cable, out Kiosk kiosk) => (server, cable, kiosk) = (Server, Cable, Kiosk);

    /// <summary>Cuts the cable and waits until the kiosk knows it.</summary>
    public async Task Cut()
    {
        Cable.Cut();
        await Kiosk.Until(state => !state.IsOnline());
    }

    /// <summary>Heals the cable and waits until nothing waits for the server.</summary>
    public async Task HealUntilSent()
    {
        Cable.Heal();
        await Kiosk.Until(state => state.IsOnline() && state.WaitingCount() == 0);
    }

    /// <summary>Ends the kiosk and starts it again on the same folder.</summary>
    public async Task Restart()
    {
        Kiosk.IsKept = true;
        await Kiosk.DisposeAsync();
        Kiosk = await Kiosk.Start(Kiosk.Home, _time);
    }

    public async ValueTask DisposeAsync()
    {
        await Kiosk.DisposeAsync();
        Cable.Dispose();
        await Server.DisposeAsync();
    }
}
