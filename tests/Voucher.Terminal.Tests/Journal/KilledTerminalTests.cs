using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Voucher.Core.Wire;
using Voucher.Terminal.Tests.Server;
using Voucher.Testing;

namespace Voucher.Terminal.Tests.Journal;

/// <summary>The terminal as a process of its own, killed in the middle of its work.</summary>
public sealed class KilledTerminalTests
{
    [Fact]
    public async Task Everything_the_screen_has_shown_is_there_after_a_kill()
    {
        await using var server = await new ServerPeer().Start();
        var home = Directory.CreateTempSubdirectory("voucher-terminal-test-").FullName;
        var shown = new List<long>();
        using (var first = await Run(home))
        {
            using var http = new HttpClient { BaseAddress = first.Address };
            await http.PostAsJsonAsync("local/pair", new { server = server.Address, code = ServerPeer.Code, name = "前台" });
            await Until(http, state => state.Standing() == "active" && state.IsOnline());
            var killing = Task.CompletedTask;
            try
            {
                while (true)
                {
                    shown.Add(await Scan(http, server.County.NewVoucher()));
                    if (shown.Count == 20) killing = KillInTheNextScan(first, server);
                }
            }
            catch (Exception killed) when (killed is HttpRequestException or IOException)
            {
                await killing;
            }
            Assert.True(shown.Count >= 20, $"The terminal ended by itself after {shown.Count} scans.");
        }
        await using var again = await Server.Kiosk.Start(home);
        await again.Until(state => state.IsOnline() && state.WaitingCount() == 0);
        Assert.Null(again.Journal.FirstBroken());
        Assert.Equal(again.Journal.Latest(10_000).Select(entry => entry.Sequence).Order(), server.Ledger.Order());
        Assert.Subset(again.Journal.Latest(10_000).Select(entry => entry.Request.Sequence).ToHashSet(), shown.ToHashSet());
    }

    private static async Task KillInTheNextScan(RunningTerminal terminal, ServerPeer server)
    {
        var asked = server.Asked.Count;
        while (server.Asked.Count == asked) await Task.Delay(1);
        terminal.Kill();
    }

    private static async Task<long> Scan(HttpClient http, string digits)
    {
        var response = await http.PostAsJsonAsync("local/scan", new { mode = ScanMode.CheckIn, classId = 31, digits });
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("sequence").GetInt64();
    }

    private static async Task Until(HttpClient http, Func<JsonElement, bool> isSo)
    {
        using var patience = new CancellationTokenSource(Server.Kiosk.Patience);
        while (true)
        {
            try
            {
                if (isSo(await http.GetFromJsonAsync<JsonElement>("local/state", patience.Token))) return;
            }
            catch (HttpRequestException)
            {
                // Not yet up.
            }
            await Task.Delay(50, patience.Token);
        }
    }

    private static async Task<RunningTerminal> Run(string home)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Find()}/");
        var start = new ProcessStartInfo("dotnet", [typeof(TerminalApp).Assembly.Location, $"--urls={address}", $"--VOUCHER_TERMINAL_HOME={home}", $"--VOUCHER_TERMINAL_SEAL={Server.Kiosk.SealOf(home)}"])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var http = new HttpClient { BaseAddress = address };
        await Until(http, _ => true);
        return new RunningTerminal(process, address);
    }

    private sealed class RunningTerminal(Process process, Uri address) : IDisposable
    {
        public Uri Address => address;

        public void Kill() => process.Kill();

        public void Dispose()
        {
            if (!process.HasExited) process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
