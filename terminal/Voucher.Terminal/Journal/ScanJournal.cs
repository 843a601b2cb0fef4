using System.Text.Json;
using Voucher.Core.Wire;
using Voucher.Terminal.Pairing;

namespace Voucher.Terminal.Journal;

/// <summary>
/// The terminal's memory. A scan has its number, its place in the hash chain and the device's signature, and is on the
/// disk, before anything is shown or sent; it waits here until the server has answered.
/// </summary>
internal sealed class ScanJournal : IDisposable
{
    private readonly JournalStore _store;
    private readonly DeviceKey _key;
    private readonly TimeProvider _time;
    private readonly Lock _oneAtATime = new();
    private long _lastSequence;
    private byte[] _lastHash;
    private long _checkpointMs;

    private ScanJournal(JournalStore store, DeviceKey key, TimeProvider time)
    {
        _store = store;
        _key = key;
        _time = time;
        var last = store.Last();
        _lastSequence = Math.Max(last?.Request.Sequence ?? 0, store.LastResumed());
        _lastHash = last?.Hash ?? new byte[ChainLink.HashLength];
        _checkpointMs = last?.Link.CheckpointMs ?? 0;
    }

    /// <exception cref="InvalidOperationException">The journal belongs to another key, or a newer program wrote it.</exception>
    public static ScanJournal Open(string path, DeviceKey key, TimeProvider time)
    {
        var store = new JournalStore(path);
        if (store.Signer() is not { } signer) store.InsertSigner(key.PublicKey);
        else if (!signer.AsSpan().SequenceEqual(key.PublicKey)) throw new InvalidOperationException("The journal belongs to another device key.");
        return new ScanJournal(store, key, time);
    }

    public long LastSequence
    {
        get { lock (_oneAtATime) return _lastSequence; }
    }

    /// <summary>Writes the scan down. When this returns, it is on the disk.</summary>
    public Appended Append(NewScan scan)
    {
        lock (_oneAtATime)
        {
            if (_store.Find(scan.ScanId) is { } known)
                return scan.IsSameAs(known.Request) ? new Appended.AlreadyThere(known) : new Appended.OtherContent();
            var entry = EntryOf(scan);
            _store.Insert(entry);
            _lastSequence = entry.Request.Sequence;
            _lastHash = entry.Hash;
            return new Appended.Written(entry);
        }
    }

    /// <summary>Adds the server's answer to its scan; <c>false</c> when the scan has its answer already.</summary>
    public bool Answer(ScanAnswer answer)
    {
        lock (_oneAtATime)
        {
            _checkpointMs = Math.Max(_checkpointMs, answer.AnsweredAt.ToUnixTimeMilliseconds());
            return _store.SetAnswer(answer, NowMs());
        }
    }

    public JournalEntry? Find(Guid scanId)
    {
        lock (_oneAtATime) return _store.Find(scanId);
    }

    /// <summary>Somebody at the desk knows the answer of this scan; <c>false</c> when there is no such answer.</summary>
    public bool MarkTold(Guid scanId)
    {
        lock (_oneAtATime) return _store.InsertTold(scanId, NowMs());
    }

    /// <summary>The first refusals of which nobody at the desk knows yet, in the order in which they were scanned.</summary>
    public List<JournalEntry> Untold(int count)
    {
        lock (_oneAtATime) return _store.Untold(count);
    }

    /// <summary>The first waiting entries, in the order in which they were scanned.</summary>
    public List<JournalEntry> FirstWaiting(int count)
    {
        lock (_oneAtATime) return _store.Waiting(count);
    }

    public WaitingScans CountWaiting()
    {
        lock (_oneAtATime)
        {
            var (count, oldest) = _store.CountWaiting();
            return new WaitingScans((int)count, oldest is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null);
        }
    }

    /// <summary>The latest entries, newest first.</summary>
    public List<JournalEntry> Latest(int count)
    {
        lock (_oneAtATime) return _store.Latest(count);
    }

    /// <summary>
    /// Goes on after the server's head when this journal is behind it (its disk was restored from a copy): numbers that the
    /// server has seen are never given twice. Where that happened stays on record.
    /// </summary>
    public void ContinueAfter(long serverSequence)
    {
        lock (_oneAtATime)
        {
            if (serverSequence <= _lastSequence) return;
            _store.InsertResumed(serverSequence, NowMs());
            _lastSequence = serverSequence;
        }
    }

    /// <summary>The sequence of the first entry whose place, hash or signature is wrong; <c>null</c> when the journal is whole.</summary>
    public long? FirstBroken()
    {
        lock (_oneAtATime) return JournalCheck.Check(_store).Broken?.Sequence;
    }

    public void Dispose() => _store.Dispose();

    private JournalEntry EntryOf(NewScan scan)
    {
        var now = _time.GetUtcNow();
        var request = new ScanRequest(
            scan.ScanId, _lastSequence + 1, scan.Mode, scan.ClassId, scan.Digits, scan.ShortCode, scan.HolderCheck, now);
        var json = JsonSerializer.Serialize(request, WireJson.Options);
        var monotonic = (long)_time.GetElapsedTime(0).TotalMilliseconds;
        var link = new ChainLink(_lastHash, Boot.Id, monotonic, now.ToUnixTimeMilliseconds(), _checkpointMs);
        var hash = link.HashOf(request.Sequence, request.ScanId, json);
        return new JournalEntry(request, json, link, hash, _key.SignHash(hash), Answer: null);
    }

    private long NowMs() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
