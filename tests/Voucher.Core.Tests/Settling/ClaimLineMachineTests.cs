using Voucher.Core.Refusals;
using Voucher.Core.Regions;
using Voucher.Core.Settling;
using Voucher.Core.Tests.Vouchers;
using Voucher.Core.Vouchers;
using static Voucher.Core.Settling.ClaimLineState;

namespace Voucher.Core.Tests.Settling;

public sealed class ClaimLineMachineTests
{
    private static readonly StaffId One = new(1);
    private static readonly StaffId Other = new(2);
    private static readonly VoucherId Voucher = new(new RegionCode(622926), 7);

    private static readonly Dictionary<string, LineCommand> Commands = new(StringComparer.Ordinal)
    {
        ["pass"] = new LineCommand.Pass(One, null),
        ["reject"] = new LineCommand.Reject(One, "不实"),
        ["return"] = new LineCommand.Return(One, "缺成绩", "补录成绩"),
        ["hold"] = new LineCommand.Hold(One, "核实"),
        ["reopen"] = new LineCommand.Reopen(One, null),
        ["release"] = new LineCommand.Release("已核实"),
        ["hand in"] = new LineCommand.HandInAgain(),
        ["deny"] = new LineCommand.Deny(),
        ["approve"] = new LineCommand.Approve(),
        ["pay"] = new LineCommand.Pay(),
        ["fail"] = new LineCommand.MarkFailed(),
        ["resend"] = new LineCommand.Resend(),
        ["claw back"] = new LineCommand.ClawBack(),
    };

    /// <summary>Whatever is not named here is refused.</summary>
    private static readonly Dictionary<(string Start, string Command), (ClaimLineState State, LineVerdict? Verdict)> Table = new()
    {
        [("undecided", "pass")] = (Submitted, LineVerdict.Pass),
        [("undecided", "reject")] = (Submitted, LineVerdict.Reject),
        [("undecided", "return")] = (Returned, null),
        [("undecided", "hold")] = (Held, null),
        [("undecided", "deny")] = (Held, null),
        [("passed", "pass")] = (Submitted, LineVerdict.Pass),
        [("passed", "reject")] = (Submitted, LineVerdict.Reject),
        [("passed", "return")] = (Returned, null),
        [("passed", "hold")] = (Held, null),
        [("passed", "deny")] = (Held, null),
        [("passed", "reopen")] = (Submitted, null),
        [("passed", "approve")] = (Approved, LineVerdict.Pass),
        [("turned down", "pass")] = (Submitted, LineVerdict.Pass),
        [("turned down", "reject")] = (Submitted, LineVerdict.Reject),
        [("turned down", "return")] = (Returned, null),
        [("turned down", "hold")] = (Held, null),
        [("turned down", "deny")] = (Held, null),
        [("turned down", "reopen")] = (Submitted, null),
        [("turned down", "approve")] = (Rejected, LineVerdict.Reject),
        [("returned", "reject")] = (Submitted, LineVerdict.Reject),
        [("returned", "hand in")] = (Submitted, null),
        [("returned", "deny")] = (Held, null),
        [("held", "reject")] = (Submitted, LineVerdict.Reject),
        [("held", "return")] = (Returned, null),
        [("held", "release")] = (Submitted, null),
        [("held", "deny")] = (Held, null),
        [("approved", "pay")] = (Paid, LineVerdict.Pass),
        [("approved", "fail")] = (PaymentFailed, LineVerdict.Pass),
        [("approved", "claw back")] = (ClawedBack, LineVerdict.Pass),
        [("paid", "fail")] = (PaymentFailed, LineVerdict.Pass),
        [("paid", "claw back")] = (ClawedBack, LineVerdict.Pass),
        [("failed", "resend")] = (Approved, LineVerdict.Pass),
        [("failed", "claw back")] = (ClawedBack, LineVerdict.Pass),
    };

    private static readonly Dictionary<string, ClaimLine> Starts = new(StringComparer.Ordinal)
    {
        ["drafted"] = new(Voucher, Drafted),
        ["undecided"] = new(Voucher, Submitted),
        ["passed"] = new(Voucher, Submitted, LineVerdict.Pass, One),
        ["turned down"] = new(Voucher, Submitted, LineVerdict.Reject, One),
        ["returned"] = new(Voucher, Returned),
        ["held"] = new(Voucher, Held),
        ["approved"] = new(Voucher, Approved, LineVerdict.Pass, One),
        ["rejected"] = new(Voucher, Rejected, LineVerdict.Reject, One),
        ["paid"] = new(Voucher, Paid, LineVerdict.Pass, One),
        ["failed"] = new(Voucher, PaymentFailed, LineVerdict.Pass, One),
        ["clawed back"] = new(Voucher, ClawedBack, LineVerdict.Pass, One),
    };

