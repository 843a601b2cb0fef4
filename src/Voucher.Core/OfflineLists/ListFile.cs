using System.Buffers.Binary;
using Voucher.Core.Regions;
using Voucher.Core.Tokens;

namespace Voucher.Core.OfflineLists;

/// <summary>
/// What is carried to a terminal on a USB stick: the list of issuing keys, signed by the root, and the full status list, signed by one
/// of them. No personal data. The frame is not signed: each part speaks for itself, and neither goes back behind what a terminal holds.
/// </summary>
/// <remarks>16 bytes of kind, length of the key list (4), the key list, the root's signature (64), then the status list to the end.</remarks>
public sealed record ListFile(SignedKeyList Keys, SignedStatusList Statuses)
{
    public const string Extension = ".vlist";

    /// <summary>4 MiB: the largest of both lists fit.</summary>
    public const int LargestBytes = 4 * 1_048_576;

    /// <summary>256 keys take less.</summary>
    public const int LargestKeyList = 131_072;

    private const int LengthAt = 16;
    private const int KeysAt = LengthAt + 4;

    private static ReadOnlySpan<byte> Kind => "voucher-lists-1\n"u8;

    /// <summary>Such as <c>voucher-lists-622926-3601234.vlist</c>.</summary>
    public static string NameOf(RegionCode region, long counter) => FormattableString.Invariant($"voucher-lists-{region}-{counter}{Extension}");

    /// <param name="statuses">A status list as <see cref="SignedStatusList.Encode"/> gives it, which the caller may have at hand.</param>
    public static byte[] Encode(SignedKeyList keys, ReadOnlySpan<byte> statuses)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keys.Content.Length, LargestKeyList);
        ArgumentOutOfRangeException.ThrowIfNotEqual(keys.Signature.Length, SignedStatusList.SignatureLength);
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, keys.Content.Length);
        return [.. Kind, .. length, .. keys.Content, .. keys.Signature, .. statuses];
    }

    /// <summary>Reads a file that somebody brought; neither part is checked yet. Never throws.</summary>
    public static ListFault TryRead(ReadOnlySpan<byte> bytes, out ListFile? file)
    {
        file = null;
        if (bytes.Length > LargestBytes) return ListFault.TooLarge;
        if (!bytes.StartsWith(Kind)) return ListFault.NotAList;
        if (bytes.Length < KeysAt) return ListFault.Damaged;
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes[LengthAt..]);
        if (length is < 1 or > LargestKeyList || bytes.Length < KeysAt + length + SignedStatusList.SignatureLength) return ListFault.Damaged;
        var rest = bytes[(KeysAt + length)..];
        if (SignedStatusList.TryRead(rest[SignedStatusList.SignatureLength..], out var statuses) != ListFault.None) return ListFault.Damaged;
        var keys = new SignedKeyList(bytes.Slice(KeysAt, length).ToArray(), rest[..SignedStatusList.SignatureLength].ToArray());
        file = new ListFile(keys, statuses!);
        return ListFault.None;
    }
}
