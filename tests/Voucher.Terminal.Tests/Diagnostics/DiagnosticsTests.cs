using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Diagnostics;

/// <summary>What the county has read aloud over the telephone.</summary>
public sealed class DiagnosticsTests
{
    private static string? HealthOf(JsonElement item) => item.GetProperty("health").GetString();

    private static string In(JsonElement item, string language) => item.GetProperty("says").GetProperty(language).GetString()!;

    [Fact]
    public async Task A_terminal_at_work_says_so_line_by_line_in_both_languages()
    {
        await using var server = await new ServerPeer().Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        var report = await kiosk.Diagnostics();
        Assert.Equal([1, 4, 5, 6, 7, 8, 9, 10, 11], report.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("number").GetInt32()));
        foreach (var item in report.GetProperty("items").EnumerateArray()) Assert.NotEqual(In(item, "zh"), In(item, "en"));
        // 9 tells of the memory of all tests of this run.
        foreach (var number in new[] { 1, 6, 8, 10, 11 }) Assert.Equal("good", HealthOf(report.Item(number)));
        Assert.Contains("terminal 5", In(report.Item(1), "en"), StringComparison.Ordinal);
        Assert.Contains($"{server.Address.Authority}, online (hub)", In(report.Item(6), "en"), StringComparison.Ordinal);
        // This server gives none.
        Assert.Equal("attention", HealthOf(report.Item(7)));
        Assert.Contains("key list version 1, no status list, 1 classes, refreshed 0 h 0 min ago", In(report.Item(7), "en"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_terminal_that_is_not_paired_wants_attention()
    {
        await using var kiosk = await Server.Kiosk.Start();
        var report = await kiosk.Diagnostics();
        foreach (var number in new[] { 1, 6, 7 }) Assert.Equal("attention", HealthOf(report.Item(number)));
        Assert.Contains("not yet compared", In(report.Item(4), "en"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "as the server's")]
    [InlineData(120, "ahead of the server")]
    [InlineData(-120, "behind the server")]
    public async Task The_clock_is_told_beside_the_servers(int seconds, string words)
    {
        await using var server = await new ServerPeer().Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address, new SetClock { Ahead = TimeSpan.FromSeconds(seconds) });
        var clock = (await kiosk.Diagnostics()).Item(4);
        Assert.Contains(words, In(clock, "en"), StringComparison.Ordinal);
        if (seconds != 0) Assert.Equal("attention", HealthOf(clock));
    }

    [Fact]
    public async Task The_check_of_the_journal_counts_its_entries_while_the_desk_works_and_names_the_broken_one()
    {
        await using var server = await new ServerPeer().Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        for (var i = 0; i < 12; i++) await kiosk.CheckIn(server.County.NewVoucher());
        await kiosk.UntilAnchored();
        Assert.Equal(12, kiosk.Journal.Latest(100).Count);
        var entries = kiosk.Journal.LastSequence;
        Assert.Contains($"{entries} entries, not checked yet", In((await kiosk.Diagnostics()).Item(8), "en"), StringComparison.Ordinal);
        Assert.Contains($"{entries} entries, all whole", In((await Checked(kiosk)).Item(8), "en"), StringComparison.Ordinal);
        var journal = Directory.GetFiles(kiosk.Home, "journal.db", SearchOption.AllDirectories).Single();
        using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = journal, Pooling = false }.ToString()))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "drop trigger entry_never_changes; drop trigger answer_is_final; update entry set wall_ms = wall_ms + 1 where sequence = 7";
            command.ExecuteNonQuery();
        }
        var broken = (await Checked(kiosk)).Item(8);
        Assert.Equal("bad", HealthOf(broken));
        Assert.Contains("broken at 7", In(broken, "en"), StringComparison.Ordinal);
    }

    private static async Task<JsonElement> Checked(Server.Kiosk kiosk)
    {
        Assert.Equal(HttpStatusCode.Accepted, (await kiosk.Http.PostAsJsonAsync("local/diagnostics/journal-check", new { })).StatusCode);
        var end = Environment.TickCount64 + (long)Server.Kiosk.Patience.TotalMilliseconds;
        while (Environment.TickCount64 < end)
        {
            var report = await kiosk.Diagnostics();
            if (!report.GetProperty("journal").GetProperty("running").GetBoolean()) return report;
            await Task.Delay(20);
        }
        throw new TimeoutException();
    }

    [Fact]
    public async Task The_log_and_the_diagnostics_name_no_voucher_and_no_person()
    {
        await using var server = await new ServerPeer().Start();
        await using var kiosk = await Server.Kiosk.Start(logLevel: "Trace");
        await kiosk.Pair(server.Address);
        await kiosk.Until(state => state.IsOnline() && state.Standing() == "active");
        var digits = server.County.NewVoucher();
        await kiosk.Enrol(digits, County.HolderNumber);
        await kiosk.Enrol(digits, County.StrangerNumber);
        var told = (await kiosk.Diagnostics()).ToString() + string.Concat(Directory.GetFiles(Path.Combine(kiosk.Home, "logs")).Select(ReadAll));
        Assert.True(told.Length > 2_000, told);
        foreach (var secret in new[] { digits, County.HolderNumber, County.StrangerNumber, "马*梅", ServerPeer.Code })
            Assert.DoesNotContain(secret, told, StringComparison.Ordinal);
    }

    /// <summary>Also while it is being written.</summary>
    private static string ReadAll(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }
}
