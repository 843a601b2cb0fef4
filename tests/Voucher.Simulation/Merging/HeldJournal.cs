using Voucher.Core.Journals;
using Voucher.Server.Journals;

namespace Voucher.Simulation.Merging;

/// <summary>What a server holds of one journal: taken in as <see cref="TakeUpload"/> does it, timed as <see cref="BoundEntries"/> does.</summary>
internal sealed class HeldJournal(WrittenJournal written, MergeHistory history, BrokenMerge broken) : IKnownChain
{
    private readonly List<(JournalRecord Record, byte[] Hash, DateTimeOffset ReceivedAt, int Upload)> _held = [];
    private ChainHead _head = ChainHead.None;
    private long _boundedTo;
    private bool _isStopped;
    private int _uploads;

    public byte[]? HashAt(long sequence) => sequence >= 1 && sequence <= _held.Count ? _held[(int)sequence - 1].Hash : null;

    public bool Holds(byte[] hash) => hash.AsSpan().IndexOfAnyExcept((byte)0) < 0 || _held.Exists(entry => entry.Hash.AsSpan().SequenceEqual(hash));

    public (List<MergedScan> Added, long? Missing) Take(int first, int count, DateTimeOffset now)
    {
        _uploads++;
        for (var i = first; i < first + count && !_isStopped; i++)
        {
            var record = written.Entries[i];
            switch (ChainCheck.Of(record, _head, this, written.Key))
            {
                case ChainStep.Known: break;
                case ChainStep.Next(var hash):
                    _held.Add((record, hash, now, _uploads));
                    _head = new ChainHead(record.Sequence, hash);
                    break;
                case ChainStep.Missing(var from): return (Bound(), from);
                default:
                    _isStopped = true;
                    break;
            }
        }
        return (Bound(), null);
    }

    /// <summary>The scans that a receipt closes in now.</summary>
    private List<MergedScan> Bound()
    {
        var receipts = _held.Where(entry => entry.Record.Kind == JournalEntryKind.Receipt)
            .Select(entry => (entry.Record.Sequence, history.Receipts[entry.Record.EntryId].Covers, entry.Upload,
                Anchor: new Anchor(history.Receipts[entry.Record.EntryId].At, entry.Record.Link.Clock))).ToList();
        var covered = receipts.Select(receipt => receipt.Covers).DefaultIfEmpty(0).Max();
        List<MergedScan> added = [];
        foreach (var (record, _, receivedAt, upload) in _held.Where(entry => entry.Record.Kind == JournalEntryKind.Scan && entry.Record.Sequence > _boundedTo && entry.Record.Sequence <= covered))
        {
            var before = receipts.Where(receipt => receipt.Sequence < record.Sequence && (broken != BrokenMerge.SplitForgetsReceipts || receipt.Upload == upload))
                .Select(receipt => receipt.Anchor).MaxBy(anchor => anchor.ServerTime);
            var after = receipts.First(receipt => receipt.Covers >= record.Sequence).Anchor;
            var time = EntryTime.Of(before, record.Link.Clock, record.CheckpointMs, after);
            // Suspect ones are no facts until a person has let them in.
            if (!time.IsClockDoubted) added.Add(Scan(record, time, receivedAt));
        }
        _boundedTo = Math.Max(_boundedTo, covered);
        return added;
    }

    private MergedScan Scan(JournalRecord record, EntryTime time, DateTimeOffset receivedAt)
    {
        var scan = history.Scans[record.EntryId];
        var voucher = history.Vouchers.First(one => one.Voucher.ToString() == scan.Digits).Voucher;
        return new MergedScan(scan, written.Terminal, 0, voucher, time.Bounds, time.At, receivedAt, OfflineScanState.ToMerge, IsClaim: false, ClaimRuling.Open);
    }
}
