using Voucher.Core.Refusals;
using Voucher.Core.Tokens;
using Voucher.Core.Wire;
using Voucher.Terminal.Offline;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Offline;

/// <summary>The day's roster: one row for each who belongs to the class, by the server's roster and this desk's own scans.</summary>
public sealed class DayRosterTests : IDisposable
{
    private readonly LoneTerminal _site = new();
    private readonly DayRoster _day;

    public DayRosterTests() => _day = new DayRoster(_site.Current, _site.Clock);

    private RosterShown Shown => _day.Of(LoneTerminal.Here)!;

    private void Enrol(VoucherToken voucher, bool isTyped = false) =>
        _site.Accept(isTyped ? _site.Type(ScanMode.Enrol, voucher) : _site.Scan(ScanMode.Enrol, voucher), voucher);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Enrolled_here_a_person_stands_once_before_and_after_the_roster_knows(bool isTyped)
    {
        var voucher = _site.NewVoucher();
        _site.Roster();
        Enrol(voucher, isTyped);
        Assert.Equal((voucher.Voucher.ToString(), null), WhoOf(Assert.Single(Shown.People)));
        _site.Roster((voucher, LoneTerminal.Here));
        Assert.Equal((voucher.Voucher.ToString(), "马*"), WhoOf(Assert.Single(Shown.People)));
        static (string, string?) WhoOf(TraineeShown one) => (one.Number, one.Name);
    }

    [Fact]
    public void Who_is_enrolled_by_a_typed_code_is_counted_once()
    {
        var vouchers = Enumerable.Range(0, 20).Select(_ => _site.NewVoucher()).ToList();
        vouchers.ForEach(voucher => Enrol(voucher, isTyped: true));
        _site.Roster([.. vouchers.Select(voucher => (voucher, LoneTerminal.Here))]);
        Assert.Equal(vouchers.Count, Shown.Enrolled);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Who_has_come_is_present_whether_the_code_was_read_or_typed(bool isTyped)
    {
        var voucher = _site.NewVoucher();
        _site.Roster((voucher, LoneTerminal.Here));
        _site.Accept(isTyped ? _site.Type(ScanMode.CheckIn, voucher) : _site.Scan(ScanMode.CheckIn, voucher), voucher);
        Assert.NotNull(Assert.Single(Shown.People).CheckedIn);
    }

    [Fact]
    public void A_typed_code_that_waits_for_the_server_is_nobody_yet()
    {
        _site.Type(ScanMode.Enrol, _site.NewVoucher());
        Assert.Empty(Shown.People);
    }

    [Fact]
    public void Who_has_left_the_class_since_is_gone_with_the_next_roster()
    {
        Enrol(_site.NewVoucher());
        _site.Clock.Pass(TimeSpan.FromHours(1));
        _site.Roster();
        Assert.Empty(Shown.People);
    }

    [Fact]
    public void A_roster_that_may_have_been_made_before_the_enrolment_takes_nobody_away()
    {
        Enrol(_site.NewVoucher());
        _site.Clock.Pass(TimeSpan.FromMinutes(1));
        _site.Roster();
        Assert.Single(Shown.People);
    }

    [Fact]
    public void Enrolled_offline_a_person_stays_until_the_server_has_answered_however_new_the_roster()
    {
        var scan = _site.Scan(ScanMode.Enrol, _site.NewVoucher(), isProvisional: true);
        _site.Clock.Pass(TimeSpan.FromHours(1));
        _site.Roster();
        Assert.True(Assert.Single(Shown.People).Provisional);
        _site.Refuse(scan, RefusalCode.ClassFull);
        Assert.Empty(Shown.People);
    }

    [Fact]
    public void Without_a_roster_those_enrolled_here_are_all_that_is_known()
    {
        Enrol(_site.NewVoucher());
        _site.Clock.Pass(TimeSpan.FromHours(1));
        Assert.Single(Shown.People);
    }

    public void Dispose() => _site.Dispose();
}
