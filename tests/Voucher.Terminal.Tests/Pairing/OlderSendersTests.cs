using System.Net.Http.Json;
using Voucher.Core.Wire;
using Voucher.Terminal.Journal;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Pairing;

/// <summary>What waits in an older pairing's journal has two senders: one for scans, one for the journal. Either may break down.</summary>
public sealed class OlderSendersTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_sender_that_broke_down_begins_again_though_the_other_one_runs(bool isProvisional)
    {
        await using var site = await CabledKiosk.Start();
        await site.Cut();
        site.Kiosk.Journal.Append(
            new NewScan(Guid.NewGuid(), ScanMode.CheckIn, 31, site.Server.County.NewVoucher(), ShortCode: null, HolderCheck: null), isProvisional);
        site.Server.Revoked.Add(5);
        site.Cable.Heal();
        await site.Kiosk.Until(state => state.Standing() == "revoked");
        await site.Kiosk.Http.PostAsJsonAsync("local/pair", new { server = site.Cable.Address, code = ServerPeer.Code, name = "前台1号", leaveWaiting = 1 });
        await site.Kiosk.Until(state => state.Standing() == "active" && state.IsOnline() && state.WaitingCount() == 1);
        if (isProvisional) site.Server.Journal.StrangeAnswers = 1;
        else site.Server.Moods.Enqueue(Mood.StrangeAlphabet);
        site.Server.Revoked.Clear();
        await site.Kiosk.Until(state => state.WaitingCount() == 0);
        Assert.Equal(0, site.Server.Journal.StrangeAnswers + site.Server.Moods.Count);
        Assert.Equal([1L], site.Server.Ledger);
    }
}
