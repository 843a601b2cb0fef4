using Voucher.Core.Fraud;
using Voucher.Core.Refusals;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Tests.Vouchers;

/// <summary>
/// Every state × every command, written out. A cell names the event that happens or the refusal that is said. Derived
/// states (expired, not yet valid, in conflict) have rows of their own; enrolment has two columns: the class to which an
/// enrolled voucher is bound, and another one.
/// </summary>
public sealed class StateCommandTableTests
{
    private const string Table = """
        state              | HandOver          | Enrol            | EnrolElsewhere    | CheckIn          | CheckOut         | Complete          | Contest          | Withdraw         | Revoke           | Replace
        Issued             | HandedOver        | Enrolled         | Enrolled          | NotEnrolled      | NotEnrolled      | NotEnrolled       | NotEnrolled      | NotEnrolled      | Revoked          | Replaced
        IssuedNotYetValid  | HandedOver        | NotYetValid      | NotYetValid       | NotEnrolled      | NotEnrolled      | NotEnrolled       | NotEnrolled      | NotEnrolled      | Revoked          | Replaced
        IssuedLastDay      | HandedOver        | Enrolled         | Enrolled          | NotEnrolled      | NotEnrolled      | NotEnrolled       | NotEnrolled      | NotEnrolled      | Revoked          | Replaced
        IssuedExpired      | VoucherExpired    | VoucherExpired   | VoucherExpired    | NotEnrolled      | NotEnrolled      | NotEnrolled       | NotEnrolled      | NotEnrolled      | Revoked          | VoucherExpired
        IssuedInConflict   | HandedOver        | VoucherInConflict| VoucherInConflict | VoucherInConflict| VoucherInConflict| NotEnrolled       | NotEnrolled      | NotEnrolled      | Revoked          | VoucherInConflict
        IssuedHeld         | HandedOver        | VoucherHeld      | VoucherHeld       | NotEnrolled      | NotEnrolled      | NotEnrolled       | NotEnrolled      | NotEnrolled      | Revoked          | VoucherHeld
        Claimed            | AlreadyHandedOver | Enrolled         | Enrolled          | NotEnrolled      | NotEnrolled      | NotEnrolled       | NotEnrolled      | NotEnrolled      | Revoked          | Replaced
        ClaimedNotYetValid | AlreadyHandedOver | NotYetValid      | NotYetValid       | NotEnrolled      | NotEnrolled      | NotEnrolled       | NotEnrolled      | NotEnrolled      | Revoked          | Replaced
        ClaimedExpired     | VoucherExpired    | VoucherExpired   | VoucherExpired    | NotEnrolled      | NotEnrolled      | NotEnrolled       | NotEnrolled      | NotEnrolled      | Revoked          | VoucherExpired
        ClaimedInConflict  | AlreadyHandedOver | VoucherInConflict| VoucherInConflict | VoucherInConflict| VoucherInConflict| NotEnrolled       | NotEnrolled      | NotEnrolled      | Revoked          | VoucherInConflict
        Enrolled           | AlreadyHandedOver | EnrolledHere     | EnrolledElsewhere | CheckedIn        | CheckedOut       | Completed         | Contested        | Withdrawn        | Revoked          | Replaced
        EnrolledLongAgo    | AlreadyHandedOver | EnrolledHere     | EnrolledElsewhere | CheckedIn        | CheckedOut       | Completed         | Contested        | Withdrawn        | Revoked          | Replaced
        EnrolledInConflict | AlreadyHandedOver | EnrolledHere     | EnrolledElsewhere | CheckedIn        | CheckedOut       | VoucherInConflict | Contested        | VoucherInConflict| Revoked          | VoucherInConflict
        EnrolledHeld       | AlreadyHandedOver | EnrolledHere     | EnrolledElsewhere | CheckedIn        | CheckedOut       | VoucherHeld       | Contested        | VoucherHeld      | Revoked          | VoucherHeld
        Completed          | VoucherCompleted  | VoucherCompleted | VoucherCompleted  | VoucherCompleted | VoucherCompleted | VoucherCompleted  | VoucherCompleted | VoucherCompleted | VoucherCompleted | VoucherCompleted
        Withdrawn          | VoucherWithdrawn  | VoucherWithdrawn | VoucherWithdrawn  | VoucherWithdrawn | VoucherWithdrawn | VoucherWithdrawn  | VoucherWithdrawn | VoucherWithdrawn | VoucherWithdrawn | VoucherWithdrawn
        Revoked            | VoucherRevoked    | VoucherRevoked   | VoucherRevoked    | VoucherRevoked   | VoucherRevoked   | VoucherRevoked    | VoucherRevoked   | VoucherRevoked   | VoucherRevoked   | VoucherRevoked
        Replaced           | VoucherReplaced   | VoucherReplaced  | VoucherReplaced   | VoucherReplaced  | VoucherReplaced  | VoucherReplaced   | VoucherReplaced  | VoucherReplaced  | VoucherReplaced  | VoucherReplaced
        """;

