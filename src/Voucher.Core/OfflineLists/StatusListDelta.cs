using System.Buffers.Binary;
using Voucher.Core.Regions;

namespace Voucher.Core.OfflineLists;

/// <summary>
/// What has changed from one status list to a later one, and the later one's signature. It needs none of its own: whoever applies it
/// gets the later list, to the bit, or something that the county has not signed.
/// </summary>
/// <remarks>
/// Fixed offsets, big-endian: 23 bytes of kind, region (4), counter before (8), counter after (8), seconds since 1970 (8),
/// number of serials after (4), key (1), signature (64). Then the changes by rising serial: serials left out since the last change × 4
/// + status, seven bits a byte, the lowest first, the high bit set on all but the last.
/// </remarks>
public sealed record StatusListDelta(
    RegionCode Region, long From, long To, DateTimeOffset MadeAt, int Count, byte KeyId, byte[] Signature, IReadOnlyList<StatusChange> Changes)
{
    /// <summary>A larger one is not made: the full list is sent instead.</summary>
    public const int LargestBytes = 1_048_576;

    private const int RegionAt = 23;
    private const int FromAt = RegionAt + 4;
    private const int ToAt = FromAt + 8;
    private const int MadeAtAt = ToAt + 8;
    private const int CountAt = MadeAtAt + 8;
    private const int KeyIdAt = CountAt + 4;
    private const int SignatureAt = KeyIdAt + 1;
    private const int ChangesAt = SignatureAt + SignedStatusList.SignatureLength;

    /// <summary>Bytes of the largest step: 16,000,000 serials × 4 statuses are 26 bits.</summary>
    private const int LongestStep = 4;

    private static ReadOnlySpan<byte> Kind => "voucher-status-delta-1\n"u8;

    /// <summary>The way from an earlier list to this one.</summary>
    /// <param name="from">Counter of the earlier one.</param>
    /// <param name="changed">Serials whose status may have changed since; rising, each once.</param>
    public static StatusListDelta After(long from, SignedStatusList next, IEnumerable<int> changed) => new(
        next.List.Region, from, next.List.Counter, next.List.MadeAt, next.List.Count, next.KeyId, next.Signature,
        [.. changed.Select(serial => new StatusChange(serial, next.List[serial]))]);

    /// <summary>The list after it, not yet checked (<see cref="SignedStatusList.Check"/>), if it begins at the one that is held.</summary>
    public ListFault TryApply(StatusList held, out SignedStatusList? next)
    {
        next = null;
        if (Region != held.Region) return ListFault.OtherRegion;
        if (To <= held.Counter) return ListFault.Older;
        if (From != held.Counter || Count < held.Count) return ListFault.DoesNotFit;
        next = new SignedStatusList(held.With(To, MadeAt, Count, Changes), KeyId, Signature);
        return ListFault.None;
    }

    public byte[] Encode()
    {
        var bytes = new byte[ChangesAt + Changes.Count * LongestStep];
        Kind.CopyTo(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(RegionAt), Region.Value);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(FromAt), From);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(ToAt), To);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(MadeAtAt), MadeAt.ToUnixTimeSeconds());
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(CountAt), Count);
        bytes[KeyIdAt] = KeyId;
        Signature.CopyTo(bytes.AsSpan(SignatureAt));
        var (at, last) = (ChangesAt, -1);
        foreach (var (serial, status) in Changes)
        {
            for (var step = (uint)(serial - last - 1) << 2 | (uint)status; ; step >>= 7)
            {
                bytes[at++] = (byte)(step & 0x7F | (step > 0x7F ? 0x80u : 0));
                if (step <= 0x7F) break;
            }
            last = serial;
        }
        return bytes[..at];
    }

    /// <summary>Reads a delta that somebody sent. One text for one delta; never throws.</summary>
    public static ListFault TryRead(ReadOnlySpan<byte> bytes, out StatusListDelta? delta)
    {
        delta = null;
        if (bytes.Length > LargestBytes) return ListFault.TooLarge;
        if (!bytes.StartsWith(Kind)) return ListFault.NotAList;
        if (bytes.Length < ChangesAt) return ListFault.Damaged;
        var region = BinaryPrimitives.ReadInt32BigEndian(bytes[RegionAt..]);
        var from = BinaryPrimitives.ReadInt64BigEndian(bytes[FromAt..]);
        var to = BinaryPrimitives.ReadInt64BigEndian(bytes[ToAt..]);
        var second = BinaryPrimitives.ReadInt64BigEndian(bytes[MadeAtAt..]);
        var count = BinaryPrimitives.ReadInt32BigEndian(bytes[CountAt..]);
        var isInRange = RegionCode.IsPossible(region) && from >= 1 && to > from && second >= 0 && second <= StatusList.LatestSecond
            && count is >= 1 and <= StatusList.MostSerials;
        if (!isInRange || ReadChanges(bytes[ChangesAt..], count) is not { } changes) return ListFault.Damaged;
        delta = new StatusListDelta(
            new RegionCode(region), from, to, DateTimeOffset.FromUnixTimeSeconds(second), count, bytes[KeyIdAt],
            bytes[SignatureAt..ChangesAt].ToArray(), changes);
        return ListFault.None;
    }

    private static List<StatusChange>? ReadChanges(ReadOnlySpan<byte> bytes, int count)
    {
        List<StatusChange> changes = [];
        var last = -1L;
        while (!bytes.IsEmpty)
        {
            if (ReadStep(ref bytes) is not { } step) return null;
            last += (step >> 2) + 1;
            if (last >= count) return null;
            changes.Add(new StatusChange((int)last, (VoucherStatus)(step & 3)));
        }
        return changes;
    }

    private static uint? ReadStep(ref ReadOnlySpan<byte> bytes)
    {
        var step = 0u;
        for (var i = 0; i < LongestStep && i < bytes.Length; i++)
        {
            step |= (uint)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] > 0x7F) continue;
            // A closing zero would be a second spelling of a shorter step.
            if (i > 0 && bytes[i] == 0) return null;
            bytes = bytes[(i + 1)..];
            return step;
        }
        return null;
    }
}
