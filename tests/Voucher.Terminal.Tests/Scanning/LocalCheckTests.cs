using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Voucher.Core.Wire;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Scanning;

/// <summary>What the terminal refuses by itself: at once, without the server, and without a trace in the journal.</summary>
public sealed class LocalCheckTests : IAsyncLifetime
{
    private readonly ServerPeer _server = new();
    private Server.Kiosk _kiosk = null!;

    public async ValueTask InitializeAsync()
    {
        await _server.Start();
        _kiosk = await Server.Kiosk.StartOnline(_server.Address);
    }

    private async Task IsRefusedHere(JsonElement verdict, int refusal)
    {
        Assert.Equal("refused", verdict.Outcome());
        Assert.Equal(refusal, verdict.Refusal());
        Assert.NotEmpty(verdict.GetProperty("reason").GetProperty("zh").GetString()!);
        Assert.NotEmpty(verdict.GetProperty("nextStep").GetProperty("en").GetString()!);
        Assert.Empty(_server.Asked);
        Assert.Equal(0, _kiosk.Journal.LastSequence);
        Assert.Equal(0, (await _kiosk.State()).WaitingCount());
    }

    [Theory]
    [InlineData("https://pay.example/abc")]
    [InlineData("12345")]
    [InlineData("00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000")]
    public async Task A_foreign_code_is_no_voucher(string text) => await IsRefusedHere(await _kiosk.CheckIn(text), 101);

    [Fact]
    public async Task A_forged_signature_is_refused() => await IsRefusedHere(await _kiosk.CheckIn(_server.County.ForgedVoucher()), 108);

    [Fact]
    public async Task A_voucher_of_another_region_is_refused() =>
        await IsRefusedHere(await _kiosk.CheckIn(_server.County.VoucherOfOtherRegion()), 104);

    [Fact]
    public async Task A_strangers_card_is_refused() =>
        await IsRefusedHere(await _kiosk.Enrol(_server.County.NewVoucher(), County.StrangerNumber), 402);

    [Fact]
    public async Task Enrolment_without_a_card_is_refused() =>
        await IsRefusedHere(await _kiosk.Enrol(_server.County.NewVoucher(), idNumber: null), 401);

    [Fact]
    public async Task The_holders_own_card_passes_and_only_its_sixteen_bits_are_sent()
    {
        var verdict = await _kiosk.Enrol(_server.County.NewVoucher(), County.HolderNumber.ToLowerInvariant());
        Assert.Equal("accepted", verdict.Outcome());
        Assert.NotNull(Assert.Single(_server.Asked).Scan.HolderCheck);
    }

    [Fact]
    public async Task The_identity_number_is_nowhere_in_what_the_terminal_keeps()
    {
        await _kiosk.Enrol(_server.County.NewVoucher(), County.HolderNumber);
        await _kiosk.Enrol(_server.County.NewVoucher(), County.StrangerNumber);
        await _kiosk.Stop(); // Nothing is being written any more.
        foreach (var file in Directory.GetFiles(_kiosk.Home, "*", SearchOption.AllDirectories))
        {
            var content = await File.ReadAllTextAsync(file, Encoding.Latin1);
            Assert.DoesNotContain(County.HolderNumber[..17], content, StringComparison.Ordinal);
            Assert.DoesNotContain(County.StrangerNumber, content, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task With_a_short_code_the_server_compares_the_card()
    {
        var verdict = await _kiosk.Scan(new { mode = ScanMode.Enrol, classId = 31, shortCode = ShortCodeOf("12345678901"), idNumber = County.StrangerNumber });
        Assert.Equal("accepted", verdict.Outcome());
        var scan = Assert.Single(_server.Asked).Scan;
        Assert.Null(scan.Digits);
        Assert.NotNull(scan.HolderCheck);
    }

    [Fact]
    public async Task Reading_names_the_voucher_before_anything_is_done_with_it()
    {
        var read = await Read(_server.County.NewVoucher());
        Assert.StartsWith("6229 26", read.GetProperty("voucherNumber").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, read.GetProperty("verdict").ValueKind);
        Assert.Equal(108, (await Read(_server.County.ForgedVoucher())).GetProperty("verdict").Refusal());
        Assert.Empty(_server.Asked);
    }

    [Fact]
    public async Task The_same_scan_asked_again_gets_the_same_answer_and_other_content_does_not()
    {
        var (id, digits) = (Guid.NewGuid(), _server.County.NewVoucher());
        var first = await _kiosk.CheckIn(digits, id);
        var again = await _kiosk.CheckIn(digits, id);
        Assert.Equal(first.ToString(), again.ToString());
        Assert.Equal(202, (await _kiosk.CheckIn(_server.County.NewVoucher(), id)).Refusal());
        Assert.Single(_server.Asked);
    }

    [Fact]
    public async Task The_latest_scans_can_be_looked_at()
    {
        for (var i = 0; i < 12; i++) await _kiosk.CheckIn(_server.County.NewVoucher());
        var recent = await _kiosk.Http.GetFromJsonAsync<List<JsonElement>>("local/recent");
        // A receipt may have taken a number in between.
        Assert.Equal(_kiosk.Journal.Latest(12).Take(10).Select(entry => entry.Sequence), recent!.Select(one => one.GetProperty("sequence").GetInt64()));
        Assert.Equal(12, _kiosk.Journal.Latest(100).Count);
    }

    private async Task<JsonElement> Read(string digits)
    {
        var response = await _kiosk.Http.PostAsJsonAsync("local/read", new { digits });
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static string ShortCodeOf(string body) =>
        Enumerable.Range(0, 10).Select(check => $"{body}{check}").First(code => Core.Tokens.ShortCode.TryParse(code, out _));

    public async ValueTask DisposeAsync()
    {
        await _kiosk.DisposeAsync();
        await _server.DisposeAsync();
    }
}
