using System.Globalization;
using Voucher.Testing;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.PowerLoss;

/// <summary>The plug is pulled while the desk works. <c>scripts/faults --power-cuts N</c> runs more of it.</summary>
public sealed class PowerLossTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int LeastCuts = 100;
    private const int ControlCuts = 6;
    private const int Vouchers = 20_000;
    private static readonly string[] LyingDisks = ["/usr/lib/x86_64-linux-gnu/libeatmydata.so.1", "/usr/lib/aarch64-linux-gnu/libeatmydata.so.1"];

    private readonly List<string> _vouchers = [];
    private string _home = "";

    /// <summary>A terminal that has been paired, and whose server is away.</summary>
    public async ValueTask InitializeAsync()
    {
        LoopDisk.Require();
        await using var server = await new ServerPeer().Start();
        for (var i = 0; i < Vouchers; i++) _vouchers.Add(server.County.NewVoucher());
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        kiosk.IsKept = true;
        _home = kiosk.Home;
    }

    private static int Cuts => int.TryParse(Environment.GetEnvironmentVariable("VOUCHER_POWER_CUTS"), CultureInfo.InvariantCulture, out var asked) ? asked : LeastCuts;

    private static int Seed => int.TryParse(Environment.GetEnvironmentVariable("VOUCHER_POWER_SEED"), CultureInfo.InvariantCulture, out var asked) ? asked : 20_261;

    [Fact]
    public async Task Nothing_that_the_screen_has_shown_is_lost_when_the_plug_is_pulled()
    {
        var result = await new PowerCuts(_home, _vouchers, Seed).Run(Cuts);
        output.WriteLine(result.ToString());
        Assert.True(result.Cuts >= Cuts, result.ToString());
        Assert.True(result.Acknowledged >= PowerCuts.LeastAtStake * result.Cuts, $"Too little was at stake: {result}");
        Assert.True(result.Lost == 0, result.ToString());
    }

    /// <summary>The same cuts must find what is lost where the disk only says that it has flushed.</summary>
    [Fact]
    public async Task The_cuts_would_notice_a_journal_that_is_not_flushed()
    {
        var result = await new PowerCuts(_home, _vouchers, Seed, LyingDisk()).Run(ControlCuts);
        output.WriteLine(result.ToString());
        Assert.True(result.Lost > 0, result.ToString());
    }

    private static string LyingDisk()
    {
        Requires.Program("eatmydata");
        return LyingDisks.First(File.Exists);
    }

    public ValueTask DisposeAsync()
    {
        if (_home.Length > 0) Directory.Delete(_home, recursive: true);
        return ValueTask.CompletedTask;
    }
}
