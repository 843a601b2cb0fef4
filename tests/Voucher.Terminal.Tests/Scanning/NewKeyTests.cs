using System.Net.Http.Json;
using System.Text.Json;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Scanning;

/// <summary>The county has a new signing key, and the terminal holds the list from before: only the server can judge its vouchers.</summary>
public sealed class NewKeyTests : IAsyncLifetime
{
    private CabledKiosk _site = null!;

    private ServerPeer Peer => _site.Server;

    private Server.Kiosk Desk => _site.Kiosk;

    public async ValueTask InitializeAsync() => _site = await CabledKiosk.Start();

    [Fact]
    public async Task Online_the_server_answers_for_a_voucher_of_a_key_that_the_terminal_does_not_know()
    {
        var digits = Peer.County.VoucherOfNewKey();
        Assert.Equal("accepted", (await Desk.CheckIn(digits)).Outcome());
        Assert.Equal(digits, Assert.Single(Peer.Asked).Scan.Digits);
    }

    [Fact]
    public async Task Offline_it_is_saved_and_the_desk_is_told_that_nobody_has_verified_it()
    {
        await _site.Cut();
        var unverified = await Desk.CheckIn(Peer.County.VoucherOfNewKey());
        Assert.Equal("waiting", unverified.Outcome());
        Assert.Contains("真伪", NextStepOf(unverified), StringComparison.Ordinal);
        Assert.DoesNotContain("真伪", NextStepOf(await Desk.CheckIn(Peer.County.NewVoucher())), StringComparison.Ordinal);
        _site.Cable.Heal();
        await Desk.Until(state => state.WaitingCount() == 0);
        Assert.All(Desk.Journal.Latest(3), entry => Assert.True(entry.Answer!.Accepted));
    }

    [Fact]
    public async Task Reading_asks_for_the_card_and_a_strangers_card_is_refused_here_as_ever()
    {
        var response = await Desk.Http.PostAsJsonAsync("local/read", new { digits = Peer.County.VoucherOfNewKey() });
        var read = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(JsonValueKind.Null, read.GetProperty("verdict").ValueKind);
        Assert.Equal(402, (await Desk.Enrol(Peer.County.VoucherOfNewKey(), County.StrangerNumber)).Refusal());
        Assert.Empty(Peer.Asked);
    }

    private static string NextStepOf(JsonElement verdict) => verdict.GetProperty("nextStep").GetProperty("zh").GetString()!;

    public ValueTask DisposeAsync() => _site.DisposeAsync();
}
