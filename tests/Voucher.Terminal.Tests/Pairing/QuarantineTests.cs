using Voucher.Core.Refusals;
using Voucher.Core.Wire;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Pairing;

/// <summary>The county has stopped a terminal until it is looked at: pulling the plugs does not start it again.</summary>
public sealed class QuarantineTests
{
    [Fact]
    public async Task It_holds_over_a_restart_without_a_network_until_the_county_says_otherwise()
    {
        await using var site = await CabledKiosk.Start();
        site.Server.Status = TerminalStatus.Quarantined;
        await site.Server.Tell(HubNames.Revoked);
        await site.Kiosk.Until(state => state.Standing() == "quarantined");
        site.Cable.Cut();
        await site.Restart();
        await site.Kiosk.Until(state => state.Standing() == "quarantined" && !state.IsOnline());
        Assert.Equal((int)RefusalCode.TerminalNotActive, (await site.Kiosk.CheckIn(site.Server.County.NewVoucher())).Refusal());

        site.Server.Status = TerminalStatus.Active;
        site.Cable.Heal();
        // A quarantined terminal asks each half minute whether that still holds; a new start asks at once.
        await site.Restart();
        await site.Kiosk.Until(state => state.Standing() == "active" && state.IsOnline());
        site.Cable.Cut();
        await site.Restart();
        await site.Kiosk.Until(state => state.Standing() == "active" && !state.IsOnline());
        Assert.Equal("provisional", (await site.Kiosk.CheckIn(site.Server.County.NewVoucher())).Outcome());
    }
}
