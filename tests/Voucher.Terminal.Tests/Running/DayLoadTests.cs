using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Voucher.Core.Wire;
using Voucher.Terminal.Tests.Server;
using Voucher.Testing;

namespace Voucher.Terminal.Tests.Running;

/// <summary>A day's work within minutes: the terminal must not grow. <c>scripts/bench-terminal</c> runs the whole day.</summary>
public sealed partial class DayLoadTests(ITestOutputHelper output)
{
    private const int Turns = 16;
    private const int Desks = 2;
    private const double MostGrowth = 1.25;
    private const int AllowanceMegabytes = 24;
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(15);

    private static int Asked(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var asked) ? asked : otherwise;

    [Fact]
    public async Task A_day_of_scans_online_and_offline_leaves_the_terminal_as_small_as_it_was()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Memory is read from /proc.");
        var (scans, reads) = (Asked("VOUCHER_DAY_SCANS", 1_600), Asked("VOUCHER_DAY_READS", 8_000));
        await using var server = await new ServerPeer().Start();
        using var cable = new Cable(server.Address);
        using var terminal = await OwnProcess.Start();
        await terminal.Pair(cable.Address);
        var vouchers = Enumerable.Range(0, 50).Select(_ => server.County.NewVoucher()).ToList();
        var (heap, memory) = (new List<double>(), new List<double>());
        for (var turn = 0; turn < Turns; turn++)
        {
            // Every fourth turn is offline; what waited is sent in the next.
            if (turn % 4 == 2) cable.Cut();
            if (turn % 4 == 3) cable.Heal();
            await Task.WhenAll(Scan(terminal, vouchers, scans / Turns), Read(terminal, reads / Turns));
            if (turn % 4 != 2) await terminal.Until(state => state.WaitingCount() == 0);
            heap.Add(await terminal.HeapMegabytes());
            memory.Add(terminal.MemoryMegabytes());
        }
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"scans {scans}, looks {reads}, start {terminal.StartedIn.TotalSeconds:F1} s, heap {heap[Turns / 4]:F0} MB to {heap[^1]:F0} MB, memory {memory[Turns / 4]:F0} MB to {memory[^1]:F0} MB"));
        Assert.True(terminal.StartedIn < LongestStart, $"{terminal.StartedIn}");
        AssertNotGrown("heap", heap);
        AssertNotGrown("memory", memory);
    }

    /// <summary>From a quarter of the work to its end; a few megabytes come and go with the moment of collecting.</summary>
    private static void AssertNotGrown(string what, List<double> megabytes)
    {
        var (early, late) = (megabytes[Turns / 4], megabytes[^1]);
        Assert.True(late <= Math.Max(early * MostGrowth, early + AllowanceMegabytes), $"{what}: {string.Join(", ", megabytes.Select(one => one.ToString("F0", CultureInfo.InvariantCulture)))} MB");
    }

    private static Task Scan(OwnProcess terminal, List<string> vouchers, int count) => Task.WhenAll(Enumerable.Range(0, Desks).Select(async desk =>
    {
        for (var i = desk; i < count; i += Desks)
        {
            using var response = await terminal.Http.PostAsJsonAsync("local/scan", new { mode = ScanMode.CheckIn, classId = 31, digits = vouchers[i % vouchers.Count] });
            response.EnsureSuccessStatusCode();
        }
    }));

    private static async Task Read(OwnProcess terminal, int count)
    {
        for (var i = 0; i < count; i++) _ = await terminal.Http.GetStringAsync(i % 10 == 0 ? "local/recent" : "local/state");
    }

    private sealed partial class OwnProcess : IDisposable
    {
        private readonly Process _process;
        private readonly string _home;

        private OwnProcess(Process process, string home, Uri address)
        {
            (_process, _home) = (process, home);
            Http = new HttpClient { BaseAddress = address };
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        public HttpClient Http { get; }

        /// <summary>From the start of the program to its first answer.</summary>
        public TimeSpan StartedIn { get; private set; }

        public static async Task<OwnProcess> Start()
        {
            var home = Directory.CreateTempSubdirectory("voucher-day-").FullName;
            var address = new Uri($"http://127.0.0.1:{FreePort.Find()}/");
            var begun = Stopwatch.GetTimestamp();
            var start = new ProcessStartInfo("dotnet", [typeof(TerminalApp).Assembly.Location, $"--urls={address}", $"--VOUCHER_TERMINAL_HOME={home}"])
            {
                UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
            };
            var terminal = new OwnProcess(Process.Start(start)!, home, address);
            await terminal.Until(_ => true);
            terminal.StartedIn = Stopwatch.GetElapsedTime(begun);
            return terminal;
        }

        public async Task Pair(Uri server)
        {
            await Http.PostAsJsonAsync("local/pair", new { server, code = ServerPeer.Code, name = "前台1号" });
            await Until(state => state.IsOnline() && state.Standing() == "active");
        }

        public async Task Until(Func<JsonElement, bool> isSo)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
            while (true)
            {
                try
                {
                    if (isSo(await Http.GetFromJsonAsync<JsonElement>("local/state", patience.Token))) return;
                }
                catch (HttpRequestException)
                {
                    // Not yet up.
                }
                await Task.Delay(20, patience.Token);
            }
        }

        /// <summary>The least of a few looks: between two collections it rises.</summary>
        public async Task<double> HeapMegabytes()
        {
            var least = double.MaxValue;
            for (var i = 0; i < 5; i++)
            {
                var says = (await Http.GetFromJsonAsync<JsonElement>("local/diagnostics")).Item(9).GetProperty("says").GetProperty("en").GetString()!;
                least = Math.Min(least, double.Parse(InUse().Match(says).Groups["heap"].Value, CultureInfo.InvariantCulture));
            }
            return least;
        }

        public double MemoryMegabytes()
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
        }

        public void Dispose()
        {
            if (!_process.HasExited) _process.Kill();
            _process.WaitForExit();
            _process.Dispose();
            Http.Dispose();
            Directory.Delete(_home, recursive: true);
        }

        [GeneratedRegex(@"\((?<heap>\d+) MB in use\)", RegexOptions.ExplicitCapture, 1000)]
        private static partial Regex InUse();
    }
}
