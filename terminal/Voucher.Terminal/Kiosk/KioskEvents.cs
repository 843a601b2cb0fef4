using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Voucher.Terminal.Link;
using Voucher.Terminal.Scanning;

namespace Voucher.Terminal.Kiosk;

/// <summary>Tells every open page of every change: the link, the waiting scans, the setup, and answers that came later.</summary>
internal sealed class KioskEvents : IDisposable
{
    /// <summary>Pages open at once; one more is refused.</summary>
    public const int MostPages = 8;

    /// <summary>A page that does not read loses the oldest messages; each state stands for all before it.</summary>
    private const int QueueLength = 256;

    /// <summary>The state is told anew this often, so that the page notices when this program is gone.</summary>
    private static readonly TimeSpan AtLeastEvery = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly List<Channel<KioskEvent>> _pages = [];
    private readonly KioskView _view;
    private readonly DeskHistory _history;
    private readonly ITimer _timer;

    public KioskEvents(
        KioskView view, DeskHistory history, LinkBoard board, AnswerDesk answers, LinkWorker worker, TimeProvider time, IHostApplicationLifetime life)
    {
        (_view, _history) = (view, history);
        board.Changed += (_, _) => TellState();
        worker.SetupRefreshed += (_, _) => TellSetup();
        answers.Answered += (_, arrived) => OnAnswered(arrived);
        // An open page would otherwise hold up the end of the program.
        life.ApplicationStopping.Register(EndAll);
        _timer = time.CreateTimer(_ => TellState(), state: null, AtLeastEvery, AtLeastEvery);
    }

    /// <summary>A scan has been written down, or the terminal has been paired.</summary>
    public void TellState()
    {
        if (!HasPages) return;
        try
        {
            Tell(new KioskEvent.State(_view.Now()));
        }
        catch (SqliteException)
        {
            // The disk fails: the pages hear nothing and say so; whoever brought the news goes on.
        }
    }

    /// <summary>
    /// The messages for one page, beginning with the present state and the refusals that nobody has seen; <c>null</c> when too
    /// many pages are open.
    /// </summary>
    public IAsyncEnumerable<SseItem<object>>? Subscribe(CancellationToken stop)
    {
        var page = Channel.CreateBounded<KioskEvent>(new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            if (_pages.Count >= MostPages) return null;
            _pages.Add(page);
        }
        return Read(page, stop);
    }

    public void Dispose() => _timer.Dispose();

    private bool HasPages
    {
        get { lock (_gate) return _pages.Count > 0; }
    }

    private async IAsyncEnumerable<SseItem<object>> Read(Channel<KioskEvent> page, [EnumeratorCancellation] CancellationToken stop)
    {
        // Whatever fails from here on, the page's place is free again.
        try
        {
            var (state, unseen) = (_view.Now(), _history.UnseenRefusals().Concat(_history.Disputed()).ToList());
            yield return Item(new KioskEvent.State(state));
            // One that arrives in this moment is told twice; the page knows it by its scan id.
            foreach (var verdict in unseen) yield return Item(new KioskEvent.Late(verdict));
            await foreach (var message in page.Reader.ReadAllAsync(stop)) yield return Item(message);
        }
        finally
        {
            lock (_gate) _pages.Remove(page);
        }
    }

    private static SseItem<object> Item(KioskEvent message) => message switch
    {
        KioskEvent.State(var state) => new SseItem<object>(state, "state"),
        KioskEvent.Late(var verdict) => new SseItem<object>(verdict, "late"),
        _ => throw new InvalidOperationException(),
    };

    /// <summary>A case may have been opened over a scan that was accepted: its desk is told.</summary>
    private void TellSetup()
    {
        if (HasPages) foreach (var verdict in _history.Disputed()) Tell(new KioskEvent.Late(verdict));
        TellState();
    }

    private void OnAnswered(AnswerArrived arrived)
    {
        if (!HasPages) return;
        if (!arrived.SomeoneWaited && _history.Late(arrived.Answer) is { } verdict) Tell(new KioskEvent.Late(verdict));
        TellState();
    }

    private void EndAll()
    {
        lock (_gate)
            foreach (var page in _pages) page.Writer.TryComplete();
    }

    private void Tell(KioskEvent message)
    {
        lock (_gate)
            foreach (var page in _pages) page.Writer.TryWrite(message);
    }
}
