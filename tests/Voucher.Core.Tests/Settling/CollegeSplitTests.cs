using Voucher.Core.Money;
using Voucher.Core.Settling;

namespace Voucher.Core.Tests.Settling;

public sealed class CollegeSplitTests
{
    [Theory]
    [InlineData(120_000, 50, 60_000)]
    [InlineData(101, 50, 50)]
    [InlineData(-101, 50, -51)]
    [InlineData(999, 0, 0)]
    [InlineData(999, 100, 999)]
    public void Half_or_what_the_pack_says_may_be_used_and_the_rest_is_the_rest(long income, int percent, long costs) =>
        Assert.Equal(new CollegeSplit(new Fen(income), new Fen(costs), new Fen(income - costs)), CollegeSplit.Of([(new Fen(income), percent)]));

    [Theory]
    [InlineData(-1)]
    [InlineData(101)]
    public void A_share_below_nothing_or_above_all_is_a_bug(int percent) =>
        Assert.Throws<ArgumentOutOfRangeException>("parts", () => CollegeSplit.Of([(new Fen(100), 50), (new Fen(100), percent)]));

    [Fact]
    public void What_was_taken_back_lowers_it_and_each_pack_s_share_is_its_own() =>
        Assert.Equal(
            new CollegeSplit(new Fen(1_500), new Fen(650), new Fen(850)),
            CollegeSplit.Of([(new Fen(1_001), 50), (new Fen(-501), 50), (new Fen(1_000), 40)]));
}
