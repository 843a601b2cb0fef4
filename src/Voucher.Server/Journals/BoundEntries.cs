using Voucher.Core.Journals;
using Voucher.Core.Tokens;
using Voucher.Core.Wire;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Policies;
using Voucher.Server.Terminals;

namespace Voucher.Server.Journals;

/// <summary>
/// Gives the offline scans of a journal their time, once a receipt closes it in: after the server's last word before a scan,
/// before its first receipt after it. What cannot be right waits for a person.
/// </summary>
public sealed class BoundEntries(IssuingKeys keys, PolicyStore policies)
{
    /// <summary>A limit is held against an entry only beyond this: the terminal's clock and the server's are two.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    /// <param name="Head">With the number up to which times are known.</param>
    /// <param name="Count">Offline scans that are new.</param>
    public sealed record Added(UploadedHead Head, int Count);

    /// <summary>A receipt in the journal, and the moment that it pins down.</summary>
    private sealed record Pinned(short Branch, long Sequence, long Covers, Anchor Anchor);

    public async Task<Added> RunAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, TerminalStore.Row terminal, UploadedHead head, long? leastRaised, IReadOnlyList<JournalFault> faults)
    {
        var after = Math.Min(head.BoundedTo, (leastRaised ?? long.MaxValue) - 1);
        var ring = await keys.RingAsync();
        var receipts = await PinAsync(connection, transaction, terminal.Id, head.Branch, await UploadedJournalStore.ReceiptsAsync(connection, transaction, terminal.Id, head.Branch, after), ring);
        var covered = receipts.Where(receipt => receipt.Branch == head.Branch).Select(receipt => receipt.Covers).DefaultIfEmpty(0).Max();
        if (covered <= after) return new Added(head, 0);
        var entries = await UploadedJournalStore.UnboundedAsync(connection, transaction, terminal.Id, head.Branch, after, covered);
        var setBack = await OfflineScanStore.RollBacksAsync(connection, transaction, terminal.Id);
        var enrolled = await OfflineScanStore.EnrolledAfterAsync(connection, transaction, terminal.Id, head.Branch, receipts.Min(receipt => receipt.Sequence));
        var times = new Times(receipts, [.. setBack, .. faults.Where(fault => fault.Kind == JournalFaultKind.RolledBack).Select(fault => fault.Sequence)], head, [.. enrolled], terminal.PairedAt);
        var scans = await ScansAsync(connection, transaction, terminal, ring, entries, times);
        var count = await OfflineScanStore.InsertAsync(connection, transaction, scans);
        return new Added(head with { BoundedTo = Math.Max(head.BoundedTo, covered) }, count);
    }

    /// <summary>The receipts that this county gave, and for an entry that is held as they say: any other pins down nothing.</summary>
    private static async Task<List<Pinned>> PinAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, TerminalId terminal, short branch, IReadOnlyList<HeldEntry> entries, KeyRing ring)
    {
        var read = entries.Select(held => (Held: held, Receipt: HeadReceipts.Read(held.Content, terminal, ring)))
            .Where(one => one.Receipt is { } receipt && receipt.Sequence < one.Held.Sequence).ToList();
        var hashes = (await UploadedJournalStore.HashesAsync(connection, transaction, terminal, branch, read.Select(one => one.Receipt!.Sequence)))
            .ToLookup(row => row.Sequence, row => row.Hash);
        return [.. read.Where(one => hashes[one.Receipt!.Sequence].Any(hash => hash.AsSpan().SequenceEqual(one.Receipt.HeadHash)))
            .Select(one => new Pinned(one.Held.Branch, one.Held.Sequence, one.Receipt!.Sequence, new Anchor(one.Receipt.At, one.Held.Clock)))];
    }

    private async Task<List<OfflineScan>> ScansAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, TerminalStore.Row terminal, KeyRing ring, IReadOnlyList<HeldEntry> entries, Times times)
    {
        // What is no scan has stopped the terminal when it came.
        var read = entries.Select(entry => (Entry: entry, Scan: ScanContent.Read(entry.Sequence, entry.EntryId, entry.Content)!, Time: times.Of(entry)))
            .Where(one => one.Scan is not null).DistinctBy(one => one.Scan.ScanId).ToList();
        var tokens = read.ToDictionary(x => x.Scan.ScanId, x => TokenOf(x.Scan, ring, CountyTime.DayOf(x.Time.Time.At)));
        var registered = await OfflineScanStore.RegisteredAsync(connection, transaction, tokens.Values.OfType<VoucherToken>());
        var stood = await TerminalPlaceStore.PlacesAsync(connection, transaction, terminal.Id);
        List<OfflineScan> scans = [];
        foreach (var (entry, scan, (time, before)) in read)
        {
            var token = tokens[scan.ScanId];
            var known = token is not null && registered.TryGetValue(token.Voucher, out var found) && found.Claims.AsSpan().SequenceEqual(token.SignedBytes) ? found : null;
            // Of a day that no pack covers: the last one's, which the terminal went by.
            var limits = (await policies.InForceOrLastAsync(CountyTime.DayOf(time.At))).Parameters;
            scans.Add(new OfflineScan(
                scan, terminal.Id, entry.Branch, TerminalPlaceStore.At(stood, time.At) ?? terminal.InstitutionId, known?.Id, known?.PersonId, time, entry.ReceivedAt,
                times.SuspicionOf(entry, scan, time, before, limits)));
        }
        return scans;
    }

    /// <summary>What was shown, if the county signed it.</summary>
    private static VoucherToken? TokenOf(ScanRequest scan, KeyRing ring, DateOnly day) =>
        scan.Digits is { } digits && TokenDecoder.TryDecode(digits, out var token) == TokenFault.None && ring.Verify(token!, day) == RefusalCode.None ? token : null;

    /// <summary>The receipts of one journal, and what they say of its entries.</summary>
    private sealed class Times(IReadOnlyList<Pinned> receipts, IReadOnlyList<long> setBack, UploadedHead head, SortedSet<long> enrolled, DateTimeOffset pairedAt)
    {
        public (EntryTime Time, long Before) Of(HeldEntry entry)
        {
            // Of several the latest word counts: an old receipt that is written down again proves nothing new.
            var before = receipts.Where(receipt => receipt.Sequence < entry.Sequence).MaxBy(receipt => receipt.Anchor.ServerTime);
            var after = receipts.Where(receipt => receipt.Branch == head.Branch && receipt.Covers >= entry.Sequence).MinBy(receipt => receipt.Sequence)!;
            // The key that signs the journal was born at the pairing: nothing was signed before.
            return (EntryTime.Of(before?.Anchor, entry.Clock, entry.CheckpointMs, after.Anchor).NotBefore(pairedAt), before?.Sequence ?? 0);
        }

        /// <param name="before">Number of the receipt before the entry.</param>
        public Suspicion SuspicionOf(HeldEntry entry, ScanRequest scan, EntryTime time, long before, PolicyParameters limits)
        {
            // What was made before the county released the terminal, and had no proven time by then, a person looks at.
            if (head.ReleasedAt is { } released ? time.At < released : entry.Branch > 0) return Suspicion.OtherHistory;
            if (setBack.Any(sequence => before < sequence && sequence <= entry.Sequence)) return Suspicion.AfterRollBack;
            if (time.IsClockDoubted) return Suspicion.ClockSet;
            var allowed = scan.Mode == ScanMode.Enrol ? TimeSpan.FromHours(limits.OfflineEnrolHours) : TimeSpan.FromDays(limits.OfflineAttendanceDays);
            if (time.At - time.Bounds.From > allowed + Grace) return Suspicion.OfflineTooLong;
            if (scan.Mode != ScanMode.Enrol) return Suspicion.None;
            enrolled.Add(entry.Sequence);
            return enrolled.GetViewBetween(before, entry.Sequence).Count > limits.OfflineEnrolments ? Suspicion.TooManyEnrolments : Suspicion.None;
        }
    }
}
