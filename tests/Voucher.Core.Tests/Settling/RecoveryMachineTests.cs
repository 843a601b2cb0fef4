using Voucher.Core.Money;
using Voucher.Core.Refusals;
using Voucher.Core.Settling;
using Voucher.Core.Tests.Vouchers;

namespace Voucher.Core.Tests.Settling;

/// <summary>Every state, with what may have come back and be pending in it, against every step.</summary>
public sealed class RecoveryMachineTests
{
    private static readonly StaffId First = new(1);
    private static readonly StaffId Second = new(2);
    private static readonly Fen Ten = new(10);

    private static readonly Dictionary<string, Recovery> Standings = new(StringComparer.Ordinal)
    {
        ["proposed"] = new(RecoveryState.Proposed, First),
        ["owed"] = new(RecoveryState.Open, First, new Fen(30)),
        ["partly back"] = new(RecoveryState.Open, First, new Fen(30), PaidIn: Ten, Netted: Ten),
        ["netted in part"] = new(RecoveryState.Open, First, new Fen(30), Netted: Ten),
        ["bound"] = new(RecoveryState.Open, First, new Fen(30), Bound: new Fen(30)),
        ["reversal pending"] = new(RecoveryState.Open, First, new Fen(30), ReversalProposedBy: First),
        ["settled, nothing was paid"] = new(RecoveryState.Settled, First),
        ["settled, reversal pending"] = new(RecoveryState.Settled, First, ReversalProposedBy: First),
        ["settled, came back"] = new(RecoveryState.Settled, First, Ten, PaidIn: Ten),
        ["rejected"] = new(RecoveryState.Rejected, First),
        ["withdrawn"] = new(RecoveryState.Withdrawn, First),
        ["reversed"] = new(RecoveryState.Reversed, First),
    };

    private static readonly Dictionary<string, RecoveryCommand> Commands = new(StringComparer.Ordinal)
    {
        ["withdraw"] = new RecoveryCommand.Withdraw(First),
        ["withdraw another's"] = new RecoveryCommand.Withdraw(Second),
        ["confirm"] = new RecoveryCommand.Confirm(Second, new Fen(30)),
        ["confirm, nothing was paid"] = new RecoveryCommand.Confirm(Second, Fen.Zero),
        ["confirm own"] = new RecoveryCommand.Confirm(First, new Fen(30)),
        ["reject"] = new RecoveryCommand.Reject(Second),
        ["reject own"] = new RecoveryCommand.Reject(First),
        ["pay in 10"] = new RecoveryCommand.PayIn(Ten),
        ["pay in 31"] = new RecoveryCommand.PayIn(new Fen(31)),
        ["bind 10"] = new RecoveryCommand.Bind(Ten),
        ["net 10"] = new RecoveryCommand.Net(Ten),
        ["net 30"] = new RecoveryCommand.Net(new Fen(30)),
        ["net 31"] = new RecoveryCommand.Net(new Fen(31)),
        ["free 10"] = new RecoveryCommand.Unbind(Ten),
        ["free 30"] = new RecoveryCommand.Unbind(new Fen(30)),
        ["free 31"] = new RecoveryCommand.Unbind(new Fen(31)),
        ["propose reversal"] = new RecoveryCommand.ProposeReversal(First),
        ["confirm reversal"] = new RecoveryCommand.ConfirmReversal(Second),
        ["confirm own reversal"] = new RecoveryCommand.ConfirmReversal(First),
        ["drop reversal"] = new RecoveryCommand.DropReversal(Second),
    };

