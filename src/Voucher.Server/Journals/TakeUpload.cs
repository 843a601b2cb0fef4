using System.Security.Cryptography;
using System.Text.Json;
using Voucher.Core.Journals;
using Voucher.Core.Tokens;
using Voucher.Core.Wire;
using Voucher.Server.Corrections;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Terminals;

namespace Voucher.Server.Journals;

/// <summary>
/// Takes in what a terminal sends of its journal: facts, each once, whatever the order and however often they come. A journal
/// that cannot be honest stops its terminal; what came before the fault stands.
/// </summary>
public sealed class TakeUpload(
    NpgsqlDataSource database, TerminalStore terminals, IssuingKeys keys, BoundEntries bounds, MergeWorker merging, TerminalNotices notices, TimeProvider clock)
{
    public async Task<Outcome<JournalUploadAnswer>> RunAsync(TerminalId id, JournalUpload upload)
    {
        if (UploadCheck.Errors(upload) is { Count: > 0 } errors) return errors;
        if (await terminals.FindAsync(id) is not { Status: TerminalStatus.Active } terminal) return Refusal.Of(RefusalCode.TerminalNotActive);
        var ring = await keys.RingAsync();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var head = await UploadedJournalStore.LockAsync(connection, transaction, id);
        var held = await UploadedJournalStore.HeldAsync(connection, transaction, id, head.Branch, upload.Entries);
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(terminal.PublicKey, out _);
        var reading = new Reading(head, held);
        reading.Take(upload.Entries, id, key, ring);
        if (reading.Missing is { } missing && reading.New.Count == 0) return Refusal.Of(RefusalCode.JournalNotFollowing, missing) with { SendFrom = missing };
        await WriteAsync(connection, transaction, id, reading, clock.GetUtcNow());
        var added = await bounds.RunAsync(connection, transaction, terminal, reading.Head, reading.LeastRaised, reading.Faults);
        await UploadedJournalStore.SaveHeadAsync(connection, transaction, id, added.Head);
        await transaction.CommitAsync();
        if (added.Count > 0) merging.Wake();
        if (reading.Stop is not { } fault) return new JournalUploadAnswer(reading.Head.Sequence);
        await notices.RevokedAsync(id);
        return Refusal.Of(RefusalCode.TerminalQuarantined, fault.Kind.Name());
    }

    private static async Task WriteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, TerminalId id, Reading reading, DateTimeOffset now)
    {
        foreach (var branch in reading.New.GroupBy(entry => entry.Branch))
            await UploadedJournalStore.InsertAsync(connection, transaction, id, branch.Key, [.. branch.Select(entry => (entry.Record, entry.Hash))], now);
        await UploadedJournalStore.MarkProvisionalAsync(connection, transaction, id, reading.Head.Branch, reading.Raised);
        foreach (var fault in reading.Faults) await JournalFaultStore.InsertAsync(connection, transaction, id, fault, now);
        foreach (var (_, record, _) in reading.New.Where(entry => entry.Record.Kind == JournalEntryKind.Correction && entry.Record.Sequence != reading.Stop?.Sequence))
            if (JsonSerializer.Deserialize(record.Content, WireJson.Default.CorrectionRequest) is { } asked)
                await CorrectionStore.AskAsync(
                    connection, transaction, id, asked.ScanId, asked.Reason, asked.Note?.Replace("\0", "", StringComparison.Ordinal), record.Link.Clock.Wall, now);
    }

    /// <summary>Goes through the entries of one upload; nothing is written yet.</summary>
    private sealed class Reading(UploadedHead head, HeldChain held)
    {
        public UploadedHead Head { get; private set; } = head;

        public List<(short Branch, JournalRecord Record, byte[] Hash)> New { get; } = [];

        /// <summary>Numbers of known entries of which it is new that the desk was told.</summary>
        public List<long> Raised { get; } = [];

        public List<JournalFault> Faults { get; } = [];

        /// <summary>The fault that stopped the terminal.</summary>
        public JournalFault? Stop => Faults.Find(fault => fault.Quarantines);

        /// <summary>Where the terminal has to send from.</summary>
        public long? Missing { get; private set; }

        public long? LeastRaised => Raised.Count == 0 ? null : Raised.Min();

        public void Take(IReadOnlyList<JournalRecord> entries, TerminalId terminal, ECDsa key, KeyRing ring)
        {
            foreach (var entry in entries)
            {
                TakeOne(entry, ChainCheck.Of(entry, new ChainHead(Head.Sequence, Head.Hash), held, key), terminal, ring);
                if (Stop is not null || Missing is not null) return;
            }
        }

        private void TakeOne(JournalRecord entry, ChainStep step, TerminalId terminal, KeyRing ring)
        {
            switch (step)
            {
                case ChainStep.Known:
                    if (entry.IsProvisional) Raised.Add(entry.Sequence);
                    break;
                case ChainStep.Next(var hash):
                    Append(entry, hash, Head.Branch);
                    if (FaultOf(entry, terminal, ring) is { } kind) Faults.Add(JournalFault.Stopping(kind, entry.Sequence));
                    break;
                case ChainStep.RolledBack(var hash):
                    Faults.Add(new JournalFault(JournalFaultKind.RolledBack, entry.Sequence, Quarantines: false));
                    Append(entry, hash, Head.Branch);
                    break;
                case ChainStep.Forked(var hash):
                    Faults.Add(JournalFault.Stopping(JournalFaultKind.Forked, entry.Sequence));
                    Head = Head with { BoundedTo = Math.Min(Head.BoundedTo, entry.Sequence - 1) };
                    Append(entry, hash, (short)(Head.Branch + 1));
                    break;
                case ChainStep.Missing(var from):
                    Missing = from;
                    break;
                case ChainStep.Broken(var isSignatureFalse):
                    Faults.Add(JournalFault.Stopping(isSignatureFalse ? JournalFaultKind.SignatureFalse : JournalFaultKind.ChainBroken, entry.Sequence));
                    break;
            }
        }

        private void Append(JournalRecord entry, byte[] hash, short branch)
        {
            New.Add((branch, entry, hash));
            held.Add(entry.Sequence, hash);
            Head = Head with { Branch = branch, Sequence = entry.Sequence, Hash = hash };
        }

        /// <summary>What an entry says must be what its kind says, whoever signed it.</summary>
        private JournalFaultKind? FaultOf(JournalRecord entry, TerminalId terminal, KeyRing ring) => entry.Kind switch
        {
            JournalEntryKind.Receipt => HeadReceipts.ReadOwn(entry.Content, terminal, ring) is { } receipt && Covers(receipt, entry) ? null : JournalFaultKind.ReceiptFalse,
            JournalEntryKind.Scan => ScanContent.Read(entry.Sequence, entry.EntryId, entry.Content) is not null ? null : JournalFaultKind.ChainBroken,
            _ => Reads(() => JsonSerializer.Deserialize(entry.Content, WireJson.Default.CorrectionRequest) is { } asked && Enum.IsDefined(asked.Reason)) ? null : JournalFaultKind.ChainBroken,
        };

        private bool Covers(HeadReceipt receipt, JournalRecord entry) =>
            receipt.Sequence < entry.Sequence && held.HashAt(receipt.Sequence) is { } hash && hash.AsSpan().SequenceEqual(receipt.HeadHash);

        private static bool Reads(Func<bool> read)
        {
            try
            {
                return read();
            }
            catch (JsonException)
            {
                return false;
            }
        }
    }
}
