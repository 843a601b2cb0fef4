using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Voucher.Terminal.Journal;

/// <summary>
/// What ties an entry to the one before it. The hash covers every field, so that no entry can be changed, dropped, put in
/// between or moved without breaking all that follow.
/// </summary>
/// <param name="PreviousHash">Hash of the entry before; 32 zero bytes before the first.</param>
/// <param name="MonotonicMs">Since the machine started: does not jump when the clock is set.</param>
/// <param name="CheckpointMs">The server's clock in its latest answer, Unix milliseconds; 0 when there was none.</param>
internal sealed record ChainLink(byte[] PreviousHash, Guid BootId, long MonotonicMs, long WallMs, long CheckpointMs)
{
    public const int HashLength = SHA256.HashSizeInBytes;

    private static readonly byte[] Prefix = "voucher-journal-1"u8.ToArray();

    /// <summary>SHA-256 over prefix, previous hash, sequence, scan id, boot id, clocks (big-endian), then the request's text.</summary>
    public byte[] HashOf(long sequence, Guid scanId, string requestJson)
    {
        var text = Encoding.UTF8.GetBytes(requestJson);
        var buffer = new byte[Prefix.Length + HashLength + 4 * sizeof(long) + 2 * 16 + text.Length];
        Prefix.CopyTo(buffer, 0);
        PreviousHash.CopyTo(buffer, Prefix.Length);
        var rest = buffer.AsSpan(Prefix.Length + HashLength);
        foreach (var number in new[] { sequence, MonotonicMs, WallMs, CheckpointMs })
        {
            BinaryPrimitives.WriteInt64BigEndian(rest, number);
            rest = rest[sizeof(long)..];
        }
        foreach (var id in new[] { scanId, BootId })
        {
            id.TryWriteBytes(rest, bigEndian: true, out _);
            rest = rest[16..];
        }
        text.CopyTo(rest);
        return SHA256.HashData(buffer);
    }
}
