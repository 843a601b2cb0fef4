using Voucher.Core.Money;
using Voucher.Core.Regions;
using Voucher.Core.Settling;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Tests.Settling;

/// <summary>Whose money it is that comes back.</summary>
public sealed class NettingSpreadTests
{
    private static VoucherId Of(uint serial) => new(new RegionCode(622926), serial);

    [Fact]
    public void The_first_voucher_is_made_good_before_the_second()
    {
        (VoucherId?, Fen)[] owed = [(Of(1), new Fen(30)), (Of(2), new Fen(20)), (null, new Fen(5))];
        Assert.Equal([(Of(1), new Fen(10))], Netting.Spread(owed, Fen.Zero, new Fen(10)));
        Assert.Equal([(Of(1), new Fen(20)), (Of(2), new Fen(5))], Netting.Spread(owed, new Fen(10), new Fen(25)));
        Assert.Equal([(Of(2), new Fen(15)), ((VoucherId?)null, new Fen(5))], Netting.Spread(owed, new Fen(35), new Fen(20)));
        Assert.Empty(Netting.Spread(owed, new Fen(55), Fen.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => Netting.Spread(owed, new Fen(35), new Fen(21)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Netting.Spread(owed, new Fen(-1), new Fen(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Netting.Spread(owed, Fen.Zero, new Fen(-1)));
    }

    [Fact]
    public void However_it_comes_back_each_voucher_has_exactly_what_was_taken_back_of_it()
    {
        var random = new Random(20260731);
        for (var round = 0; round < 2_000; round++)
        {
            List<(VoucherId? Voucher, Fen Amount)> owed = [.. Enumerable.Range(1, random.Next(1, 6)).Select(n => ((VoucherId?)Of((uint)n), new Fen(random.Next(1, 50))))];
            var total = owed.Sum(one => one.Amount.Value);
            Dictionary<VoucherId, long> back = [];
            for (var before = 0L; before < total;)
            {
                var amount = random.NextInt64(0, total - before + 1);
                var shares = Netting.Spread(owed, new Fen(before), new Fen(amount));
                Assert.Equal(amount, shares.Sum(share => share.Amount.Value));
                foreach (var (voucher, fen) in shares) back[voucher!.Value] = back.GetValueOrDefault(voucher.Value) + fen.Value;
                before += amount;
            }
            Assert.Equal(owed.ToDictionary(one => one.Voucher!.Value, one => one.Amount.Value), back);
        }
    }
}
