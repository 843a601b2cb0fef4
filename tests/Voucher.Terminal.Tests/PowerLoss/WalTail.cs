using System.Buffers.Binary;

namespace Voucher.Terminal.Tests.PowerLoss;

/// <summary>Looks at a SQLite log as a reader would: what stands behind its last whole transaction was torn off by the cut.</summary>
internal static class WalTail
{
    private const int HeaderLength = 32;
    private const int FrameHeaderLength = 24;

    /// <summary>Whether frames of the present round stand behind the last commit, or a frame of it is damaged.</summary>
    public static bool IsTorn(string path)
    {
        if (!File.Exists(path) || File.ReadAllBytes(path) is not { Length: > HeaderLength } bytes) return false;
        var pageSize = (int)BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(8));
        var salts = bytes.AsSpan(16, 8).ToArray();
        var sum = SumOf(bytes.AsSpan(0, 24), (0, 0));
        var isInTransaction = false;
        for (var at = HeaderLength; at < bytes.Length; at += FrameHeaderLength + pageSize)
        {
            var frame = bytes.AsSpan(at);
            if (frame.Length < FrameHeaderLength || !frame.Slice(8, 8).SequenceEqual(salts)) return isInTransaction;
            if (frame.Length < FrameHeaderLength + pageSize) return true;
            sum = SumOf(frame.Slice(FrameHeaderLength, pageSize), SumOf(frame[..8], sum));
            if (sum != (BinaryPrimitives.ReadUInt32BigEndian(frame[16..]), BinaryPrimitives.ReadUInt32BigEndian(frame[20..]))) return true;
            isInTransaction = BinaryPrimitives.ReadUInt32BigEndian(frame[4..]) == 0;
        }
        return isInTransaction;
    }

    /// <summary>SQLite's own sum, on words in the order of this machine (little-endian), which is how the terminal's machines write it.</summary>
    private static (uint First, uint Second) SumOf(ReadOnlySpan<byte> bytes, (uint First, uint Second) sum)
    {
        var (first, second) = sum;
        unchecked
        {
            for (var at = 0; at < bytes.Length; at += 8)
            {
                first += BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]) + second;
                second += BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 4)..]) + first;
            }
        }
        return (first, second);
    }
}
