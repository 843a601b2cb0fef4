using Voucher.Core.Wire;
using Voucher.Server.Terminals;

namespace Voucher.Server.Tests.Terminals;

public sealed class FleetTroubleTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

    private static readonly FleetRow Good = new()
    {
        InstitutionName = "i", Name = "n", Fingerprint = "f", Status = TerminalStatus.Active, LastSeenAt = Now, ReportedAt = Now,
        Protocol = Protocol.Current, ClockAheadSeconds = 2, HasCamera = true, HasScanner = false,
    };

    public static TheoryData<string, FleetRow, TroubleKind?> Cases => new()
    {
        { "all is well", Good, null },
        { "closed over night", Good with { LastSeenAt = Now - FleetTrouble.SilentAfter }, null },
        { "silent for a day", Good with { LastSeenAt = Now - FleetTrouble.SilentAfter - TimeSpan.FromSeconds(1) }, TroubleKind.Silent },
        { "its line is open though it said nothing", Good with { LastSeenAt = Now.AddDays(-9), IsOnline = true }, null },
        { "never heard of", Good with { LastSeenAt = null }, TroubleKind.NeverSeen },
        { "a scan waits for a moment", Good with { Waiting = 1, WaitingSince = Now - FleetTrouble.WaitsAfter }, null },
        { "a scan waits for long", Good with { Waiting = 1, WaitingSince = Now - FleetTrouble.WaitsAfter - TimeSpan.FromSeconds(1) }, TroubleKind.ScansWait },
        { "the clock is a little off", Good with { ClockAheadSeconds = -59 }, null },
        { "the clock is behind", Good with { ClockAheadSeconds = -60 }, TroubleKind.ClockOff },
        { "the clock is ahead", Good with { ClockAheadSeconds = 60 }, TroubleKind.ClockOff },
        { "a scanner alone", Good with { HasCamera = false, HasScanner = true }, null },
        { "no page has said", Good with { HasCamera = null, HasScanner = null }, null },
        { "nothing reads", Good with { HasCamera = false }, TroubleKind.NoReader },
        { "half accepted", Good with { Asked = 10, Accepted = 5 }, null },
        { "few accepted", Good with { Asked = 10, Accepted = 4 }, TroubleKind.FewAccepted },
        { "few accepted of few", Good with { Asked = 9, Accepted = 0 }, null },
        { "yesterday's list", Good with { ListAt = Now - FleetTrouble.ListOldAfter }, null },
        { "an old list", Good with { ListAt = Now - FleetTrouble.ListOldAfter - TimeSpan.FromSeconds(1) }, TroubleKind.ListOld },
        { "an old program", Good with { Protocol = Protocol.Current - 1 }, TroubleKind.ProgramOld },
        { "a program too old", Good with { Protocol = Protocol.OldestAccepted - 1 }, TroubleKind.TooOld },
        { "in quarantine", Good with { Status = TerminalStatus.Quarantined }, TroubleKind.Quarantined },
        { "not confirmed", Good with { Status = TerminalStatus.Pending, LastSeenAt = null }, TroubleKind.Unconfirmed },
        { "revoked and long gone", Good with { Status = TerminalStatus.Revoked, LastSeenAt = null, Waiting = 4, WaitingSince = Now.AddDays(-3) }, null },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_trouble_begins_where_it_is_said_to_begin(string what, FleetRow row, TroubleKind? kind)
    {
        var troubles = FleetTrouble.Of(row, Now);
        Assert.True(troubles.Select(trouble => (TroubleKind?)trouble.Kind).SequenceEqual(kind is null ? [] : [kind]), $"{what}: {string.Join(", ", troubles)}");
        Assert.All(troubles, trouble => Assert.False(trouble.Reason.In("zh") == trouble.Reason.In("en")));
    }

    [Fact]
    public void The_gravest_comes_first()
    {
        var row = Good with { ClockAheadSeconds = 300, Waiting = 2, WaitingSince = Now.AddDays(-2), LastSeenAt = Now.AddDays(-2), Protocol = 0 };
        Assert.Equal([TroubleKind.TooOld, TroubleKind.ScansWait, TroubleKind.Silent, TroubleKind.ClockOff], FleetTrouble.Of(row, Now).Select(trouble => trouble.Kind));
    }
}
