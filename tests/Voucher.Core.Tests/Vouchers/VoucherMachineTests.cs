using Voucher.Core.Classes;
using Voucher.Core.Refusals;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Tests.Vouchers;

public sealed class VoucherMachineTests
{
    [Fact]
    public void Enrolment_binds_the_voucher_to_class_and_institution_at_this_instant()
    {
        var (step, next) = Accepted(Sample.Issued, Sample.Enrol);
        Assert.Equal(new Enrolment(Sample.Class, Sample.Institution, Sample.Now), next.Enrolment);
        Assert.Equal(
            new VoucherEvent(VoucherEventKind.Enrolled, VoucherState.Issued, VoucherState.Enrolled, Sample.Now, Sample.Institution, Sample.Class),
            step);
    }

    [Fact]
    public void Attendance_names_class_and_session_and_leaves_the_voucher_as_it_was()
    {
        var (checkIn, afterIn) = Accepted(Sample.Enrolled, Sample.CheckIn);
        var (checkOut, afterOut) = Accepted(Sample.Enrolled, Sample.CheckOut);
        Assert.Equal((Sample.Class, new SessionId(7)), (checkIn.Class, checkIn.Session));
        Assert.Equal((Sample.Class, new SessionId(7)), (checkOut.Class, checkOut.Session));
        Assert.Equal(Sample.Enrolled, afterIn);
        Assert.Equal(Sample.Enrolled, afterOut);
    }

    [Fact]
    public void Replacing_names_the_successor()
    {
        var (step, next) = Accepted(Sample.Issued, Sample.Replace);
        Assert.Equal(Sample.Successor, next.ReplacedBy);
        Assert.Equal("原券污损", step.Reason);
    }

