using Voucher.Core.Classes;
using Voucher.Core.Refusals;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Tests.Vouchers;

/// <summary>Of several reasons that apply, the smallest number is said.</summary>
public sealed class PrecedenceTests
{
    [Fact]
    public void Enrolment_says_its_reasons_one_after_the_other_as_each_is_put_right()
    {
        var worst = Sample.Issued with { ValidUntil = Sample.Today.AddDays(-1), InConflict = true, Scope = new VoucherScope(4) };
        var offer = Sample.Offer with
        {
            ScannedAt = new InstitutionId(99), IsAccredited = false, IsApproved = false, StartsOn = Sample.Today.AddDays(99), Enrolled = 50,
        };
        var command = new VoucherCommand.Enrol(offer, new HolderStanding(HolderMatch.NotShown, "电焊工2班"));

        Says(RefusalCode.NotYetValid, worst with { ValidFrom = Sample.Today.AddDays(1) }, command);
        Says(RefusalCode.VoucherExpired, worst, command);
        worst = worst with { ValidUntil = Sample.Today };
        Says(RefusalCode.VoucherInConflict, worst, command);
        worst = worst with { InConflict = false };
        Says(RefusalCode.IdentityNotShown, worst, command);
        command = command with { Holder = command.Holder with { Match = HolderMatch.Differs } };
        Says(RefusalCode.HolderDiffers, worst, command);
        command = command with { Holder = command.Holder with { Match = HolderMatch.Matches } };
        Says(RefusalCode.HolderInOtherClass, worst, command);
        command = command with { Holder = Sample.Holder };
        Says(RefusalCode.ClassOfOtherInstitution, worst, command);
        command = command with { Class = command.Class with { ScannedAt = Sample.Institution } };
        Says(RefusalCode.InstitutionNotAccredited, worst, command);
        command = command with { Class = command.Class with { IsAccredited = true } };
        Says(RefusalCode.ClassNotApproved, worst, command);
        command = command with { Class = command.Class with { IsApproved = true } };
        Says(RefusalCode.ProgrammeNotCovered, worst, command);
        worst = worst with { Scope = VoucherScope.Any };
        Says(RefusalCode.EnrolmentNotOpen, worst, command);
        command = command with { Class = command.Class with { StartsOn = Sample.Today.AddDays(-9) } };
        Says(RefusalCode.EnrolmentClosed, worst, command);
        command = command with { Class = command.Class with { StartsOn = Sample.Today } };
        Says(RefusalCode.ClassFull, worst, command);
        command = command with { Class = command.Class with { Enrolled = 49 } };
        Says(RefusalCode.None, worst, command);
    }

    [Fact]
    public void Completion_says_its_reasons_one_after_the_other_as_each_is_put_right()
    {
        var voucher = Sample.Enrolled with { InConflict = true };
        var command = new VoucherCommand.Complete(Sample.OtherClass, new CompletionStanding(0, 10, false, Sample.Today.AddDays(1)));

        Says(RefusalCode.NotEnrolled, voucher with { State = VoucherState.Claimed, Enrolment = null }, command);
        Says(RefusalCode.VoucherInConflict, voucher, command);
        voucher = voucher with { InConflict = false };
        Says(RefusalCode.OtherClass, voucher, command);
        command = command with { Class = Sample.Class };
        Says(RefusalCode.ClassNotOver, voucher, command);
        command = command with { Standing = command.Standing with { ClassEndsOn = Sample.Today } };
        Says(RefusalCode.AttendanceShort, voucher, command);
        command = command with { Standing = command.Standing with { AttendedSessions = 8 } };
        Says(RefusalCode.AssessmentFailed, voucher, command);
        Says(RefusalCode.AssessmentMissing, voucher, command with { Standing = command.Standing with { Passed = null } });
        command = command with { Standing = command.Standing with { Passed = true } };
        Says(RefusalCode.None, voucher, command);
    }

    [Fact]
    public void Attendance_says_the_class_before_the_session_and_the_session_before_the_repeat()
    {
        var nowhere = new SessionStanding(null, CheckedIn: true, CheckedOut: true);
        var open = nowhere with { Id = new SessionId(7) };

        Says(RefusalCode.NotEnrolled, Sample.Issued, new VoucherCommand.CheckIn(Sample.OtherClass, nowhere));
        Says(RefusalCode.OtherClass, Sample.Enrolled, new VoucherCommand.CheckIn(Sample.OtherClass, nowhere));
        Says(RefusalCode.NoSessionNow, Sample.Enrolled, new VoucherCommand.CheckIn(Sample.Class, nowhere));
        Says(RefusalCode.AlreadyCheckedIn, Sample.Enrolled, new VoucherCommand.CheckIn(Sample.Class, open));

        Says(RefusalCode.NotEnrolled, Sample.Issued, new VoucherCommand.CheckOut(Sample.OtherClass, nowhere));
        Says(RefusalCode.OtherClass, Sample.Enrolled, new VoucherCommand.CheckOut(Sample.OtherClass, nowhere));
        Says(RefusalCode.NoSessionNow, Sample.Enrolled, new VoucherCommand.CheckOut(Sample.Class, nowhere));
        Says(RefusalCode.NotCheckedIn, Sample.Enrolled, new VoucherCommand.CheckOut(Sample.Class, open with { CheckedIn = false }));
        Says(RefusalCode.AlreadyCheckedOut, Sample.Enrolled, new VoucherCommand.CheckOut(Sample.Class, open));
    }

    [Fact]
    public void A_missing_reason_is_said_last()
    {
        var expired = Sample.Issued with { ValidUntil = Sample.Today.AddDays(-1), InConflict = true };
        Says(RefusalCode.NotEnrolled, Sample.Issued, new VoucherCommand.Withdraw(""));
        Says(RefusalCode.VoucherExpired, expired, new VoucherCommand.Replace(Sample.Successor, ""));
        Says(RefusalCode.VoucherInConflict, expired with { ValidUntil = Sample.Today }, new VoucherCommand.Replace(Sample.Successor, ""));
        Says(RefusalCode.VoucherRevoked, expired with { State = VoucherState.Revoked }, new VoucherCommand.Revoke(""));
    }

    [Fact]
    public void Handing_over_says_expiry_before_the_repeat()
    {
        var expired = Sample.Issued with { State = VoucherState.Claimed, ValidUntil = Sample.Today.AddDays(-1) };
        Says(RefusalCode.VoucherExpired, expired, new VoucherCommand.HandOver());
    }

    private static void Says(RefusalCode expected, TrainingVoucher voucher, VoucherCommand command)
    {
        var decision = VoucherMachine.Decide(voucher, command, Sample.Now, Sample.Policy);
        Assert.Equal(expected, decision is Decision.Refused refused ? refused.Refusal.Code : RefusalCode.None);
    }
}
