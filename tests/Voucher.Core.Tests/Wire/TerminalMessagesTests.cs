using System.Globalization;
using System.Text.Json;
using Voucher.Core.Wire;

namespace Voucher.Core.Tests.Wire;

public sealed class TerminalMessagesTests
{
    [Theory]
    [InlineData("2026-11-22T09:15:30+08:00")]
    [InlineData("2026-11-22T01:15:30.999+00:00")]
    public void A_log_in_is_signed_over_terminal_and_instant_in_UTC(string at) => Assert.Equal(
        "voucher-terminal-login:42:2026-11-22T01:15:30Z",
        TerminalLogin.SignedText(42, DateTimeOffset.Parse(at, CultureInfo.InvariantCulture)));

    [Fact]
    public void The_signed_text_is_the_same_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("ar-SA");
        try
        {
            Assert.Equal("voucher-terminal-login:42:2026-11-22T01:15:30Z", TerminalLogin.SignedText(42, new DateTimeOffset(2026, 11, 22, 1, 15, 30, TimeSpan.Zero)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_scan_and_its_answer_survive_the_wire()
    {
        var at = new DateTimeOffset(2026, 11, 22, 9, 15, 0, TimeSpan.FromHours(8));
        var scan = new ScanRequest(new Guid("0195a1b2-0000-7000-8000-000000000001"), 7, ScanMode.Enrol, 100, new string('1', 202), null, 0xBEEF, at);
        var answer = new ScanAnswer(
            scan.ScanId, false, 304, new Words("此券已用完", "Used"), new Words("不要再收", "Do not take"), "57号", "6229 2600 0000 0123", "马*梅", null, null, null, at);
        Assert.Equal(scan, JsonSerializer.Deserialize<ScanRequest>(JsonSerializer.Serialize(scan)));
        Assert.Equal(answer, JsonSerializer.Deserialize<ScanAnswer>(JsonSerializer.Serialize(answer)));
    }
}
