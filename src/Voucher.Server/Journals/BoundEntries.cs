using System.Text.Json;
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
    public sealed record Added(JournalHead Head, int Count);

    /// <summary>A receipt in the journal, and the moment that it pins down.</summary>
    private sealed record Pinned(short Branch, long Sequence, long Covers, Anchor Anchor);

    public async Task<Added> RunAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, TerminalStore.Row terminal, JournalHead head, long? leastRaised, IReadOnlyList<JournalFault> faults)
    {
        var after = Math.Min(head.BoundedTo, (leastRaised ?? long.MaxValue) - 1);
        var ring = await keys.RingAsync();
        var receipts = (await JournalStore.ReceiptsAsync(connection, transaction, terminal.Id, head.Branch, after)).Select(held => Pin(held, terminal.Id, ring)).OfType<Pinned>().ToList();
        var covered = receipts.Where(receipt => receipt.Branch == head.Branch).Select(receipt => receipt.Covers).DefaultIfEmpty(0).Max();
        if (covered <= after) return new Added(head, 0);
        var entries = await JournalStore.UnboundedAsync(connection, transaction, terminal.Id, head.Branch, after, covered);
        var setBack = await OfflineScanStore.RollBacksAsync(connection, transaction, terminal.Id);
        var times = new Times(receipts, [.. setBack, .. faults.Where(fault => fault.Kind == JournalFaultKind.RolledBack).Select(fault => fault.Sequence)], head);
        var scans = await ScansAsync(connection, transaction, terminal, ring, entries, times);
        var count = await OfflineScanStore.InsertAsync(connection, transaction, scans);
        return new Added(head with { BoundedTo = Math.Max(head.BoundedTo, covered) }, count);
    }

    private static Pinned? Pin(HeldEntry held, TerminalId terminal, KeyRing ring) => HeadReceipts.Read(held.Content, terminal, ring) is { } receipt
        ? new Pinned(held.Branch, held.Sequence, receipt.Sequence, new Anchor(receipt.At, held.Clock))
        : null;

    private async Task<List<OfflineScan>> ScansAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, TerminalStore.Row terminal, KeyRing ring, IReadOnlyList<HeldEntry> entries, Times times)
    {
        var read = entries.Select(entry => (Entry: entry, Scan: JsonSerializer.Deserialize(entry.Content, WireJson.Default.ScanRequest)!, Time: times.Of(entry))).ToList();
        var tokens = read.ToDictionary(x => x.Scan.ScanId, x => TokenOf(x.Scan, ring, CountyTime.DayOf(x.Time.Time.At)));
        var registered = await OfflineScanStore.RegisteredAsync(connection, transaction, tokens.Values.OfType<VoucherToken>());
        List<OfflineScan> scans = [];
        foreach (var (entry, scan, (time, before)) in read)
        {
            var token = tokens[scan.ScanId];
            var known = token is not null && registered.TryGetValue(token.Voucher, out var found) && found.Claims.AsSpan().SequenceEqual(token.SignedBytes) ? found : null;
            var limits = (await policies.InForceOnAsync(CountyTime.DayOf(time.At))).Parameters;
            scans.Add(new OfflineScan(
                scan, terminal.Id, entry.Branch, terminal.InstitutionId, known?.Id, known?.PersonId, time, entry.ReceivedAt,
                times.SuspicionOf(entry, scan, time, before, limits)));
        }
        return scans;
    }

    /// <summary>What was shown, if the county signed it.</summary>
    private static VoucherToken? TokenOf(ScanRequest scan, KeyRing ring, DateOnly day) =>
        scan.Digits is { } digits && TokenDecoder.TryDecode(digits, out var token) == TokenFault.None && ring.Verify(token!, day) == RefusalCode.None ? token : null;

    /// <summary>The receipts of one journal, and what they say of its entries.</summary>
    private sealed class Times(IReadOnlyList<Pinned> receipts, IReadOnlyList<long> setBack, JournalHead head)
    {
        private readonly Dictionary<long, int> _enrolledSince = [];

        public (EntryTime Time, long Before) Of(HeldEntry entry)
        {
            var before = receipts.Where(receipt => receipt.Sequence < entry.Sequence).MaxBy(receipt => (receipt.Sequence, receipt.Branch));
            var after = receipts.Where(receipt => receipt.Branch == head.Branch && receipt.Covers >= entry.Sequence).MinBy(receipt => receipt.Sequence)!;
            return (EntryTime.Of(before?.Anchor, entry.Clock, entry.CheckpointMs, after.Anchor), before?.Sequence ?? 0);
        }

        /// <param name="before">Number of the receipt before the entry.</param>
        public Suspicion SuspicionOf(HeldEntry entry, ScanRequest scan, EntryTime time, long before, PolicyParameters limits)
        {
            if (entry.Branch > 0 && (head.ReleasedAt is not { } released || time.At < released)) return Suspicion.OtherHistory;
            if (setBack.Any(sequence => before < sequence && sequence <= entry.Sequence)) return Suspicion.AfterRollBack;
            if (time.IsClockDoubted) return Suspicion.ClockSet;
            var allowed = scan.Mode == ScanMode.Enrol ? TimeSpan.FromHours(limits.OfflineEnrolHours) : TimeSpan.FromDays(limits.OfflineAttendanceDays);
            if (time.At - time.Bounds.From > allowed + Grace) return Suspicion.OfflineTooLong;
            if (scan.Mode != ScanMode.Enrol) return Suspicion.None;
            var enrolled = _enrolledSince[before] = _enrolledSince.GetValueOrDefault(before) + 1;
            return enrolled > limits.OfflineEnrolments ? Suspicion.TooManyEnrolments : Suspicion.None;
        }
    }
}
