using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Terminal.Settings;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Running;

public sealed class SettingsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("voucher-settings-").FullName;

    private string FilePath => Path.Combine(_folder, TerminalSettings.FileName);

    private static TerminalSettings Right(string text) => Assert.IsType<Outcome<TerminalSettings>.Done>(TerminalSettings.Parse(text)).Value;

    [Fact]
    public void Whatever_is_left_out_has_its_usual_value()
    {
        Assert.Equal(TerminalSettings.Default, Right("{}"));
        var all = Right("""{ "server": "voucher.example.gov.cn", "port": 6000, "lan": true, "lanPort": 6001, "logFiles": 3, "logMegabytes": 1, "language": "en" } // 前台""");
        Assert.Equal(new TerminalSettings(new Uri("https://voucher.example.gov.cn/"), 6000, Lan: true, 6001, 3, 1, "en"), all);
    }

    [Theory]
    [InlineData("""{"server": "ftp://x"}""", "server")]
    [InlineData("""{"server": 5}""", "server")]
    [InlineData("""{"port": 80}""", "port")]
    [InlineData("""{"port": "5090"}""", "port")]
    [InlineData("""{"lan": "yes"}""", "lan")]
    [InlineData("""{"lanPort": 65536}""", "lanPort")]
    [InlineData("""{"lan": true, "lanPort": 5090}""", "lanPort")]
    [InlineData("""{"logFiles": 0}""", "logFiles")]
    [InlineData("""{"logFiles": 21}""", "logFiles")]
    [InlineData("""{"logMegabytes": 21}""", "logMegabytes")]
    [InlineData("""{"language": "fr"}""", "language")]
    [InlineData("""{"langauge": "en"}""", "langauge")]
    [InlineData("""{"port": 5090""", "file")]
    [InlineData("[]", "file")]
    public void A_field_that_cannot_be_used_is_named(string text, string field)
    {
        var wrong = Assert.IsType<Outcome<TerminalSettings>.BadInput>(TerminalSettings.Parse(text));
        Assert.Equal(field, Assert.Single(wrong.Errors).Field);
    }

    [Fact]
    public void The_command_names_every_mistake_and_fails()
    {
        File.WriteAllText(FilePath, """{"port": 1, "lan": 2}""");
        var said = new StringWriter();
        Assert.Equal(1, CheckSettingsCommand.Run([FilePath], said));
        Assert.Contains("port:", said.ToString(), StringComparison.Ordinal);
        Assert.Contains("lan:", said.ToString(), StringComparison.Ordinal);
        File.WriteAllText(FilePath, "{}");
        Assert.Equal(0, CheckSettingsCommand.Run([FilePath], TextWriter.Null));
    }

    [Fact]
    public async Task A_file_with_a_mistake_does_not_close_the_desk_and_is_taken_in_when_it_is_mended()
    {
        File.WriteAllText(FilePath, """{"server": "https://county.example", "lan": "maybe"}""");
        await using var kiosk = await Server.Kiosk.Start(_folder);
        kiosk.IsKept = true;
        await UntilSays(kiosk, 10, "bad", "lan");
        File.WriteAllText(FilePath, """{"server": "https://county.example", "logFiles": 2}""");
        await UntilSays(kiosk, 10, "attention", "server");
        File.WriteAllText(FilePath, """{"logFiles": 2}""");
        await UntilSays(kiosk, 10, "good", "");
    }

    private static async Task UntilSays(Server.Kiosk kiosk, int number, string health, string part)
    {
        var end = Environment.TickCount64 + (long)Server.Kiosk.Patience.TotalMilliseconds;
        var said = "";
        while (Environment.TickCount64 < end)
        {
            var item = (await kiosk.Diagnostics()).Item(number);
            said = item.ToString();
            if (item.GetProperty("health").GetString() == health && item.GetProperty("says").GetProperty("en").GetString()!.Contains(part, StringComparison.Ordinal)) return;
            await Task.Delay(100);
        }
        Assert.Fail(said);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
