using Voucher.Terminal.Pairing;

namespace Voucher.Terminal.Link;

/// <summary>Sends what waits in an older pairing's journal, over REST and with the old key. Its ups and downs are not the screen's.</summary>
internal sealed class OlderLink : IDisposable
{
    private readonly ServerDoor _door;
    private readonly BacklogPump _pump;
    private readonly JournalUplink _uplink;

    public OlderLink(OlderPairing older, HttpClient http, AnswerDesk desk, TimeProvider time, ILogger log)
    {
        // A desk of its own: a wake-up is for one sleeper, and belongs to the pairing at work.
        var ownDesk = new AnswerDesk(time);
        ownDesk.Answered += (_, arrived) => desk.Deliver(arrived.Answer);
        _door = new ServerDoor(http, older.Terminal, time);
        _pump = new BacklogPump(older.Terminal, _door, ownDesk, new LinkBoard(time), time, () => null, () => { }, older);
        _uplink = new JournalUplink(older.Terminal, _door, ownDesk, new LinkBoard(time), time, log, older);
    }

    /// <summary>When one of the two fails both begin again: whoever keeps this running sees the fault.</summary>
    public async Task Run(CancellationToken stop)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] running = [_pump.Run(both.Token), _uplink.Run(both.Token)];
        var first = await Task.WhenAny(running);
        await both.CancelAsync();
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    public void Dispose() => _door.Dispose();
}
