using Voucher.Core.Regions;
using Voucher.Core.Tests.Tokens;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Tests.Vouchers;

public sealed class VoucherIdTests
{
    [Theory]
    [InlineData(622926, 123u, 2675446797828219L, "6229 2600 0000 0123")]
    [InlineData(110000, 0u, 472446402560000L, "1100 0000 0000 0000")]
    [InlineData(829999, uint.MaxValue, 3564822855679999L, "8299 9942 9496 7295")]
    public void It_is_region_times_2_to_the_32nd_plus_serial(int region, uint serial, long value, string printed)
    {
        var id = new VoucherId(new RegionCode(region), serial);
        Assert.Equal(value, id.Value);
        Assert.Equal((region, serial), (id.Region.Value, id.Serial));
        Assert.Equal(printed, id.ToString());
        Assert.True(VoucherId.TryParse(printed, out var read));
        Assert.Equal(id, read);
        Assert.Equal(id, new VoucherId(value));
    }

    [Theory]
    [InlineData("6229260000000123")]
    [InlineData("  6229 2600 0000 0123  ")]
    [InlineData("622926 0000000123")]
    [InlineData("６２２９　２６００　００００　０１２３")]
    public void It_is_read_with_or_without_blanks(string text)
    {
        Assert.True(VoucherId.TryParse(text, out var id));
        Assert.Equal("6229 2600 0000 0123", id.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("622926000000012")]
    [InlineData("62292600000001234")]
    [InlineData("6229264294967296")]
    [InlineData("6229269999999999")]
    [InlineData("0000000000000123")]
    [InlineData("622926-000000123")]
    [InlineData("622926+000000123")]
    [InlineData("622926000000012\0")]
    [InlineData("6229260000000\0\0\0")]
    [InlineData("622926000000012x")]
    [InlineData("622926000000012٣")]
    [InlineData("6229\t2600\t0000\t0123")]
    public void Anything_else_is_no_voucher_number(string? text)
    {
        Assert.False(VoucherId.TryParse(text, out var id));
        Assert.Equal(default, id);
    }

    [Fact]
    public void Vouchers_order_by_county_then_by_issue()
    {
        var (a, b, c) = (new VoucherId(new RegionCode(622925), uint.MaxValue), new VoucherId(new RegionCode(622926), 0), new VoucherId(new RegionCode(622926), 1));
        Assert.Equal([a, b, c], new[] { c, a, b }.Order());
    }

    [Fact]
    public void Random_texts_never_throw_and_what_is_printed_is_read_back()
    {
        var random = new Random(16);
        for (var i = 0; i < 50_000; i++)
        {
            if (VoucherId.TryParse(RandomText.Next(random), out var stray)) Assert.True(RegionCode.IsPossible(stray.Region.Value));
            var id = new VoucherId(new RegionCode(random.Next(110_000, 660_000)), (uint)random.NextInt64(1L << 32));
            Assert.True(VoucherId.TryParse(id.ToString(), out var read));
            Assert.Equal(id, read);
        }
    }
}
