using Voucher.Core.Money;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Tests.Money;

public sealed class LedgerMovesTests
{
    private static readonly BudgetLineId First = new(1);
    private static readonly BudgetLineId Second = new(2);

    /// <summary>Every way that money may go, and no other.</summary>
    private static readonly HashSet<(LedgerTransactionKind, LedgerAccountKind, LedgerAccountKind)> Ways =
    [
        (LedgerTransactionKind.Allocate, LedgerAccountKind.Allocated, LedgerAccountKind.Unreserved),
        (LedgerTransactionKind.Lower, LedgerAccountKind.Unreserved, LedgerAccountKind.Allocated),
        (LedgerTransactionKind.Transfer, LedgerAccountKind.Unreserved, LedgerAccountKind.Allocated),
        (LedgerTransactionKind.Transfer, LedgerAccountKind.Allocated, LedgerAccountKind.Unreserved),
        (LedgerTransactionKind.Reserve, LedgerAccountKind.Unreserved, LedgerAccountKind.Reserved),
        (LedgerTransactionKind.Release, LedgerAccountKind.Reserved, LedgerAccountKind.Unreserved),
        (LedgerTransactionKind.Approve, LedgerAccountKind.Reserved, LedgerAccountKind.Payable),
        (LedgerTransactionKind.Approve, LedgerAccountKind.Reserved, LedgerAccountKind.Retained),
        (LedgerTransactionKind.Approve, LedgerAccountKind.Reserved, LedgerAccountKind.Unreserved),
        (LedgerTransactionKind.Pay, LedgerAccountKind.Payable, LedgerAccountKind.Paid),
        (LedgerTransactionKind.Reverse, LedgerAccountKind.Paid, LedgerAccountKind.Receivable),
        (LedgerTransactionKind.Reverse, LedgerAccountKind.Payable, LedgerAccountKind.Unreserved),
        (LedgerTransactionKind.Reverse, LedgerAccountKind.Retained, LedgerAccountKind.Unreserved),
        (LedgerTransactionKind.Allowance, LedgerAccountKind.Unreserved, LedgerAccountKind.Payable),
        (LedgerTransactionKind.ReleaseRetained, LedgerAccountKind.Retained, LedgerAccountKind.Payable),
        (LedgerTransactionKind.Bounce, LedgerAccountKind.Paid, LedgerAccountKind.Payable),
        (LedgerTransactionKind.PayIn, LedgerAccountKind.Receivable, LedgerAccountKind.Unreserved),
        (LedgerTransactionKind.Net, LedgerAccountKind.Receivable, LedgerAccountKind.Unreserved),
    ];

    [Fact]
    public void Each_kind_moves_money_between_its_own_accounts_only_and_a_correction_the_other_way_round()
    {
        foreach (var kind in Enum.GetValues<LedgerTransactionKind>())
        foreach (var from in Enum.GetValues<LedgerAccountKind>())
        foreach (var to in Enum.GetValues<LedgerAccountKind>())
        {
            var isAWay = kind == LedgerTransactionKind.Correct
                ? Ways.Any(way => way.Item2 == to && way.Item3 == from)
                : Ways.Contains((kind, from, to));
            Assert.True(isAWay == LedgerMoves.Allows(kind, from, to), $"{kind}: {from} to {to}");
        }
    }

    [Fact]
    public void Moves_of_one_account_add_up_and_what_does_not_change_is_left_out()
    {
        var changes = LedgerMoves.ChangesOf(LedgerTransactionKind.Approve,
        [
            new(Second, LedgerAccountKind.Reserved, LedgerAccountKind.Payable, new Fen(7)),
            new(First, LedgerAccountKind.Reserved, LedgerAccountKind.Unreserved, new Fen(30), new VoucherId(1)),
            new(First, LedgerAccountKind.Reserved, LedgerAccountKind.Payable, new Fen(120), new VoucherId(1)),
            new(First, LedgerAccountKind.Reserved, LedgerAccountKind.Payable, new Fen(100), new VoucherId(2)),
            new(First, LedgerAccountKind.Reserved, LedgerAccountKind.Retained, Fen.Zero, new VoucherId(2)),
        ]);
        Assert.Equal(
        [
            new(First, LedgerAccountKind.Unreserved, new Fen(30)), new(First, LedgerAccountKind.Reserved, new Fen(-250)),
            new(First, LedgerAccountKind.Payable, new Fen(220)),
            new(Second, LedgerAccountKind.Reserved, new Fen(-7)), new(Second, LedgerAccountKind.Payable, new Fen(7)),
        ], changes);
    }

    [Fact]
    public void A_transfer_takes_from_one_line_what_it_gives_to_the_other() => Assert.Equal(
    [
        new(First, LedgerAccountKind.Allocated, new Fen(50)), new(First, LedgerAccountKind.Unreserved, new Fen(-50)),
        new(Second, LedgerAccountKind.Allocated, new Fen(-50)), new(Second, LedgerAccountKind.Unreserved, new Fen(50)),
    ], LedgerMoves.ChangesOf(LedgerTransactionKind.Transfer,
    [
        new(First, LedgerAccountKind.Unreserved, LedgerAccountKind.Allocated, new Fen(50)),
        new(Second, LedgerAccountKind.Allocated, LedgerAccountKind.Unreserved, new Fen(50)),
    ]));

    [Fact]
    public void A_move_below_zero_or_a_way_that_the_kind_does_not_know_is_a_bug()
    {
        Throws(LedgerTransactionKind.Pay, new(First, LedgerAccountKind.Payable, LedgerAccountKind.Paid, new Fen(-1)));
        Throws(LedgerTransactionKind.Pay, new(First, LedgerAccountKind.Reserved, LedgerAccountKind.Paid, new Fen(1)));

        static void Throws(LedgerTransactionKind kind, LedgerMove move) =>
            Assert.Throws<ArgumentException>("moves", () => LedgerMoves.ChangesOf(kind, [move]));
    }

    [Theory]
    [InlineData(LedgerAccountKind.Allocated, -1, true)]
    [InlineData(LedgerAccountKind.Allocated, 0, true)]
    [InlineData(LedgerAccountKind.Allocated, 1, false)]
    [InlineData(LedgerAccountKind.Reserved, -1, false)]
    [InlineData(LedgerAccountKind.Reserved, 0, true)]
    [InlineData(LedgerAccountKind.Receivable, 1, true)]
    public void No_account_is_overdrawn(LedgerAccountKind account, long balance, bool may) =>
        Assert.Equal(may, LedgerMoves.MayStandAt(account, new Fen(balance)));
}