    [Fact]
    public void Reasons_are_kept_without_surrounding_blanks()
    {
        Assert.Equal("搬家", Accepted(Sample.Enrolled, new VoucherCommand.Withdraw(" 搬家\n")).Event.Reason);
        Assert.Equal("重复", Accepted(Sample.Issued, new VoucherCommand.Revoke("　重复 ")).Event.Reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t\n　")]
    public void Withdrawing_revoking_and_replacing_need_a_reason(string reason)
    {
        Assert.Equal(RefusalCode.ReasonMissing, Refused(Sample.Enrolled, new VoucherCommand.Withdraw(reason)).Code);
        Assert.Equal(RefusalCode.ReasonMissing, Refused(Sample.Issued, new VoucherCommand.Revoke(reason)).Code);
        Assert.Equal(RefusalCode.ReasonMissing, Refused(Sample.Issued, new VoucherCommand.Replace(Sample.Successor, reason)).Code);
    }

    [Fact]
    public void Rescanning_a_completed_voucher_names_where_and_when()
    {
        var completed = Sample.Enrolled with
        {
            State = VoucherState.Completed,
            LastUse = new VoucherUse(VoucherEventKind.Completed, CountyTime.At(new DateOnly(2026, 11, 20), new TimeOnly(16, 5)), "东乡县技能培训学校", "中式烹调师1班", "前台1号"),
        };
        var refusal = Refused(completed, Sample.Enrol);
        Assert.Equal("此券已用完：2026-11-20 16:05 东乡县技能培训学校 中式烹调师1班 前台1号。", refusal.Reason.Zh);
        Assert.Equal("This voucher has been used: 2026-11-20 16:05 东乡县技能培训学校 中式烹调师1班 前台1号.", refusal.Reason.En);
        Assert.Equal("东县府办发〔2020〕57号（第1版） 第1条", refusal.Rule?.ToString());
    }

    [Fact]
    public void A_use_in_the_portal_without_class_leaves_no_gaps()
    {
        var revoked = Sample.Issued with
        {
            State = VoucherState.Revoked,
            LastUse = new VoucherUse(VoucherEventKind.Revoked, Sample.Now, "东乡县人社局", null, null),
        };
        Assert.Equal("此券已作废（2026-11-22 09:15 东乡县人社局）。", Refused(revoked, Sample.Enrol).Reason.Zh);
        Assert.Equal("此券已作废（—）。", Refused(revoked with { LastUse = null }, Sample.Enrol).Reason.Zh);
    }

    [Fact]
    public void A_replaced_voucher_names_its_successor()
    {
        var replaced = Sample.Issued with { State = VoucherState.Replaced, ReplacedBy = Sample.Successor };
        Assert.Equal("此券已补发新券，旧券作废（新券号 6229 2600 0000 0124）。", Refused(replaced, Sample.Enrol).Reason.Zh);
    }

    [Fact]
    public void Enrolment_opens_and_closes_on_the_days_that_the_policy_counts()
    {
        // Opens 30 days before the class starts, closes 3 days after.
        Assert.Null(EnrolClassOf(starts: 30, ends: 60));
        Assert.Equal(RefusalCode.EnrolmentNotOpen, EnrolClassOf(starts: 31, ends: 60));
        Assert.Null(EnrolClassOf(starts: -3, ends: 60));
        Assert.Equal(RefusalCode.EnrolmentClosed, EnrolClassOf(starts: -4, ends: 60));
        // A class shorter than that closes when it ends.
        Assert.Null(EnrolClassOf(starts: -1, ends: 0));
        Assert.Equal(RefusalCode.EnrolmentClosed, EnrolClassOf(starts: -2, ends: -1));
    }

    [Fact]
    public void The_last_place_is_given_and_no_more()
    {
        Accepted(Sample.Issued, Sample.Enrol);
        var full = Sample.Offer with { Enrolled = 50 };
        Assert.Equal("这个班已满 50 人。", Refused(Sample.Issued, Sample.Enrol with { Class = full }).Reason.Zh);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(3, true)]
    [InlineData(1001, true)]
    [InlineData(4, false)]
    [InlineData(1002, false)]
    public void The_scope_must_cover_the_programme(ushort scope, bool covered)
    {
        var decision = Decide(Sample.Issued with { Scope = new VoucherScope(scope) }, Sample.Enrol);
        Assert.Equal(covered ? RefusalCode.None : RefusalCode.ProgrammeNotCovered, CodeOf(decision));
    }

    [Theory]
    [InlineData(8, 10, RefusalCode.None)]
    [InlineData(7, 10, RefusalCode.AttendanceShort)]
    [InlineData(4, 5, RefusalCode.None)]
    [InlineData(799, 1000, RefusalCode.AttendanceShort)]
    [InlineData(0, 0, RefusalCode.AttendanceShort)]
    public void Attendance_below_the_policys_share_is_short(int attended, int held, RefusalCode expected)
    {
        var complete = Sample.Complete with { Standing = new CompletionStanding(attended, held, true, Sample.Today) };
        Assert.Equal(expected, CodeOf(Decide(Sample.Enrolled, complete)));
    }

    [Fact]
    public void Midnight_in_the_county_decides_the_day_not_midnight_in_London()
    {
        var voucher = Sample.Issued with { ValidUntil = Sample.Today };
        var lastSecond = new DateTimeOffset(2026, 11, 22, 15, 59, 59, TimeSpan.Zero);
        Assert.Equal(RefusalCode.None, CodeOf(VoucherMachine.Decide(voucher, Sample.Enrol, lastSecond, Sample.Policy)));
        Assert.Equal(RefusalCode.VoucherExpired, CodeOf(VoucherMachine.Decide(voucher, Sample.Enrol, lastSecond.AddSeconds(1), Sample.Policy)));
    }

    [Fact]
    public void The_next_step_where_no_session_is_open_names_the_minutes()
    {
        var refusal = Refused(Sample.Enrolled, Sample.CheckIn with { Session = new SessionStanding(null) });
        Assert.Equal("课前60分钟起可签到，课后60分钟内可签退。", refusal.NextStep.Zh);
        Assert.Equal("Check-in opens 60 minutes before a session and check-out closes 60 minutes after it.", refusal.NextStep.En);
    }

    private static RefusalCode? EnrolClassOf(int starts, int ends)
    {
        var offer = Sample.Offer with { StartsOn = Sample.Today.AddDays(starts), EndsOn = Sample.Today.AddDays(ends) };
        var code = CodeOf(Decide(Sample.Issued, Sample.Enrol with { Class = offer }));
        return code == RefusalCode.None ? null : code;
    }

    private static Decision Decide(TrainingVoucher voucher, VoucherCommand command) =>
        VoucherMachine.Decide(voucher, command, Sample.Now, Sample.Policy);

    private static Decision.Accepted Accepted(TrainingVoucher voucher, VoucherCommand command) =>
        Assert.IsType<Decision.Accepted>(Decide(voucher, command));

    private static Refusal Refused(TrainingVoucher voucher, VoucherCommand command) =>
        Assert.IsType<Decision.Refused>(Decide(voucher, command)).Refusal;

    private static RefusalCode CodeOf(Decision decision) => decision is Decision.Refused refused ? refused.Refusal.Code : RefusalCode.None;
}
