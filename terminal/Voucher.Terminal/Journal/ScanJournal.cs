using System.Text.Json;
using Voucher.Core.Journals;
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
    private readonly Guid _boot;
    private readonly Lock _oneAtATime = new();
    private long _lastSequence;
    private byte[] _lastHash;
    private long _checkpointMs;
    private JournalBacklog? _backlog;

    private ScanJournal(JournalStore store, DeviceKey key, TimeProvider time, Guid boot)
    {
        _store = store;
        _key = key;
        _time = time;
        _boot = boot;
        var last = store.Last();
        _lastSequence = Math.Max(last?.Sequence ?? 0, store.LastResumed());
        _lastHash = last?.Hash ?? new byte[ChainLink.HashLength];
        _checkpointMs = last?.Link.CheckpointMs ?? 0;
    }

    /// <exception cref="InvalidOperationException">The journal belongs to another key, or a newer program wrote it.</exception>
    /// <param name="boot">The machine's, unless said.</param>
    public static ScanJournal Open(string path, DeviceKey key, TimeProvider time, Guid? boot = null)
    {
        var store = new JournalStore(path);
        if (store.Signer() is not { } signer) store.InsertSigner(key.PublicKey);
        else if (!signer.AsSpan().SequenceEqual(key.PublicKey)) throw new InvalidOperationException("The journal belongs to another device key.");
        return new ScanJournal(store, key, time, boot ?? Boot.Id);
    }

    public long LastSequence
    {
        get { lock (_oneAtATime) return _lastSequence; }
    }

    /// <summary>Writes the scan down. When this returns, it is on the disk.</summary>
    /// <param name="isProvisional">The desk is told of it at once: accepted, will be confirmed.</param>
    public Appended Append(NewScan scan, bool isProvisional = false)
    {
        lock (_oneAtATime)
        {
            if (_store.Find(scan.ScanId) is { } known)
                return scan.IsSameAs(known.Request) ? new Appended.AlreadyThere(known) : new Appended.OtherContent();
            var entry = EntryOf(scan) with { IsProvisional = isProvisional };
            if (isProvisional) _store.InsertProvisional(entry);
            else _store.Insert(entry);
            Follow(entry);
            return new Appended.Written(entry);
        }
    }

    /// <summary>The server has not answered a scan in time, and the desk is told that it is accepted and will be confirmed.</summary>
    public void MarkProvisional(long sequence)
    {
        lock (_oneAtATime)
        {
            _store.InsertProvisional(sequence, NowMs());
            _backlog = null;
        }
    }

    /// <summary>Writes the server's receipt down: all before it had happened by then. One that is not of this chain is left aside.</summary>
    public void AppendReceipt(HeadReceipt receipt)
    {
        lock (_oneAtATime)
        {
            if (receipt.Sequence > _lastSequence) return;
            _checkpointMs = Math.Max(_checkpointMs, receipt.At.ToUnixTimeMilliseconds());
            Write(JournalEntryKind.Receipt, Guid.NewGuid(), JsonSerializer.Serialize(receipt, WebJson.Options));
        }
    }

    /// <summary>Writes down that the desk asks for a correction; <c>false</c> when it has asked before, or there is no such scan.</summary>
    public bool AppendCorrection(CorrectionRequest correction)
    {
        lock (_oneAtATime)
        {
            if (_store.Find(correction.ScanId) is null || IsAsked(correction.ScanId)) return false;
            Write(JournalEntryKind.Correction, CorrectionIdOf(correction.ScanId), JsonSerializer.Serialize(correction, WebJson.Options));
            return true;
        }
    }

    /// <summary>Whether a correction of this scan was asked for.</summary>
    public bool IsCorrectionAsked(Guid scanId)
    {
        lock (_oneAtATime) return IsAsked(scanId);
    }

    /// <summary>What there is to send; worked out anew only after something was written.</summary>
    public JournalBacklog Backlog
    {
        get { lock (_oneAtATime) return _backlog ??= _store.Backlog(); }
    }

    public List<JournalEntry> ToUpload(int count)
    {
        lock (_oneAtATime) return _store.ToUpload(count);
    }

    /// <summary>The server has these entries, and everything up to the number that it names.</summary>
    public void MarkUploaded(long acknowledged, IEnumerable<JournalEntry> sent)
    {
        lock (_oneAtATime)
        {
            _store.SetUploaded(Math.Max(acknowledged, _store.Uploaded()), sent.Where(entry => entry.IsProvisional && entry.Sequence <= acknowledged).Select(entry => entry.Sequence));
            _backlog = null;
        }
    }

    /// <summary>The server lacks what it had acknowledged (it was restored from a copy): it is sent again from there.</summary>
    public void UploadAgainFrom(long sequence)
    {
        lock (_oneAtATime)
        {
            _store.SetUploaded(Math.Max(0, sequence - 1), []);
            _backlog = null;
        }
    }

    /// <summary>The first scans after a number that the desk was told of and the server has not answered.</summary>
    public List<JournalEntry> Provisional(int count, long after = 0)
    {
        lock (_oneAtATime) return _store.Provisional(count, after);
    }

    /// <summary>Enrolments that count against the limit until the server is reached again, and those of one class that wait for an answer.</summary>
    /// <param name="exceptScan">One that stands in the journal already: it is counted as of its place there, and not itself.</param>
    public (int Unclosed, int InClass) CountProvisionalEnrolments(long classId, Guid? exceptScan = null)
    {
        lock (_oneAtATime) return _store.CountProvisionalEnrolments(classId, exceptScan);
    }

    /// <summary>What was scanned for one class, among the latest entries, newest first.</summary>
    public List<JournalEntry> OfClass(long classId, int among)
    {
        lock (_oneAtATime) return _store.OfClass(classId, among);
    }

    /// <summary>What was scanned of one voucher here, newest first.</summary>
    public List<JournalEntry> OfVoucher(string digits, int count)
    {
        lock (_oneAtATime) return _store.OfVoucher(digits, count);
    }

    /// <summary>The server has told its time, with whatever it said: what is scanned from now on happens later.</summary>
    public void Heard(DateTimeOffset serverTime)
    {
        lock (_oneAtATime) _checkpointMs = Math.Max(_checkpointMs, serverTime.ToUnixTimeMilliseconds());
    }

    /// <summary>Adds the server's answer to its scan; <c>false</c> when the scan has its answer already.</summary>
    public bool Answer(ScanAnswer answer)
    {
        lock (_oneAtATime)
        {
            _checkpointMs = Math.Max(_checkpointMs, answer.AnsweredAt.ToUnixTimeMilliseconds());
            _backlog = null;
            return _store.SetAnswer(answer, NowMs());
        }
    }

    public JournalEntry? Find(Guid scanId)
    {
        lock (_oneAtATime) return _store.Find(scanId);
    }

    /// <summary>Somebody at the desk knows the answer of this scan; <c>false</c> when there is no such answer.</summary>
    public bool MarkSeen(Guid scanId)
    {
        lock (_oneAtATime) return _store.InsertSeen(scanId, NowMs());
    }

    /// <summary>The first refusals of which nobody at the desk knows yet, in the order in which they were scanned.</summary>
    public List<JournalEntry> UnseenRefusals(int count)
    {
        lock (_oneAtATime) return _store.UnseenRefusals(count);
    }

    /// <summary>The first scans that are asked of the server one by one, in the order in which they were scanned; provisional ones go with the journal.</summary>
    public List<JournalEntry> FirstToAsk(int count)
    {
        lock (_oneAtATime) return _store.FirstToAsk(count);
    }

    public WaitingScans CountWaiting()
    {
        lock (_oneAtATime)
        {
            return Waiting(_store.CountWaiting());
        }
    }

    private static WaitingScans Waiting((long Count, long? OldestMs) counted) =>
        new((int)counted.Count, counted.OldestMs is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null);

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

    private bool IsAsked(Guid scanId) => _store.HasEntry(CorrectionIdOf(scanId));

    /// <summary>One correction a scan: its id is the scan's with one bit turned.</summary>
    private static Guid CorrectionIdOf(Guid scanId)
    {
        var bytes = scanId.ToByteArray();
        bytes[0] ^= 1;
        return new Guid(bytes);
    }

    private void Write(JournalEntryKind kind, Guid id, string content)
    {
        var entry = Sign(kind, _lastSequence + 1, id, content, _time.GetUtcNow());
        _store.Insert(entry);
        Follow(entry);
    }

    private void Follow(JournalEntry entry)
    {
        _lastSequence = entry.Sequence;
        _lastHash = entry.Hash;
        _backlog = null;
    }

    private JournalEntry EntryOf(NewScan scan)
    {
        var now = _time.GetUtcNow();
        var request = new ScanRequest(
            scan.ScanId, _lastSequence + 1, scan.Mode, scan.ClassId, scan.Digits, scan.ShortCode, scan.HolderCheck, now);
        return Sign(JournalEntryKind.Scan, request.Sequence, request.ScanId, JsonSerializer.Serialize(request, WebJson.Options), now);
    }

    private JournalEntry Sign(JournalEntryKind kind, long sequence, Guid id, string content, DateTimeOffset now)
    {
        var monotonic = Boot.MillisecondsSince(_time);
        var link = new ChainLink(_lastHash, new DeviceClock(_boot, monotonic, now.ToUnixTimeMilliseconds()), _checkpointMs);
        var hash = link.HashOf(kind, sequence, id, content);
        return new JournalEntry(sequence, kind, id, content, link, hash, _key.SignHash(hash), IsProvisional: false, Answer: null);
    }

    private long NowMs() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
