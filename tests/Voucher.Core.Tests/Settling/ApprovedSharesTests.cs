using Voucher.Core.Money;
using Voucher.Core.Settling;

namespace Voucher.Core.Tests.Settling;

public sealed class ApprovedSharesTests
{
    [Theory]
    [InlineData(120_000, 0, 0, 120_000, 0, 0)]
    [InlineData(120_000, 10, 0, 108_000, 12_000, 0)]
    [InlineData(120_000, 10, 20_000, 90_000, 10_000, 20_000)]
    [InlineData(101, 33, 0, 68, 33, 0)]
    [InlineData(1, 50, 0, 1, 0, 0)]
    [InlineData(100, 50, 100, 0, 0, 100)]
    [InlineData(100, 50, 500, 0, 0, 100)]
    public void The_trainee_gets_the_allowance_the_county_keeps_its_share_of_the_rest(
        long amount, int percent, long allowance, long institution, long retained, long trainee) =>
        Assert.Equal(
            new ApprovedShares(new Fen(institution), new Fen(retained), new Fen(trainee)),
            ApprovedShares.Of(new Fen(amount), percent, new Fen(allowance)));

    [Fact]
    public void Nothing_is_lost_and_nothing_is_made()
    {
        for (var amount = 1; amount <= 60; amount++)
        for (var percent = 0; percent <= 50; percent++)
        for (var allowance = 0; allowance <= 70; allowance += 7)
        {
            var shares = ApprovedShares.Of(new Fen(amount), percent, new Fen(allowance));
            Assert.Equal(amount, (shares.Institution + shares.Retained + shares.Trainee).Value);
            Assert.True(shares.Institution.Value >= 0 && shares.Retained.Value >= 0 && shares.Trainee.Value >= 0);
        }
    }

    [Fact]
    public void What_is_out_of_range_is_a_bug()
    {
        Assert.Throws<ArgumentOutOfRangeException>("amount", () => ApprovedShares.Of(Fen.Zero, 0, Fen.Zero));
        Assert.Throws<ArgumentOutOfRangeException>("allowance", () => ApprovedShares.Of(new Fen(1), 0, new Fen(-1)));
        Assert.Throws<ArgumentOutOfRangeException>("retentionPercent", () => ApprovedShares.Of(new Fen(1), -1, Fen.Zero));
        Assert.Throws<ArgumentOutOfRangeException>("retentionPercent", () => ApprovedShares.Of(new Fen(1), 51, Fen.Zero));
    }
}
