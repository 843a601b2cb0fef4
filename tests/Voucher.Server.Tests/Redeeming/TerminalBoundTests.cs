using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Core.Wire;
using Voucher.Server.Accounts;
using Voucher.Server.Redeeming;
using Voucher.Server.Terminals;

namespace Voucher.Server.Tests.Redeeming;

/// <summary>How much, how fast and how late a terminal may ask. Moves the server's clock.</summary>
public sealed class TerminalBoundTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly ScanScene _scene = new(server);

    [Fact]
    public async Task A_pairing_code_ends_after_a_quarter_of_an_hour()
    {
        using var clerk = await server.LogInAsync("clerk");
        var code = await ScanScene.PostAsync<TerminalEndpoints.NewCode>(clerk, "/api/terminals/pairing-codes", new { institutionId = 1 });
        Assert.Equal(PairTerminal.CodeDigits, code.Code.Length);
        server.Clock.Advance(PairTerminal.CodeLife);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var late = await clerk.PostAsJsonAsync("/api/terminals/pair", new PairingRequest(code.Code, "窗口一", key.ExportSubjectPublicKeyInfo()));
        Assert.Equal(RefusalCode.PairingCodeNotKnown, await Problem.RefusalAsync(late));
    }

    [Fact]
    public async Task Tokens_say_how_long_they_last()
    {
        using var client = new HttpClient { BaseAddress = server.Address };
        var account = await ScanScene.PostAsync<JsonElement>(client, "/api/login", new { login = "clerk", password = ServerUnderTest.Password });
        Assert.Equal((int)AccountSetup.SessionLength.TotalSeconds, account.GetProperty("expiresIn").GetInt32());
        using var terminal = await _scene.PairAsync();
        var device = await _scene.LogInAsync(client, terminal.Id.Value, terminal.Key);
        Assert.Equal((int)AccountSetup.TerminalTokenLength.TotalSeconds, device.ExpiresInSeconds);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_terminal_whose_clock_is_far_off_cannot_log_in(int sign)
    {
        using var terminal = await _scene.PairAsync();
        var near = sign * (TerminalLogin.ClockTolerance - TimeSpan.FromMinutes(1));
        var far = sign * (TerminalLogin.ClockTolerance + TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, await LogInAsync(terminal, server.Clock.GetUtcNow() + near));
        Assert.Equal(HttpStatusCode.Unauthorized, await LogInAsync(terminal, server.Clock.GetUtcNow() + far));
    }

    [Fact]
    public async Task A_terminal_that_signs_nothing_cannot_log_in()
    {
        using var terminal = await _scene.PairAsync();
        using var client = new HttpClient { BaseAddress = server.Address };
        foreach (var signature in new byte[]?[] { null, [], [1, 2, 3], new byte[64] })
        {
            using var answer = await client.PostAsJsonAsync(
                "/api/terminals/login", new { terminalId = terminal.Id.Value, at = server.Clock.GetUtcNow(), signature });
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_scan_with_too_long_a_text_or_from_days_ahead_is_refused_by_field()
    {
        using var terminal = await _scene.PairAsync();
        var now = server.Clock.GetUtcNow();
        var scan = new ScanRequest(Guid.NewGuid(), 1, ScanMode.CheckIn, 1, new string('1', ScanRequestCheck.LongestDigits), null, null, now + ScanRequestCheck.ClockAhead);
        Assert.Empty(ScanRequestCheck.Errors(scan, now));
        var beyond = scan with { Digits = scan.Digits + "1", ScannedAt = now + ScanRequestCheck.ClockAhead + TimeSpan.FromHours(1) };
        using var answer = await terminal.Client.PostAsJsonAsync("/api/terminal/scans", beyond);
        Assert.Equal(["digits", "scannedAt"], await Problem.FieldsAsync(answer));
    }

    private static async Task<HttpStatusCode> LogInAsync(TestTerminal terminal, DateTimeOffset at)
    {
        var text = Encoding.ASCII.GetBytes(TerminalLogin.SignedText(terminal.Id.Value, at));
        var signature = terminal.Key.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        using var answer = await terminal.Client.PostAsJsonAsync("/api/terminals/login", new TerminalLogin(terminal.Id.Value, at, signature));
        return answer.StatusCode;
    }
}
