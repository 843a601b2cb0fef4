using System.Security.Cryptography;
using Voucher.Core.Journals;
using Voucher.Core.Wire;

namespace Voucher.Core.Tests.Journals;

/// <summary>A journal as a terminal writes it, and what a server holds of it.</summary>
internal sealed class TestJournal : IKnownChain, IDisposable
{
    private static readonly Guid Boot = new("0195a1b2-0000-7000-8000-00000000b001");

    private readonly Dictionary<long, byte[]> _held = [];

    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public ChainHead Head { get; private set; } = ChainHead.None;

    public JournalRecord Write(long sequence, byte[] previous, string content = "{}") =>
        Sign(new JournalRecord(sequence, JournalEntryKind.Scan, Guid.NewGuid(), content, previous, Boot, 1_000 * sequence, 1_700_000_000_000 + sequence, 0, [], IsProvisional: true));

    public JournalRecord Next(string content = "{}") => Write(Head.Sequence + 1, Head.Hash, content);

    public JournalRecord Sign(JournalRecord record) =>
        record with { Signature = Key.SignHash(record.Hash(), DSASignatureFormat.IeeeP1363FixedFieldConcatenation) };

    public ChainStep Check(JournalRecord record) => ChainCheck.Of(record, Head, this, Key);

    /// <summary>The server keeps it as its newest.</summary>
    public JournalRecord Hold(JournalRecord record)
    {
        _held[record.Sequence] = record.Hash();
        Head = new ChainHead(record.Sequence, record.Hash());
        return record;
    }

    public byte[]? HashAt(long sequence) => _held.GetValueOrDefault(sequence);

    public bool Holds(byte[] hash) => hash.AsSpan().SequenceEqual(ChainHead.None.Hash) || _held.Values.Any(held => held.AsSpan().SequenceEqual(hash));

    public void Dispose() => Key.Dispose();
}
