using System.Net.Http.Json;
using System.Text.Json;
using Voucher.Terminal.Tests.Server;
using Voucher.Testing;

namespace Voucher.Terminal.Tests.Scanning;

/// <summary>The county has a new signing key, and the terminal holds the list from before: only the server can judge its vouchers.</summary>
public sealed class NewKeyTests : IAsyncLifetime
{
    private readonly ServerPeer _server = new();
    private Cable _cable = null!;
    private Server.Kiosk _kiosk = null!;

    public async ValueTask InitializeAsync()
    {
        await _server.Start();
        _cable = new Cable(_server.Address);
        _kiosk = await Server.Kiosk.StartOnline(_cable.Address);
    }

    [Fact]
    public async Task Online_the_server_answers_for_a_voucher_of_a_key_that_the_terminal_does_not_know()
    {
        var digits = _server.County.VoucherOfNewKey();
        Assert.Equal("accepted", (await _kiosk.CheckIn(digits)).Outcome());
        Assert.Equal(digits, Assert.Single(_server.Asked).Scan.Digits);
    }

    [Fact]
    public async Task Offline_it_is_saved_and_the_desk_is_told_that_nobody_has_verified_it()
    {
        _cable.Cut();
        await _kiosk.Until(state => !state.IsOnline());
        var unverified = await _kiosk.CheckIn(_server.County.VoucherOfNewKey());
        Assert.Equal("waiting", unverified.Outcome());
        Assert.Contains("真伪", NextStepOf(unverified), StringComparison.Ordinal);
        Assert.DoesNotContain("真伪", NextStepOf(await _kiosk.CheckIn(_server.County.NewVoucher())), StringComparison.Ordinal);
        _cable.Heal();
        await _kiosk.Until(state => state.WaitingCount() == 0);
        Assert.All(_kiosk.Journal.Latest(3), entry => Assert.True(entry.Answer!.Accepted));
    }

    [Fact]
    public async Task Reading_asks_for_the_card_and_a_strangers_card_is_refused_here_as_ever()
    {
        var response = await _kiosk.Http.PostAsJsonAsync("local/read", new { digits = _server.County.VoucherOfNewKey() });
        var read = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(JsonValueKind.Null, read.GetProperty("verdict").ValueKind);
        Assert.Equal(402, (await _kiosk.Enrol(_server.County.VoucherOfNewKey(), County.StrangerNumber)).Refusal());
        Assert.Empty(_server.Asked);
    }

    private static string NextStepOf(JsonElement verdict) => verdict.GetProperty("nextStep").GetProperty("zh").GetString()!;

    public async ValueTask DisposeAsync()
    {
        await _kiosk.DisposeAsync();
        _cable.Dispose();
        await _server.DisposeAsync();
    }
}