    /// <summary>What is possible; all else is the wrong step.</summary>
    private static readonly Dictionary<(string Standing, string Command), object> Table = new()
    {
        [("proposed", "withdraw")] = RecoveryState.Withdrawn,
        [("proposed", "withdraw another's")] = RefusalCode.RecoveryOfAnother,
        [("proposed", "confirm")] = RecoveryState.Open,
        [("proposed", "confirm, nothing was paid")] = RecoveryState.Settled,
        [("proposed", "confirm own")] = RefusalCode.SamePerson,
        [("proposed", "reject")] = RecoveryState.Rejected,
        [("proposed", "reject own")] = RefusalCode.SamePerson,
        [("owed", "pay in 10")] = RecoveryState.Open,
        [("owed", "pay in 31")] = RefusalCode.PayInExceeds,
        [("owed", "bind 10")] = RecoveryState.Open,
        [("owed", "propose reversal")] = RecoveryState.Open,
        [("partly back", "pay in 10")] = RecoveryState.Settled,
        [("partly back", "pay in 31")] = RefusalCode.PayInExceeds,
        [("partly back", "bind 10")] = RecoveryState.Open,
        [("partly back", "propose reversal")] = RefusalCode.RecoveryCameBack,
        [("bound", "pay in 10")] = RefusalCode.PayInExceeds,
        [("bound", "pay in 31")] = RefusalCode.PayInExceeds,
        [("bound", "bind 10")] = RefusalCode.PayInExceeds,
        [("netted in part", "pay in 10")] = RecoveryState.Open,
        [("netted in part", "pay in 31")] = RefusalCode.PayInExceeds,
        [("netted in part", "bind 10")] = RecoveryState.Open,
        [("netted in part", "propose reversal")] = RefusalCode.RecoveryCameBack,
        [("bound", "net 10")] = RecoveryState.Open,
        [("bound", "net 30")] = RecoveryState.Settled,
        [("bound", "free 10")] = RecoveryState.Open,
        [("bound", "free 30")] = RecoveryState.Open,
        [("bound", "propose reversal")] = RefusalCode.RecoveryCameBack,
        [("reversal pending", "pay in 10")] = RecoveryState.Open,
        [("reversal pending", "pay in 31")] = RefusalCode.PayInExceeds,
        [("reversal pending", "bind 10")] = RecoveryState.Open,
        [("reversal pending", "confirm reversal")] = RecoveryState.Reversed,
        [("reversal pending", "confirm own reversal")] = RefusalCode.SamePerson,
        [("reversal pending", "drop reversal")] = RecoveryState.Open,
        [("settled, nothing was paid", "propose reversal")] = RecoveryState.Settled,
        [("settled, reversal pending", "confirm reversal")] = RecoveryState.Reversed,
        [("settled, reversal pending", "confirm own reversal")] = RefusalCode.SamePerson,
        [("settled, reversal pending", "drop reversal")] = RecoveryState.Settled,
        [("settled, came back", "propose reversal")] = RefusalCode.RecoveryCameBack,
    };

