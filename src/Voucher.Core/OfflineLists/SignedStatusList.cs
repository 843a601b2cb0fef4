using System.Buffers;
using System.IO.Compression;
using Voucher.Core.Regions;
using Voucher.Core.Tokens;

namespace Voucher.Core.OfflineLists;

/// <summary>
/// A status list as it travels and lies on a disk: its header, the issuing key's number (1), the signature (64), and the packed
/// statuses, compressed with Brotli. The signature is over the list itself (<see cref="StatusList.Said"/>), not over its compressed
/// form, so that a list which a terminal has put together from a delta is checked by the very same signature.
/// </summary>
public sealed record SignedStatusList(StatusList List, byte KeyId, byte[] Signature)
{
    public const int SignatureLength = 64;

    /// <summary>A list of 16,000,000 serials that does not compress at all takes less.</summary>
    public const int LargestBytes = StatusList.MostSerials / 4 + 4096;

    private const int KeyIdAt = StatusList.HeaderLength;
    private const int SignatureAt = KeyIdAt + 1;
    private const int PackedAt = SignatureAt + SignatureLength;

    /// <summary>Of 0 to 11. 5 to 9 take longer and pack such lists worse; 11 takes twenty times as long for a tenth less (decision 0015).</summary>
    private const int Quality = 4;
    private const int Window = 22;

    /// <summary>Whether the region's issuing key signed it and was in force when it was made: this machine's clock is not asked.</summary>
    public ListFault Check(KeyRing keys, RegionCode region)
    {
        if (List.Region != region) return ListFault.OtherRegion;
        return keys.IsSaidByCounty(KeyId, List.Said.Span, Signature, CountyTime.DayOf(List.MadeAt)) ? ListFault.None : ListFault.SignatureFalse;
    }

    public byte[] Encode()
    {
        var packed = List.Packed;
        var bytes = new byte[PackedAt + BrotliEncoder.GetMaxCompressedLength(packed.Length)];
        List.Header.CopyTo(bytes);
        bytes[KeyIdAt] = KeyId;
        Signature.CopyTo(bytes.AsSpan(SignatureAt));
        if (!BrotliEncoder.TryCompress(packed, bytes.AsSpan(PackedAt), out var length, Quality, Window))
            throw new InvalidOperationException($"{packed.Length} bytes did not fit the room for them.");
        return bytes[..(PackedAt + length)];
    }

    /// <summary>Reads a list that somebody sent; it is well-formed then, and not yet checked. Never throws, never takes more memory than the largest list.</summary>
    public static ListFault TryRead(ReadOnlySpan<byte> bytes, out SignedStatusList? signed)
    {
        signed = null;
        if (bytes.Length > LargestBytes) return ListFault.TooLarge;
        if (!bytes.StartsWith(StatusList.Kind)) return ListFault.NotAList;
        if (bytes.Length < PackedAt || !StatusList.IsHeader(bytes, out var count)) return ListFault.Damaged;
        var said = new byte[StatusList.HeaderLength + StatusList.PackedLength(count)];
        bytes[..StatusList.HeaderLength].CopyTo(said);
        if (!IsUnpacked(bytes[PackedAt..], said.AsSpan(StatusList.HeaderLength)) || StatusList.Read(said) is not { } list) return ListFault.Damaged;
        signed = new SignedStatusList(list, bytes[KeyIdAt], bytes.Slice(SignatureAt, SignatureLength).ToArray());
        return ListFault.None;
    }

    /// <summary>Whether the compressed bytes, all of them, gave exactly as much as was expected.</summary>
    private static bool IsUnpacked(ReadOnlySpan<byte> compressed, Span<byte> target)
    {
        using var decoder = new BrotliDecoder();
        var status = decoder.Decompress(compressed, target, out var consumed, out var written);
        return status == OperationStatus.Done && consumed == compressed.Length && written == target.Length;
    }
}
