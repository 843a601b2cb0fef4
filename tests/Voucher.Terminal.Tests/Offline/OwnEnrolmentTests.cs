using Voucher.Core.Refusals;
using Voucher.Core.Tokens;
using Voucher.Core.Wire;
using Voucher.Terminal.OfflineLists;
using Voucher.Terminal.Offline;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Offline;

/// <summary>A terminal's own enrolment and the roster: the newer of the two says where a person belongs.</summary>
public sealed class OwnEnrolmentTests : IDisposable
{
    private const long Here = LoneTerminal.Here;
    private const long There = LoneTerminal.There;

    private readonly LoneTerminal _site = new();
    private readonly OfflineDesk _desk;
    private readonly VoucherToken _token;

    public OwnEnrolmentTests()
    {
        _desk = new OfflineDesk(_site.Clock);
        _token = _site.NewVoucher();
    }

    /// <summary>This desk has enrolled the voucher, and the server has confirmed it.</summary>
    private void EnrolHere(bool isAnswered = true)
    {
        var scan = _site.Scan(ScanMode.Enrol, _token, isProvisional: !isAnswered);
        if (isAnswered) _site.Accept(scan, _token);
    }

    private void Roster(params long[] classes) => _site.Roster([.. classes.Select(id => (_token, id))]);

    private string Say(ScanMode mode, long classId) => _desk.Judge(_site.Terminal, mode, classId, _token) switch
    {
        OfflineVerdict.Provisional => "provisional",
        OfflineVerdict.Refused(var refusal) => refusal.Code.ToString(),
        _ => "nothing",
    };

    [Fact]
    public void Moved_by_the_county_since_the_person_belongs_where_the_roster_says()
    {
        EnrolHere();
        _site.Clock.Pass(TimeSpan.FromHours(1));
        Roster(There);
        Assert.Equal("provisional", Say(ScanMode.CheckIn, There));
        Assert.Equal(nameof(RefusalCode.OtherClass), Say(ScanMode.CheckIn, Here));
    }

    [Fact]
    public void Withdrawn_since_the_person_may_enrol_anew()
    {
        EnrolHere();
        _site.Clock.Pass(TimeSpan.FromHours(1));
        Roster();
        Assert.Equal("provisional", Say(ScanMode.Enrol, There));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Newer_than_the_roster_or_not_answered_yet_the_own_enrolment_counts(bool isAnswered)
    {
        Roster();
        _site.Clock.Pass(TimeSpan.FromHours(1));
        EnrolHere(isAnswered);
        Assert.Equal(nameof(RefusalCode.EnrolledElsewhere), Say(ScanMode.Enrol, There));
        Assert.Equal("provisional", Say(ScanMode.CheckIn, Here));
        Assert.Equal(nameof(RefusalCode.OtherClass), Say(ScanMode.CheckIn, There));
    }

    [Theory]
    [InlineData(-9)]
    [InlineData(9)]
    public void A_clock_that_is_minutes_off_does_not_make_the_roster_newer(int minutesAhead)
    {
        _site.Clock.Ahead = TimeSpan.FromMinutes(minutesAhead);
        Roster();
        _site.Clock.Pass(TimeSpan.FromMinutes(1));
        EnrolHere();
        Assert.Equal(nameof(RefusalCode.EnrolledElsewhere), Say(ScanMode.Enrol, There));
    }

    [Fact]
    public void A_roster_that_was_on_its_way_while_the_server_answered_does_not_have_the_enrolment_yet()
    {
        EnrolHere();
        _site.Clock.Pass(ListPull.Within - TimeSpan.FromSeconds(1));
        Roster();
        Assert.Equal(nameof(RefusalCode.EnrolledElsewhere), Say(ScanMode.Enrol, There));
        _site.Clock.Pass(TimeSpan.FromSeconds(2));
        _site.Terminal.Roster.Confirm();
        Assert.Equal("provisional", Say(ScanMode.Enrol, There));
    }

    public void Dispose() => _site.Dispose();
}
