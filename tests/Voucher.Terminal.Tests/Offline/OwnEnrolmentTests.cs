using Voucher.Core.Lists;
using Voucher.Core.Refusals;
using Voucher.Core.Tokens;
using Voucher.Core.Wire;
using Voucher.Terminal.Home;
using Voucher.Terminal.Journal;
using Voucher.Terminal.Link;
using Voucher.Terminal.Lists;
using Voucher.Terminal.Offline;
using Voucher.Terminal.Pairing;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Offline;

/// <summary>A terminal's own enrolment and the roster: the newer of the two says where a person belongs.</summary>
public sealed class OwnEnrolmentTests : IDisposable
{
    private const long Here = 31;
    private const long There = 32;

    private readonly string _folder = Directory.CreateTempSubdirectory("voucher-terminal-test-").FullName;
    private readonly County _county = new();
    private readonly MachineClock _clock = new(TimeProvider.System.GetUtcNow());
    private readonly PairedTerminal _terminal;
    private readonly OfflineDesk _desk;
    private readonly VoucherToken _token;

    public OwnEnrolmentTests()
    {
        var home = new TerminalHome(_folder, TestSeal.New());
        var folder = home.NewPairing(_clock);
        using var key = DeviceKey.Create(home.FolderOf(folder), home.Seal);
        _terminal = new PairedTerminal(home, new TerminalPairing(new Uri("http://127.0.0.1:9/"), 5, "前台", key.Fingerprint, folder, _county.RootPublicKey), _clock);
        var setup = _county.Setup(5, 0);
        _terminal.Accept(setup with { Classes = [setup.Classes[0], setup.Classes[0] with { Id = There }] });
        _terminal.HeardServer(_clock.Real);
        _desk = new OfflineDesk(_clock);
        Assert.Equal(TokenFault.None, TokenDecoder.TryDecode(_county.NewVoucher(), out var token));
        _token = token!;
    }

    /// <summary>This desk has enrolled the voucher, and the server has confirmed it.</summary>
    private void EnrolHere(bool isAnswered = true)
    {
        var scan = ((Appended.Written)_terminal.Journal.Append(
            new NewScan(Guid.NewGuid(), ScanMode.Enrol, Here, _token.ToDigits(), ShortCode: null, _token.Holder.Value), isProvisional: !isAnswered)).Entry;
        if (!isAnswered) return;
        _terminal.Journal.Answer(new ScanAnswer(
            scan.Id, Accepted: true, 0, new("报到成功。", "Enrolled."), new("", ""), null, null, null, null, null, 1, _clock.Real));
    }

    private void Roster(params long[] classes) => _terminal.Roster.Accept(new TerminalRoster(
        Guid.NewGuid().ToString(), _clock.Real, [.. classes.Select(id => new RosterEntry(_token.Voucher.Serial, id, "马*", new DateOnly(2026, 11, 20)))]));

    private string Say(ScanMode mode, long classId) => _desk.Judge(_terminal, mode, classId, _token) switch
    {
        OfflineVerdict.Provisional(var isKnown) => isKnown ? "provisional" : "provisional, unknown",
        OfflineVerdict.Refused(var refusal) => refusal.Code.ToString(),
        _ => "nothing",
    };

    [Fact]
    public void Moved_by_the_county_since_the_person_belongs_where_the_roster_says()
    {
        EnrolHere();
        _clock.Pass(TimeSpan.FromHours(1));
        Roster(There);
        Assert.Equal("provisional", Say(ScanMode.CheckIn, There));
        Assert.Equal(nameof(RefusalCode.OtherClass), Say(ScanMode.CheckIn, Here));
    }

    [Fact]
    public void Withdrawn_since_the_person_may_enrol_anew()
    {
        EnrolHere();
        _clock.Pass(TimeSpan.FromHours(1));
        Roster();
        Assert.Equal("provisional", Say(ScanMode.Enrol, There));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Newer_than_the_roster_or_not_answered_yet_the_own_enrolment_counts(bool isAnswered)
    {
        Roster();
        _clock.Pass(TimeSpan.FromHours(1));
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
        _clock.Ahead = TimeSpan.FromMinutes(minutesAhead);
        Roster();
        _clock.Pass(TimeSpan.FromMinutes(1));
        EnrolHere();
        Assert.Equal(nameof(RefusalCode.EnrolledElsewhere), Say(ScanMode.Enrol, There));
    }

    [Fact]
    public void A_roster_that_was_on_its_way_while_the_server_answered_does_not_have_the_enrolment_yet()
    {
        EnrolHere();
        _clock.Pass(ListPull.Within - TimeSpan.FromSeconds(1));
        Roster();
        Assert.Equal(nameof(RefusalCode.EnrolledElsewhere), Say(ScanMode.Enrol, There));
        _clock.Pass(TimeSpan.FromSeconds(2));
        _terminal.Roster.Confirm();
        Assert.Equal("provisional", Say(ScanMode.Enrol, There));
    }

    public void Dispose()
    {
        _terminal.Dispose();
        _county.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
