using Voucher.Core.Money;
using Voucher.Core.Settling;

namespace Voucher.Core.Tests.Settling;

public sealed class ClaimAmountTests
{
    [Theory]
    // Face value, rate (yuan), attended, planned, full from, amount in 分.
    [InlineData(1500, 1200, 40, 40, 0, 120_000)]
    [InlineData(1500, 1200, 0, 40, 0, 120_000)]
    [InlineData(1500, 1200, 36, 40, 100, 108_000)]
    [InlineData(1500, 1200, 36, 40, 90, 120_000)]
    [InlineData(1500, 1200, 35, 40, 90, 105_000)]
    [InlineData(1000, 1200, 36, 40, 100, 100_000)]
    [InlineData(1000, 1200, 20, 40, 100, 60_000)]
    [InlineData(1500, 1200, 0, 40, 1, 0)]
    [InlineData(1500, 1000, 1, 3, 100, 33_333)]
    [InlineData(1500, 1200, 0, 0, 100, 120_000)]
    [InlineData(1500, 1200, 0, 0, 0, 120_000)]
    public void The_rate_is_paid_for_what_was_delivered_and_never_more_than_the_face_value(
        long face, long rate, int attended, int planned, int full, long fen)
    {
        var amount = new ClaimAmount(Fen.FromYuan(face), Fen.FromYuan(rate), new Delivery(attended, planned, full));
        Assert.Equal(new Fen(fen), amount.Value);
        Assert.Equal(amount.FaceValue, amount.Value + amount.Unneeded);
    }

    [Fact]
    public void The_share_is_compared_in_whole_numbers()
    {
        Assert.False(new Delivery(799, 1000, 80).IsFull);
        Assert.True(new Delivery(800, 1000, 80).IsFull);
    }

    [Fact]
    public void A_line_of_before_delivery_was_weighed_is_paid_in_full() =>
        Assert.Equal(Fen.FromYuan(1200), new ClaimAmount(Fen.FromYuan(1500), Fen.FromYuan(1200)).Value);

    [Fact]
    public void The_arithmetic_is_written_out()
    {
        var part = new ClaimAmount(Fen.FromYuan(1500), Fen.FromYuan(1200), new Delivery(36, 40, 100));
        Assert.Equal("标准 1,200.00 元 × 出勤 36/40 课时 = 1,080.00 元；面值 1,500.00 元，取小者", part.Arithmetic.Zh);
        Assert.Contains("in full", new ClaimAmount(Fen.FromYuan(1500), Fen.FromYuan(1200)).Arithmetic.En, StringComparison.Ordinal);
    }

    [Fact]
    public void Never_negative_never_above_either_and_never_less_for_more_hours()
    {
        var random = new Random(20261123);
        for (var n = 0; n < 20_000; n++)
        {
            var (face, rate) = (new Fen(random.NextInt64(1, 10_000_000)), new Fen(random.NextInt64(1, 10_000_000)));
            var planned = random.Next(1, 400);
            var (attended, full) = (random.Next(0, planned), random.Next(0, 101));
            var amount = new ClaimAmount(face, rate, new Delivery(attended, planned, full)).Value;
            var more = new ClaimAmount(face, rate, new Delivery(attended + 1, planned, full)).Value;
            Assert.InRange(amount.Value, 0, Math.Min(face.Value, rate.Value));
            Assert.True(more >= amount, $"{face} {rate} {attended}/{planned} from {full}");
        }
    }
}
