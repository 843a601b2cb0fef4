using Voucher.Core;
using Voucher.Core.OfflineLists;
using Voucher.Core.Refusals;
using Voucher.Core.Tokens;
using Voucher.Core.Wire;
using Voucher.Terminal.Offline;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Offline;

/// <summary>What a terminal may say by itself: every limit on both of its sides.</summary>
public sealed class OfflineJudgeTests : IDisposable
{
    /// <summary>A Monday, 09:30 in the county.</summary>
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 9, 30, 0, CountyTime.Offset);
    private static readonly DateOnly Today = new(2026, 11, 23);
    private static readonly OfflineLimits Limits = new(24, 72, 7, 30, EnrolmentOpensDaysBefore: 30, EnrolmentClosesDaysAfter: 3, SessionMarginMinutes: 60);
    private static readonly TerminalClass Class = new(
        31, "电工1班", "电工", Today, Today.AddDays(20), Capacity: 40, Enrolled: 12, ["09:00–11:30"], ProgrammeCode: 1001, TradeCode: 3,
        [new ClassTime(7, Today, new TimeOnly(9, 0), new TimeOnly(11, 30)), new ClassTime(8, Today, new TimeOnly(12, 0), new TimeOnly(14, 30))]);

    private readonly County _county = new();
    private readonly VoucherToken _token;

    public OfflineJudgeTests() => _token = TokenDecoder.TryDecode(_county.NewVoucher(), out var token) == TokenFault.None ? token! : throw new InvalidOperationException();

    private static OfflineKnowledge Known => new(
        Limits, TimeSpan.FromHours(1), VoucherStatus.Usable, OnRoster: null, Class, OwnScans: [], EnrolledHere: 0, EnrolledInClass: 0);

    private static OfflineKnowledge OnRoster => Known with { Status = VoucherStatus.Enrolled, OnRoster = new RosterEntry(100, 31, "马*", Today) };

    private string Say(ScanMode mode, OfflineKnowledge known, DateTimeOffset? now = null, bool isTyped = false) =>
        OfflineJudge.Decide(mode, 31, isTyped ? null : _token, known, now ?? Now) switch
        {
            OfflineVerdict.Provisional => OfflineJudge.IsKnown(mode, 31, known.OwnScans, known.OnRoster) ? "provisional" : "provisional, unknown",
            OfflineVerdict.Refused(var refusal) => refusal.Code.ToString(),
            _ => throw new InvalidOperationException(),
        };

    private static ScanRequest Own(ScanMode mode, long classId = 31, DateTimeOffset? at = null) => new(Guid.NewGuid(), 1, mode, classId, "1", null, null, at ?? Now);

    [Fact]
    public void Completion_and_typed_codes_need_the_server()
    {
        Assert.Equal("OnlineOnly", Say(ScanMode.Complete, OnRoster));
        foreach (var mode in Enum.GetValues<ScanMode>()) Assert.Equal("OnlineOnly", Say(mode, OnRoster, isTyped: true));
    }

    [Theory]
    [InlineData(VoucherStatus.Closed, "VoucherCompleted")]
    [InlineData(VoucherStatus.Revoked, "VoucherRevoked")]
    public void What_the_list_says_is_out_of_use_is_refused_for_everything(VoucherStatus status, string refusal)
    {
        foreach (var mode in new[] { ScanMode.Enrol, ScanMode.CheckIn, ScanMode.CheckOut }) Assert.Equal(refusal, Say(mode, Known with { Status = status }));
    }

    [Fact]
    public void Nobody_is_enrolled_after_the_institutions_accreditation_but_attendance_goes_on()
    {
        Assert.Equal("provisional", Say(ScanMode.Enrol, Known with { Class = Class with { AccreditedUntil = Today } }));
        var over = Class with { AccreditedUntil = Today.AddDays(-1) };
        Assert.Equal("InstitutionNotAccredited", Say(ScanMode.Enrol, Known with { Class = over }));
        Assert.Equal("provisional", Say(ScanMode.CheckIn, OnRoster with { Class = over }));
    }

    [Theory]
    [InlineData(72.0, "provisional")]
    [InlineData(72.1, "OfflineTooLong")]
    public void Nobody_is_enrolled_after_72_hours(double hours, string said) =>
        Assert.Equal(said, Say(ScanMode.Enrol, Known with { SinceContact = TimeSpan.FromHours(hours) }));

    [Theory]
    [InlineData(168.0, "provisional")]
    [InlineData(168.1, "OfflineTooLong")]
    public void No_attendance_is_recorded_after_seven_days(double hours, string said) =>
        Assert.Equal(said, Say(ScanMode.CheckIn, OnRoster with { SinceContact = TimeSpan.FromHours(hours) }));

    [Fact]
    public void A_terminal_that_never_heard_the_server_does_nothing_by_itself()
    {
        Assert.Equal("OfflineTooLong", Say(ScanMode.Enrol, Known with { SinceContact = null }));
        Assert.Equal("OfflineTooLong", Say(ScanMode.CheckIn, OnRoster with { SinceContact = null }));
    }

    [Theory]
    [InlineData(29, "provisional")]
    [InlineData(30, "OfflineEnrolmentsFull")]
    public void At_most_thirty_are_enrolled_provisionally(int enrolled, string said) => Assert.Equal(said, Say(ScanMode.Enrol, Known with { EnrolledHere = enrolled }));

    [Theory]
    [InlineData(39, 0, "provisional")]
    [InlineData(40, 0, "ClassFull")]
    [InlineData(20, 19, "provisional")]
    [InlineData(20, 20, "ClassFull")]
    public void The_class_is_never_filled_beyond_its_capacity(int enrolled, int here, string said) =>
        Assert.Equal(said, Say(ScanMode.Enrol, Known with { Class = Class with { Enrolled = enrolled }, EnrolledInClass = here }));

    [Fact]
    public void Who_is_enrolled_already_is_not_enrolled_again()
    {
        Assert.Equal("EnrolledHere", Say(ScanMode.Enrol, OnRoster));
        Assert.Equal("EnrolledHere", Say(ScanMode.Enrol, Known with { OwnScans = [Own(ScanMode.Enrol)] }));
        Assert.Equal("EnrolledElsewhere", Say(ScanMode.Enrol, Known with { OwnScans = [Own(ScanMode.Enrol, classId: 32)] }));
        Assert.Equal("EnrolledElsewhere", Say(ScanMode.Enrol, Known with { Status = VoucherStatus.Enrolled }));
    }

    [Fact]
    public void A_voucher_that_is_newer_than_the_list_is_let_through() => Assert.Equal("provisional", Say(ScanMode.Enrol, Known with { Status = null }));

    [Theory]
    [InlineData(-31, 10, "EnrolmentNotOpen")]
    [InlineData(-30, 10, "provisional")]
    [InlineData(3, 10, "provisional")]
    [InlineData(4, 10, "EnrolmentClosed")]
    [InlineData(2, 1, "EnrolmentClosed")]
    public void Enrolment_opens_and_closes_with_the_class(int daysIntoClass, int length, string said)
    {
        var starts = Today.AddDays(-daysIntoClass);
        Assert.Equal(said, Say(ScanMode.Enrol, Known with { Class = Class with { StartsOn = starts, EndsOn = starts.AddDays(length) } }));
    }

    [Fact]
    public void An_expired_voucher_is_refused_on_the_day_after_its_last()
    {
        var lastDay = new DateTimeOffset(_token.ValidUntil.ToDateTime(new TimeOnly(23, 59)), CountyTime.Offset);
        var open = Known with { Class = Class with { StartsOn = _token.ValidUntil, EndsOn = _token.ValidUntil.AddDays(9) } };
        Assert.Equal("provisional", Say(ScanMode.Enrol, open, lastDay));
        Assert.Equal("VoucherExpired", Say(ScanMode.Enrol, open, lastDay.AddMinutes(1)));
    }

    [Theory]
    [InlineData(ScanMode.CheckIn, "07:59", "NoSessionNow")]
    [InlineData(ScanMode.CheckIn, "08:00", "provisional")]
    [InlineData(ScanMode.CheckIn, "14:30", "provisional")]
    [InlineData(ScanMode.CheckIn, "14:31", "NoSessionNow")]
    [InlineData(ScanMode.CheckOut, "08:59", "NoSessionNow")]
    [InlineData(ScanMode.CheckOut, "09:00", "provisional")]
    [InlineData(ScanMode.CheckOut, "15:30", "provisional")]
    [InlineData(ScanMode.CheckOut, "15:31", "NoSessionNow")]
    public void Attendance_needs_a_session(ScanMode mode, string at, string said)
    {
        var now = CountyTime.At(Today, TimeOnly.Parse(at, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(said, Say(mode, OnRoster, now));
    }

    [Fact]
    public void The_same_session_counts_once()
    {
        Assert.Equal("AlreadyCheckedIn", Say(ScanMode.CheckIn, OnRoster with { OwnScans = [Own(ScanMode.CheckIn)] }));
        Assert.Equal("AlreadyCheckedOut", Say(ScanMode.CheckOut, OnRoster with { OwnScans = [Own(ScanMode.CheckOut)] }));
        Assert.Equal("provisional", Say(ScanMode.CheckOut, OnRoster with { OwnScans = [Own(ScanMode.CheckIn)] }));
        var afternoon = Now.AddHours(3);
        Assert.Equal("provisional", Say(ScanMode.CheckIn, OnRoster with { OwnScans = [Own(ScanMode.CheckIn)] }, afternoon));
    }

    /// <summary>As online: who left the first session late and came to the second may leave that too.</summary>
    [Fact]
    public void Which_session_is_meant_follows_from_where_the_person_is()
    {
        static DateTimeOffset At(int hour, int minute) => CountyTime.At(Today, new TimeOnly(hour, minute));
        var late = OnRoster with { OwnScans = [Own(ScanMode.CheckIn, at: At(12, 12)), Own(ScanMode.CheckOut, at: At(12, 10)), Own(ScanMode.CheckIn, at: At(9, 0))] };
        Assert.Equal("provisional", Say(ScanMode.CheckOut, late, At(14, 0)));
        Assert.Equal("AlreadyCheckedIn", Say(ScanMode.CheckIn, late, At(14, 0)));
    }

    [Fact]
    public void Who_is_known_to_be_in_another_class_is_refused_and_who_is_unknown_is_let_through_and_said()
    {
        Assert.Equal("OtherClass", Say(ScanMode.CheckIn, OnRoster with { OnRoster = OnRoster.OnRoster! with { ClassId = 32 } }));
        Assert.Equal("provisional, unknown", Say(ScanMode.CheckIn, Known));
        Assert.Equal("provisional", Say(ScanMode.CheckIn, Known with { OwnScans = [Own(ScanMode.Enrol)] }));
    }

    [Fact]
    public void A_class_that_the_terminal_does_not_have_is_refused() => Assert.Equal("ClassNotKnown", Say(ScanMode.CheckIn, Known with { Class = null }));

    public void Dispose() => _county.Dispose();
}
