using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Voucher.Core.Journals;

/// <summary>
/// What ties an entry of a terminal's journal to the one before it. The hash covers every field, so that no entry can be
/// changed, dropped, put in between or moved without breaking all that follow.
/// </summary>
/// <param name="PreviousHash">Hash of the entry before; 32 zero bytes before the first.</param>
/// <param name="CheckpointMs">The server's clock in its latest answer, Unix milliseconds; 0 when there was none.</param>
public sealed record ChainLink(byte[] PreviousHash, DeviceClock Clock, long CheckpointMs)
{
    public const int HashLength = SHA256.HashSizeInBytes;

    /// <summary>Length of a device's signature over the hash: r‖s of P-256.</summary>
    public const int SignatureLength = 64;

    /// <summary>SHA-256 over the kind's prefix, previous hash, sequence, entry id, boot id, clocks (big-endian), then the content's UTF-8.</summary>
    public byte[] HashOf(JournalEntryKind kind, long sequence, Guid entryId, string content)
    {
        var prefix = PrefixOf(kind);
        var text = Encoding.UTF8.GetBytes(content);
        var buffer = new byte[prefix.Length + HashLength + 4 * sizeof(long) + 2 * 16 + text.Length];
        prefix.CopyTo(buffer);
        PreviousHash.CopyTo(buffer, prefix.Length);
        var rest = buffer.AsSpan(prefix.Length + HashLength);
        foreach (var number in new[] { sequence, Clock.MonotonicMs, Clock.WallMs, CheckpointMs })
        {
            BinaryPrimitives.WriteInt64BigEndian(rest, number);
            rest = rest[sizeof(long)..];
        }
        foreach (var id in new[] { entryId, Clock.BootId })
        {
            id.TryWriteBytes(rest, bigEndian: true, out _);
            rest = rest[16..];
        }
        text.CopyTo(rest);
        return SHA256.HashData(buffer);
    }

    private static ReadOnlySpan<byte> PrefixOf(JournalEntryKind kind) => kind switch
    {
        JournalEntryKind.Scan => "voucher-journal-1"u8,
        JournalEntryKind.Receipt => "voucher-journal-receipt-1"u8,
        JournalEntryKind.Correction => "voucher-journal-correction-1"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of journal entry."),
    };
}