    private static readonly Dictionary<string, TrainingVoucher> Vouchers = new()
    {
        ["Issued"] = Sample.Issued,
        ["IssuedNotYetValid"] = NotYetValid(Sample.Issued),
        ["IssuedLastDay"] = Sample.Issued with { ValidUntil = Sample.Today },
        ["IssuedExpired"] = Expired(Sample.Issued),
        ["IssuedInConflict"] = Sample.Issued with { InConflict = true },
        ["IssuedHeld"] = Sample.Issued with { Hold = Hold },
        ["Claimed"] = Claimed,
        ["ClaimedNotYetValid"] = NotYetValid(Claimed),
        ["ClaimedExpired"] = Expired(Claimed),
        ["ClaimedInConflict"] = Claimed with { InConflict = true },
        ["Enrolled"] = Sample.Enrolled,
        ["EnrolledLongAgo"] = Expired(Sample.Enrolled),
        ["EnrolledInConflict"] = Sample.Enrolled with { InConflict = true },
        ["EnrolledHeld"] = Sample.Enrolled with { Hold = Hold },
        ["Completed"] = Sample.Enrolled with { State = VoucherState.Completed },
        ["Withdrawn"] = Sample.Enrolled with { State = VoucherState.Withdrawn },
        ["Revoked"] = Sample.Issued with { State = VoucherState.Revoked },
        ["Replaced"] = Sample.Issued with { State = VoucherState.Replaced, ReplacedBy = Sample.Successor },
    };

    private static readonly Dictionary<string, VoucherCommand> Commands = new()
    {
        ["HandOver"] = new VoucherCommand.HandOver(),
        ["Enrol"] = Sample.Enrol,
        ["EnrolElsewhere"] = Sample.Enrol with { Class = Sample.Offer with { Id = Sample.OtherClass } },
        ["CheckIn"] = Sample.CheckIn,
        ["CheckOut"] = Sample.CheckOut,
        ["Complete"] = Sample.Complete,
        ["Contest"] = Sample.Contest,
        ["Withdraw"] = Sample.Withdraw,
        ["Revoke"] = Sample.Revoke,
        ["Replace"] = Sample.Replace,
    };

    private static VoucherHold Hold => new(7, HoldReason.TwoPlaces, Sample.Now.AddHours(24));

    private static TrainingVoucher Claimed => Sample.Issued with { State = VoucherState.Claimed };

    public static TheoryData<string, string, string> Cells()
    {
        var rows = Table.Split('\n').Select(line => line.Split('|', StringSplitOptions.TrimEntries)).ToList();
        var cells = new TheoryData<string, string, string>();
        foreach (var row in rows.Skip(1))
            for (var column = 1; column < rows[0].Length; column++)
                cells.Add(row[0], rows[0][column], row[column]);
        return cells;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Each_state_answers_each_command_as_the_table_says(string state, string command, string expected)
    {
        switch (VoucherMachine.Decide(Vouchers[state], Commands[command], Sample.Now, Sample.Policy))
        {
            case Decision.Accepted accepted:
                Assert.Equal(expected, accepted.Event.Kind.ToString());
                Assert.Equal(Vouchers[state].State, accepted.Event.From);
                Assert.Equal(accepted.Event.To, accepted.Next.State);
                break;
            case Decision.Refused refused:
                Assert.Equal(Enum.Parse<RefusalCode>(expected), refused.Refusal.Code);
                break;
        }
    }

    [Fact]
    public void The_table_has_every_state_and_every_command()
    {
        Assert.Equal(Enum.GetValues<VoucherState>().ToHashSet(), Vouchers.Values.Select(voucher => voucher.State).ToHashSet());
        var commands = typeof(VoucherCommand).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(VoucherCommand))).ToHashSet();
        Assert.Equal(9, commands.Count);
        Assert.Equal(commands, Commands.Values.Select(command => command.GetType()).ToHashSet());
        Assert.Equal(Vouchers.Count * Commands.Count, Cells().Count);
    }

    private static TrainingVoucher NotYetValid(TrainingVoucher voucher) => voucher with { ValidFrom = Sample.Today.AddDays(1) };

    private static TrainingVoucher Expired(TrainingVoucher voucher) =>
        voucher with { ValidFrom = Sample.Today.AddDays(-90), ValidUntil = Sample.Today.AddDays(-1) };
}
