using Voucher.Terminal.Pairing;

namespace Voucher.Terminal.Link;

/// <summary>Sends what waits in an older pairing's journal, over REST and with the old key. Its ups and downs are not the screen's.</summary>
internal sealed class OlderLink : IDisposable
{
    private readonly ServerDoor _door;
    private readonly BacklogPump _pump;

    public OlderLink(OlderPairing older, HttpClient http, AnswerDesk desk, TimeProvider time)
    {
        // A desk of its own: a wake-up is for one sleeper, and belongs to the pairing at work.
        var ownDesk = new AnswerDesk();
        ownDesk.Answered += (_, arrived) => desk.Deliver(arrived.Answer);
        _door = new ServerDoor(http, older.Terminal, time);
        _pump = new BacklogPump(older.Terminal, _door, ownDesk, new LinkBoard(time), time, () => null, older);
    }

    public Task Run(CancellationToken stop) => _pump.Run(stop);

    public void Dispose() => _door.Dispose();
}
