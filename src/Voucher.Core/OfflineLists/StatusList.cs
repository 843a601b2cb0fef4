using System.Buffers.Binary;
using Voucher.Core.Regions;
using Voucher.Core.Vouchers;

namespace Voucher.Core.OfflineLists;

/// <summary>
/// The status of every voucher of a region, two bits each by serial, so that a terminal without a link knows which are spent.
/// Exact, not a probabilistic filter: a holder is never turned away by chance. A serial beyond the end is newer than the list.
/// </summary>
/// <remarks>
/// Kept as the very bytes that the county signs: fixed offsets, big-endian. 22 bytes of kind, then region (4), counter (8),
/// seconds since 1970 (8), number of serials (4), then four serials a byte, the lowest in the lowest bits, spare bits 0.
/// </remarks>
public sealed class StatusList
{
    /// <summary>Serials that a list covers at most: 4 MB.</summary>
    public const int MostSerials = 16_000_000;

    internal const int RegionAt = 22;
    internal const int CounterAt = RegionAt + 4;
    internal const int MadeAtAt = CounterAt + 8;
    internal const int CountAt = MadeAtAt + 8;
    internal const int HeaderLength = CountAt + 4;
    internal static readonly long LatestSecond = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    private readonly byte[] _said;

    private StatusList(byte[] said) => _said = said;

    /// <summary>How the bytes begin that the county signs.</summary>
    internal static ReadOnlySpan<byte> Kind => "voucher-status-list-1\n"u8;

    /// <summary>What the county signs.</summary>
    public ReadOnlyMemory<byte> Said => _said;

    public RegionCode Region => new(BinaryPrimitives.ReadInt32BigEndian(_said.AsSpan(RegionAt)));

    /// <summary>Only grows; from 1.</summary>
    public long Counter => BinaryPrimitives.ReadInt64BigEndian(_said.AsSpan(CounterAt));

    /// <summary>Whole seconds.</summary>
    public DateTimeOffset MadeAt => DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(_said.AsSpan(MadeAtAt)));

    /// <summary>Serials 0 to this − 1 are covered; at least 0, which no voucher has.</summary>
    public int Count => BinaryPrimitives.ReadInt32BigEndian(_said.AsSpan(CountAt));

    internal ReadOnlySpan<byte> Header => _said.AsSpan(0, HeaderLength);

    internal ReadOnlySpan<byte> Packed => _said.AsSpan(HeaderLength);

    /// <summary>The status of the voucher; <c>null</c> when the list does not cover it: newer than the list, or of another region.</summary>
    public VoucherStatus? Status(VoucherId voucher) =>
        voucher.Region == Region && voucher.Serial < (uint)Count ? this[(int)voucher.Serial] : null;

    /// <summary>The status of a covered serial.</summary>
    public VoucherStatus this[int serial] => (VoucherStatus)(_said[HeaderLength + serial / 4] >> ShiftOf(serial) & 3);

    /// <summary>A list in which every serial is usable but those that are given.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More serials than a list can cover, or a change beyond its end.</exception>
    public static StatusList Of(RegionCode region, long counter, DateTimeOffset madeAt, int count, IEnumerable<StatusChange> changes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostSerials);
        ArgumentOutOfRangeException.ThrowIfLessThan(counter, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(madeAt.ToUnixTimeSeconds());
        var said = new byte[HeaderLength + PackedLength(count)];
        Kind.CopyTo(said);
        BinaryPrimitives.WriteInt32BigEndian(said.AsSpan(RegionAt), region.Value);
        BinaryPrimitives.WriteInt64BigEndian(said.AsSpan(CounterAt), counter);
        BinaryPrimitives.WriteInt64BigEndian(said.AsSpan(MadeAtAt), madeAt.ToUnixTimeSeconds());
        BinaryPrimitives.WriteInt32BigEndian(said.AsSpan(CountAt), count);
        return new StatusList(Write(said, count, changes));
    }

    /// <summary>The list that follows this one, with more serials perhaps, and some changed.</summary>
    public StatusList With(long counter, DateTimeOffset madeAt, int count, IEnumerable<StatusChange> changes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, Count);
        var next = Of(Region, counter, madeAt, count, []);
        Packed.CopyTo(next._said.AsSpan(HeaderLength));
        Write(next._said, count, changes);
        return next;
    }

    /// <summary>Serials of a newer list whose status is another than here; one that is not here was usable.</summary>
    public IEnumerable<int> ChangedIn(StatusList newer)
    {
        for (var at = HeaderLength; at < newer._said.Length; at++)
        {
            var before = at < _said.Length ? _said[at] : 0;
            if (before == newer._said[at]) continue;
            for (var serial = (at - HeaderLength) * 4; serial < (at - HeaderLength + 1) * 4; serial++)
                if ((before >> ShiftOf(serial) & 3) != (newer._said[at] >> ShiftOf(serial) & 3)) yield return serial;
        }
    }

    internal static int PackedLength(int count) => (count + 3) / 4;

    /// <summary>Takes bytes that somebody sent: <c>null</c> unless every field is in range and no spare bit is set.</summary>
    internal static StatusList? Read(byte[] said)
    {
        if (!IsHeader(said, out var count) || said.Length != HeaderLength + PackedLength(count)) return null;
        var isSpareClear = count % 4 == 0 || said[^1] >> ShiftOf(count) == 0;
        return isSpareClear ? new StatusList(said) : null;
    }

    internal static bool IsHeader(ReadOnlySpan<byte> bytes, out int count)
    {
        count = 0;
        if (bytes.Length < HeaderLength || !bytes.StartsWith(Kind)) return false;
        count = BinaryPrimitives.ReadInt32BigEndian(bytes[CountAt..]);
        return RegionCode.IsPossible(BinaryPrimitives.ReadInt32BigEndian(bytes[RegionAt..]))
            && BinaryPrimitives.ReadInt64BigEndian(bytes[CounterAt..]) >= 1
            && BinaryPrimitives.ReadInt64BigEndian(bytes[MadeAtAt..]) is var second && second >= 0 && second <= LatestSecond
            && count is >= 1 and <= MostSerials;
    }

    private static int ShiftOf(int serial) => serial % 4 * 2;

    private static byte[] Write(byte[] said, int count, IEnumerable<StatusChange> changes)
    {
        foreach (var (serial, status) in changes)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(serial);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(serial, count);
            var shift = ShiftOf(serial);
            ref var four = ref said[HeaderLength + serial / 4];
            four = (byte)(four & ~(3 << shift) | (int)status << shift);
        }
        return said;
    }
}