    public static TheoryData<string, string> Everything()
    {
        var data = new TheoryData<string, string>();
        foreach (var start in Starts.Keys)
            foreach (var command in Commands.Keys)
                data.Add(start, command);
        return data;
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void Every_state_answers_every_command(string start, string command)
    {
        var decision = ClaimLineMachine.Decide(Starts[start], Commands[command], Sample.Policy);
        if (Table.TryGetValue((start, command), out var expected))
        {
            var line = Assert.IsType<LineDecision.Goes>(decision).Line;
            Assert.Equal(expected, (line.State, line.Verdict));
            Assert.Equal(line.Verdict is null, line.ReviewedBy is null);
        }
        else
        {
            var refusal = Assert.IsType<LineDecision.Refused>(decision).Refusal;
            Assert.Equal((start, command) == ("undecided", "approve") ? RefusalCode.LinesUndecided : RefusalCode.LineWrongStep, refusal.Code);
        }
    }

    [Fact]
    public void The_table_names_every_state() => Assert.Equal(Enum.GetValues<ClaimLineState>(), Starts.Values.Select(line => line.State).Distinct().Order());

    [Theory]
    [InlineData("pass")]
    [InlineData("reject")]
    [InlineData("return")]
    [InlineData("hold")]
    [InlineData("reopen")]
    public void Anothers_verdict_is_changed_only_when_they_have_gone_and_with_a_reason(string command)
    {
        var line = new ClaimLine(Voucher, Submitted, LineVerdict.Pass, Other, "马某");
        var refusal = Assert.IsType<LineDecision.Refused>(ClaimLineMachine.Decide(line, Commands[command], Sample.Policy)).Refusal;
        Assert.Equal(RefusalCode.VerdictOfAnother, refusal.Code);
        Assert.Contains("马某", refusal.Reason.Zh, StringComparison.Ordinal);
        var explained = command == "pass" ? new LineCommand.Pass(One, "接手") : command == "reopen" ? new LineCommand.Reopen(One, "接手") : Commands[command];
        Assert.IsType<LineDecision.Goes>(ClaimLineMachine.Decide(line with { ReviewerIsGone = true }, explained, Sample.Policy));
        if (command is "pass" or "reopen")
            Assert.Equal(RefusalCode.ReasonMissing, Assert.IsType<LineDecision.Refused>(ClaimLineMachine.Decide(line with { ReviewerIsGone = true }, Commands[command], Sample.Policy)).Refusal.Code);
    }

    [Fact]
    public void Whoever_takes_a_line_over_answers_for_it_from_then_on()
    {
        var abandoned = new ClaimLine(Voucher, Submitted, LineVerdict.Pass, Other, "马某", ReviewerIsGone: true);
        var taken = Assert.IsType<LineDecision.Goes>(ClaimLineMachine.Decide(abandoned, new LineCommand.Reject(One, "不实"), Sample.Policy)).Line;
        Assert.Equal(new ClaimLine(Voucher, Submitted, LineVerdict.Reject, One), taken);
        var third = ClaimLineMachine.Decide(taken, new LineCommand.Pass(new StaffId(3), "接手"), Sample.Policy);
        Assert.Equal(RefusalCode.VerdictOfAnother, Assert.IsType<LineDecision.Refused>(third).Refusal.Code);
    }

    [Fact]
    public void Of_a_line_that_waits_for_a_verdict_again_nothing_of_its_reviewer_remains()
    {
        var abandoned = new ClaimLine(Voucher, Submitted, LineVerdict.Pass, Other, "马某", ReviewerIsGone: true);
        var opened = Assert.IsType<LineDecision.Goes>(ClaimLineMachine.Decide(abandoned, new LineCommand.Reopen(One, "接手"), Sample.Policy)).Line;
        Assert.Equal(new ClaimLine(Voucher, Submitted), opened);
    }

    [Fact]
    public void What_is_against_an_institution_says_why()
    {
        LineCommand[] silent =
        [
            new LineCommand.Reject(One, null), new LineCommand.Hold(One, null), new LineCommand.Return(One, null, "x"), new LineCommand.Return(One, "x", null),
        ];
        foreach (var command in silent)
            Assert.Equal(RefusalCode.ReasonMissing, Assert.IsType<LineDecision.Refused>(ClaimLineMachine.Decide(Starts["undecided"], command, Sample.Policy)).Refusal.Code);
        Assert.Equal(RefusalCode.ReasonMissing, Assert.IsType<LineDecision.Refused>(ClaimLineMachine.Decide(Starts["held"], new LineCommand.Release(null), Sample.Policy)).Refusal.Code);
    }

    [Fact]
    public void No_history_leaves_an_end_or_pays_without_a_passing_verdict()
    {
        var random = new Random(730);
        var commands = Commands.Values.ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            var line = Starts["undecided"];
            for (var step = 0; step < 12; step++)
            {
                var before = line;
                if (ClaimLineMachine.Decide(line, commands[random.Next(commands.Length)], Sample.Policy) is LineDecision.Goes(var next)) line = next;
                Assert.True(before.State is not (Rejected or ClawedBack) || line == before);
                Assert.True(line.State is not (Approved or Paid or PaymentFailed or ClawedBack) || line.Verdict == LineVerdict.Pass);
                Assert.True(line.State != Rejected || line.Verdict == LineVerdict.Reject);
            }
        }
    }
}
