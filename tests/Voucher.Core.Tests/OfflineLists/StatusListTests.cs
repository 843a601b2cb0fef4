using System.IO.Compression;
using System.Text;
using Voucher.Core.OfflineLists;
using Voucher.Core.Regions;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Tests.OfflineLists;

public sealed class StatusListTests : IDisposable
{
    private readonly ListSample _county = new();

    public void Dispose() => _county.Dispose();

    [Fact]
    public void Each_serial_has_its_own_status_and_what_is_beyond_the_end_is_unknown()
    {
        var list = ListSample.Ten();
        VoucherStatus[] expected = [0, VoucherStatus.Enrolled, VoucherStatus.Closed, VoucherStatus.Revoked, 0, 0, 0, 0, 0, 0];
        for (var serial = 0u; serial < 10; serial++) Assert.Equal(expected[serial], list.Status(ListSample.Voucher(serial)));
        Assert.Null(list.Status(ListSample.Voucher(10)));
        Assert.Null(list.Status(ListSample.Voucher(uint.MaxValue)));
        Assert.Null(list.Status(new VoucherId(new RegionCode(231200), 1)));
    }

    [Fact]
    public void Every_stored_state_has_a_status_and_suspicion_has_none()
    {
        VoucherStatus[] expected =
            [VoucherStatus.Usable, VoucherStatus.Usable, VoucherStatus.Enrolled, VoucherStatus.Closed, VoucherStatus.Closed, VoucherStatus.Revoked, VoucherStatus.Revoked];
        Assert.Equal(expected, Enum.GetValues<VoucherState>().Select(VoucherStatuses.Of));
        Assert.Throws<ArgumentOutOfRangeException>(() => VoucherStatuses.Of(0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(54_116)]
    public void A_list_comes_back_as_it_was_sent(int count)
    {
        var random = new Random(count);
        var list = StatusList.Of(
            ListSample.Region, 1 + random.NextInt64(long.MaxValue - 1), ListSample.Made, count,
            Enumerable.Range(0, count).Select(serial => new StatusChange(serial, (VoucherStatus)random.Next(4))));
        Assert.Equal(ListFault.None, SignedStatusList.TryRead(_county.Sign(list).Encode(), out var back));
        Assert.Equal(list.Said.ToArray(), back!.List.Said.ToArray());
        Assert.Equal((list.Region, list.Counter, list.MadeAt, list.Count), (back.List.Region, back.List.Counter, back.List.MadeAt, back.List.Count));
        Assert.Equal(ListFault.None, back.Check(_county.Ring, ListSample.Region));
    }

    [Fact]
    public void The_largest_list_there_is_fits_although_it_does_not_compress_and_one_more_serial_is_refused()
    {
        var random = new Random(1);
        var list = StatusList.Of(
            ListSample.Region, 1, ListSample.Made, StatusList.MostSerials,
            Enumerable.Range(0, StatusList.MostSerials).Select(serial => new StatusChange(serial, (VoucherStatus)random.Next(4))));
        var bytes = new SignedStatusList(list, 1, new byte[64]).Encode();
        Assert.True(bytes.Length > StatusList.MostSerials / 4);
        Assert.Equal(ListFault.None, SignedStatusList.TryRead(bytes, out _));
        Assert.True(ListFile.Encode(_county.SignedKeys(), bytes).Length + ListFile.LargestKeyList <= ListFile.LargestBytes);
        Assert.Throws<ArgumentOutOfRangeException>(() => StatusList.Of(ListSample.Region, 1, ListSample.Made, StatusList.MostSerials + 1, []));
        Assert.Equal(ListFault.TooLarge, SignedStatusList.TryRead(new byte[SignedStatusList.LargestBytes + 1], out _));
    }

    [Fact]
    public void No_byte_of_a_list_can_be_changed_without_notice()
    {
        var sent = _county.Sign(ListSample.Ten());
        var genuine = sent.Encode();
        for (var at = 0; at < genuine.Length; at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var changed = (byte[])genuine.Clone();
                changed[at] ^= (byte)(1 << bit);
                var fault = SignedStatusList.TryRead(changed, out var read);
                if (fault == ListFault.None) fault = read!.Check(_county.Ring, ListSample.Region);
                // The compressed form has more than one spelling; what it says has one.
                Assert.True(fault != ListFault.None || read!.List.Said.Span.SequenceEqual(sent.List.Said.Span), $"byte {at}, bit {bit}");
                Assert.False(at < 111 && fault == ListFault.None, $"byte {at}, bit {bit}");
            }
        }
    }

    [Fact]
    public void Every_shorter_list_and_every_longer_one_is_refused()
    {
        var genuine = _county.Sign(ListSample.Ten()).Encode();
        for (var length = 0; length < genuine.Length; length++) Assert.NotEqual(ListFault.None, SignedStatusList.TryRead(genuine.AsSpan(0, length), out _));
        Assert.Equal(ListFault.Damaged, SignedStatusList.TryRead([.. genuine, 0], out _));
        Assert.Equal(ListFault.Damaged, SignedStatusList.TryRead([.. genuine, .. genuine], out _));
        Assert.Equal(ListFault.NotAList, SignedStatusList.TryRead(Encoding.ASCII.GetBytes("voucher-status-list-2\n" + new string('x', 200)), out _));
    }

    [Fact]
    public void A_list_that_says_it_is_small_and_unpacks_large_is_refused()
    {
        var large = _county.Sign(StatusList.Of(ListSample.Region, 5, ListSample.Made, StatusList.MostSerials, [])).Encode();
        var small = _county.Sign(ListSample.Ten()).Encode();
        Assert.Equal(ListFault.Damaged, SignedStatusList.TryRead([.. small[..111], .. large[111..]], out _));
        Assert.Equal(ListFault.Damaged, SignedStatusList.TryRead([.. large[..111], .. small[111..]], out _));
    }

    [Fact]
    public void Spare_bits_at_the_end_are_not_a_second_spelling()
    {
        // The last byte holds two serials; what would be a third and a fourth must be clear.
        Assert.Equal(ListFault.None, SignedStatusList.TryRead(WithLastByte(0b0000_0000), out _));
        Assert.Equal(ListFault.None, SignedStatusList.TryRead(WithLastByte(0b0000_1111), out _));
        for (var bit = 4; bit < 8; bit++) Assert.Equal(ListFault.Damaged, SignedStatusList.TryRead(WithLastByte((byte)(1 << bit)), out _));
    }

    /// <summary>A list of ten serials, three bytes.</summary>
    private byte[] WithLastByte(byte last)
    {
        var packed = new byte[64];
        Assert.True(BrotliEncoder.TryCompress([0, 0, last], packed, out var length));
        return [.. _county.Sign(ListSample.Ten()).Encode().AsSpan(0, 111), .. packed.AsSpan(0, length)];
    }

    [Fact]
    public void A_list_of_another_key_region_or_of_a_revoked_key_is_not_believed_and_the_machines_clock_is_not_asked()
    {
        using var stranger = new ListSample();
        var list = _county.Sign(ListSample.Ten());
        Assert.Equal(ListFault.SignatureFalse, list.Check(stranger.Ring, ListSample.Region));
        Assert.Equal(ListFault.OtherRegion, list.Check(_county.Ring, new RegionCode(231200)));
        Assert.Equal(ListFault.SignatureFalse, list.Check(_county.NewRing(isRevoked: true), ListSample.Region));
        Assert.Equal(ListFault.SignatureFalse, (list with { KeyId = 8 }).Check(_county.Ring, ListSample.Region));
        var tooEarly = _county.Sign(StatusList.Of(ListSample.Region, 1, ListSample.Made.AddYears(-1), 1, []));
        Assert.Equal(ListFault.SignatureFalse, tooEarly.Check(_county.Ring, ListSample.Region));
    }
}