    public static TheoryData<string, string> All()
    {
        var data = new TheoryData<string, string>();
        foreach (var standing in Standings.Keys)
            foreach (var command in Commands.Keys) data.Add(standing, command);
        return data;
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Each_standing_answers_each_step(string standing, string command)
    {
        var expected = Table.GetValueOrDefault((standing, command), RefusalCode.RecoveryWrongStep);
        switch (Standings[standing].Decide(Commands[command], Sample.Policy))
        {
            case Outcome<Recovery>.Done(var next):
                Assert.Equal(expected, next.State);
                Assert.True(next.IsSound);
                break;
            case Outcome<Recovery>.Refused(var refusal):
                Assert.Equal(expected, refusal.Code);
                break;
        }
    }

    [Fact]
    public void What_cannot_be_is_not_sound()
    {
        Assert.All(Standings.Values, recovery => Assert.True(recovery.IsSound));
        var owed = Standings["owed"];
        Recovery[] impossible =
        [
            owed with { PaidIn = new Fen(-1) }, owed with { Netted = new Fen(-1) }, owed with { Bound = new Fen(-1) }, owed with { Bound = new Fen(31) },
            owed with { State = RecoveryState.Proposed }, owed with { State = RecoveryState.Rejected }, owed with { State = RecoveryState.Withdrawn },
            owed with { State = RecoveryState.Settled }, owed with { PaidIn = new Fen(30) },
        ];
        Assert.All(impossible, recovery => Assert.False(recovery.IsSound, $"{recovery}"));
    }

    [Fact]
    public void Who_may_not_reverse_is_told_how_much_has_come_back_or_is_on_its_way()
    {
        var recovery = new Recovery(RecoveryState.Open, First, new Fen(10_000), PaidIn: new Fen(1_000), Netted: new Fen(500), Bound: new Fen(70));
        var refusal = Assert.IsType<Outcome<Recovery>.Refused>(recovery.Decide(new RecoveryCommand.ProposeReversal(First), Sample.Policy)).Refusal;
        Assert.StartsWith("已收回或正在抵扣 15.70 元", refusal.Reason.Zh, StringComparison.Ordinal);
    }

    [Fact]
    public void While_its_reversal_is_to_be_decided_the_standing_says_so()
    {
        Assert.Equal(RecoveryState.Open.Name(), Standings["owed"].Standing);
        Assert.Equal($"{RecoveryState.Open.Name().Zh}；撤销待决定", Standings["reversal pending"].Standing.Zh);
    }

    [Fact]
    public void Random_histories_never_bring_back_more_than_was_decided()
    {
        for (var seed = 0; seed < 2_000; seed++)
        {
            var dice = new Random(seed);
            var recovery = new Recovery(RecoveryState.Proposed, First);
            for (var step = 0; step < 40; step++)
            {
                RecoveryCommand[] any =
                [
                    new RecoveryCommand.Confirm(Who(), new Fen(dice.Next(0, 50))), new RecoveryCommand.PayIn(Some()), new RecoveryCommand.Bind(Some()),
                    new RecoveryCommand.Net(Some()), new RecoveryCommand.Unbind(Some()), new RecoveryCommand.ProposeReversal(Who()),
                    new RecoveryCommand.ConfirmReversal(Who()), new RecoveryCommand.DropReversal(Who()),
                ];
                if (recovery.Decide(any[dice.Next(any.Length)], Sample.Policy) is not Outcome<Recovery>.Done(var next)) continue;
                Assert.True(next.IsSound, $"seed {seed}: {recovery} → {next}");
                recovery = next;
            }
            StaffId Who() => dice.Next(2) == 0 ? First : Second;
            Fen Some() => new(dice.Next(1, 20));
        }
    }

    [Theory]
    [InlineData(0, 30, false)]
    [InlineData(1, 30, true)]
    [InlineData(1, 0, false)]
    [InlineData(-1, 30, false)]
    public void A_notice_is_not_served_after_the_day_that_it_names_unless_it_asks_for_nothing(int daysAfter, long receivable, bool isRefused)
    {
        var payBy = new DateOnly(2026, 6, 30);
        Assert.Equal(isRefused ? RefusalCode.TermIsOver : null, Recovery.RefuseTerm(payBy, payBy.AddDays(daysAfter), new Fen(receivable), Sample.Policy)?.Code);
    }

    [Theory]
    [InlineData(10, 0, 0, 10)]
    [InlineData(25, 10, 10, 5)]
    [InlineData(15, 10, 5, 0)]
    [InlineData(5, 5, 0, 0)]
    [InlineData(40, 10, 10, 20)]
    public void What_the_county_still_holds_is_taken_first(long amount, long retained, long owed, long paid)
    {
        var held = amount == 10 ? new RecoveryShares(Fen.Zero, Fen.Zero, new Fen(40)) : new RecoveryShares(Ten, Ten, new Fen(20));
        Assert.Equal(new RecoveryShares(new Fen(retained), new Fen(owed), new Fen(paid)), RecoveryShares.Of(new Fen(amount), held));
    }

    [Fact]
    public void More_than_there_is_cannot_be_taken() => Assert.Null(RecoveryShares.Of(new Fen(41), new RecoveryShares(Ten, Ten, new Fen(20))));

    [Fact]
    public void Nothing_is_taken_back_and_nothing_netted_below_one_fen()
    {
        Assert.Throws<ArgumentOutOfRangeException>("amount", () => RecoveryShares.Of(Fen.Zero, new RecoveryShares(Ten, Ten, Ten)));
        Assert.Throws<ArgumentOutOfRangeException>("gross", () => Netting.Plan([], new Fen(-1)));
        Assert.Empty(Netting.Plan([new OpenRecovery(new RecoveryId(1), new BudgetLineId(1), Ten)], Fen.Zero));
    }

    [Fact]
    public void Netting_takes_the_oldest_debts_first_and_never_more_than_the_payment_or_the_debt()
    {
        for (var seed = 0; seed < 5_000; seed++)
        {
            var dice = new Random(seed);
            OpenRecovery[] open = [.. Enumerable.Range(1, dice.Next(0, 6)).Select(n => new OpenRecovery(new RecoveryId(n), new BudgetLineId(dice.Next(1, 3)), new Fen(dice.Next(0, 50))))];
            var gross = new Fen(dice.Next(0, 120));
            var parts = Netting.Plan(open, gross);
            var (netted, owed) = (parts.Sum(part => part.Amount.Value), open.Sum(debt => debt.Free.Value));
            Assert.Equal(Math.Min(gross.Value, owed), netted);
            Assert.All(parts, part => Assert.InRange(part.Amount.Value, 1, open.Single(debt => debt.Recovery == part.Recovery).Free.Value));
            // Only the last one may be left in part.
            Assert.All(parts.SkipLast(1), part => Assert.Equal(open.Single(debt => debt.Recovery == part.Recovery).Free, part.Amount));
            Assert.Equal(parts.Select(part => part.Recovery.Value).Order(), parts.Select(part => part.Recovery.Value));
        }
    }
}
