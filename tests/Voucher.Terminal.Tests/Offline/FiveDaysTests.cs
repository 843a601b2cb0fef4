using Voucher.Core;
using Voucher.Core.Wire;
using Voucher.Terminal.Tests.Server;
using Voucher.Testing;

namespace Voucher.Terminal.Tests.Offline;

/// <summary>A village without a network for five days: thirty classes come and go, and all of it arrives.</summary>
public sealed class FiveDaysTests
{
    private const int Classes = 30;
    private const int Days = 5;
    private const int TraineesOfClass = 6;

    [Fact]
    public async Task Thirty_classes_are_kept_through_five_days_and_arrive_whole()
    {
        var clock = new SetClock();
        await using var server = await new ServerPeer().Start();
        server.ChangeSetup = setup => setup with { Classes = [.. Enumerable.Range(0, Classes).Select(n => setup.Classes[0] with { Id = 100 + n, Name = $"电工{n + 1}班" })] };
        using var cable = new Cable(server.Address);
        await using var kiosk = await Server.Kiosk.StartOnline(cable.Address, clock);
        var vouchers = Enumerable.Range(0, Classes * TraineesOfClass).Select(_ => server.County.NewVoucher()).ToList();
        cable.Cut();
        await kiosk.Until(state => !state.IsOnline());
        for (var day = 0; day < Days; day++)
        {
            clock.Ahead = TimeSpan.FromDays(day);
            foreach (var mode in new[] { ScanMode.CheckIn, ScanMode.CheckOut })
                for (var n = 0; n < vouchers.Count; n++)
                    Assert.Equal("provisional", (await kiosk.Scan(new { mode, classId = 100 + n / TraineesOfClass, digits = vouchers[n] })).Outcome());
        }
        const int All = Classes * TraineesOfClass * 2 * Days;
        Assert.Equal(All, (await kiosk.State()).WaitingCount());
        Assert.NotEmpty((await kiosk.State()).GetProperty("offline").GetProperty("warnings").EnumerateArray());
        clock.Ahead = TimeSpan.Zero;
        cable.Heal();
        await kiosk.Until(state => state.IsOnline() && state.WaitingCount() == 0);
        Assert.Equal(All, server.Ledger.Count);
        Assert.Empty(server.Journal.Strange);
        Assert.Null(kiosk.Journal.FirstBroken());
    }
}
