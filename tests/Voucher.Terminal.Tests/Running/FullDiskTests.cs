using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Voucher.Core.Wire;
using Voucher.Terminal.Journal;
using Voucher.Terminal.Pairing;
using Voucher.Terminal.Tests.PowerLoss;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Running;

/// <summary>A disk without room: refused loudly, nothing accepted is lost, and all is well again when there is room.</summary>
public sealed class FullDiskTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_full_disk_refuses_in_words_keeps_what_was_accepted_and_goes_on_when_there_is_room()
    {
        LoopDisk.Require();
        using var disk = LoopDisk.Make(24);
        var (server, kiosk) = await Paired(disk);
        await using var closingServer = server;
        await using var closing = kiosk;
        for (var i = 0; i < 5; i++) Assert.Equal("accepted", (await kiosk.CheckIn(server.County.NewVoucher())).Outcome());
        // Nothing but scans is written on the full disk.
        await kiosk.UntilAnchored();
        disk.Fill();
        var refused = await ScanUntilFull(kiosk, server);
        Assert.Contains("没有保存", refused.GetProperty("reason").GetProperty("zh").GetString(), StringComparison.Ordinal);
        Assert.True((await kiosk.State()).IsOnline());
        var kept = kiosk.Journal.Latest(10_000).Count;
        disk.Free();
        var again = await kiosk.CheckIn(server.County.NewVoucher());
        Assert.Equal("accepted", again.Outcome());
        Assert.Equal(kept + 1, kiosk.Journal.Latest(10_000).Count);
        Assert.Equal(kiosk.Journal.Latest(1)[0].Sequence, again.GetProperty("sequence").GetInt64());
        Assert.Null(kiosk.Journal.FirstBroken());
        await kiosk.Until(state => state.WaitingCount() == 0);
    }

    [Fact]
    public async Task A_terminal_that_is_started_on_a_full_disk_gives_up_its_spare_room_and_works()
    {
        LoopDisk.Require();
        using var disk = LoopDisk.Make(24);
        var (server, kiosk) = await Paired(disk);
        await using var closingServer = server;
        await kiosk.CheckIn(server.County.NewVoucher());
        Assert.True(File.Exists(SpareOf(kiosk)));
        await kiosk.DisposeAsync();
        disk.Fill();
        await using var again = await Server.Kiosk.Start(kiosk.Home);
        again.IsKept = true;
        var state = await again.Until(now => now.IsOnline());
        Assert.True(state.GetProperty("diskLow").GetBoolean());
        Assert.Equal("accepted", (await again.CheckIn(server.County.NewVoucher())).Outcome());
    }

    [Fact]
    public async Task A_terminal_that_found_no_room_at_all_opens_its_journal_by_itself_when_there_is_some()
    {
        LoopDisk.Require();
        using var disk = LoopDisk.Make(24);
        var (server, kiosk) = await Paired(disk);
        await using var closingServer = server;
        await kiosk.CheckIn(server.County.NewVoucher());
        await kiosk.UntilAnchored();
        var last = kiosk.Journal.LastSequence;
        await kiosk.DisposeAsync();
        File.Delete(SpareOf(kiosk));
        disk.Fill();
        await using var again = await Server.Kiosk.Start(kiosk.Home);
        again.IsKept = true;
        var shut = await again.State();
        Assert.True(shut.GetProperty("damaged").GetBoolean() && shut.GetProperty("noRoom").GetBoolean());
        disk.Free();
        var state = await again.Until(now => now.IsOnline() && now.Standing() == "active");
        Assert.False(state.GetProperty("damaged").GetBoolean());
        Assert.Equal(last + 1, (await again.CheckIn(server.County.NewVoucher())).GetProperty("sequence").GetInt64());
        Assert.True(File.Exists(SpareOf(again)));
    }

    /// <summary>Five days with thirty classes of sixty scans come to less than 20 MB, and a gigabyte holds years.</summary>
    [Fact]
    public async Task A_scan_takes_less_than_two_kilobytes_of_the_disk()
    {
        const int Scans = 2_000;
        await using var server = await new ServerPeer().Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        var digits = server.County.NewVoucher();
        await Parallel.ForAsync(0, Scans, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) => await kiosk.CheckIn(digits));
        await kiosk.Until(state => state.WaitingCount() == 0);
        kiosk.IsKept = true;
        await kiosk.DisposeAsync();
        var bytes = Directory.GetFiles(kiosk.Home, "journal.db*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
        Directory.Delete(kiosk.Home, recursive: true);
        output.WriteLine($"{bytes / Scans} bytes for each scan with its answer");
        Assert.InRange(bytes / Scans, 500, 2_048);
    }

    private static string SpareOf(Server.Kiosk kiosk) => Path.Combine(kiosk.Home, "spare-room");

    private static async Task<(ServerPeer Server, Server.Kiosk Kiosk)> Paired(LoopDisk disk)
    {
        var server = await new ServerPeer().Start();
        var kiosk = await Server.Kiosk.Start(Path.Combine(disk.Mount, "home"));
        kiosk.IsKept = true;
        await kiosk.Pair(server.Address);
        await kiosk.Until(state => state.IsOnline() && state.Standing() == "active");
        return (server, kiosk);
    }

    /// <summary>A few more may find room in what the journal's files hold already.</summary>
    private static async Task<JsonElement> ScanUntilFull(Server.Kiosk kiosk, ServerPeer server)
    {
        for (var i = 0; i < 2_000; i++)
        {
            var order = new { mode = ScanMode.CheckIn, classId = 31, digits = server.County.NewVoucher() };
            using var response = await kiosk.Http.PostAsJsonAsync("local/scan", order);
            if (response.StatusCode == HttpStatusCode.InsufficientStorage) return await response.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
        throw new InvalidOperationException("The disk does not get full.");
    }
}
