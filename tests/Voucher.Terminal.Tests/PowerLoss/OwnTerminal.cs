using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Voucher.Core.Wire;
using Voucher.Testing;

namespace Voucher.Terminal.Tests.PowerLoss;

/// <summary>The terminal as a process of its own, and desks that scan at it as fast as it answers.</summary>
internal sealed class OwnTerminal : IDisposable
{
    private const int Desks = 3;

    /// <summary>Each voucher is shown once: the same one a second time is refused, and not written down.</summary>
    private static int _shown;

    private readonly Process _process;
    private readonly HttpClient _http;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _said = new();
    private Task _scanning = Task.CompletedTask;

    private OwnTerminal(Process process, Uri address)
    {
        _process = process;
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        process.OutputDataReceived += (_, line) => _said.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => _said.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>Sequences of the scans that the screen was told to be saved.</summary>
    public ConcurrentQueue<long> Acknowledged { get; } = new();

    /// <param name="preload">A library that is put before the system's own; <c>null</c> for none.</param>
    public static async Task<OwnTerminal> Start(string home, string? preload)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Find()}/");
        var start = new ProcessStartInfo("dotnet", [typeof(TerminalApp).Assembly.Location, $"--urls={address}", $"--VOUCHER_TERMINAL_HOME={home}", $"--VOUCHER_TERMINAL_SEAL={Server.Kiosk.SealOf(home)}"])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        if (preload is not null) start.Environment["LD_PRELOAD"] = preload;
        var terminal = new OwnTerminal(Process.Start(start)!, address);
        try
        {
            await terminal.UntilActive();
            return terminal;
        }
        catch
        {
            terminal.Dispose();
            throw;
        }
    }

    /// <summary>Lets the desks scan until the terminal is gone or this is disposed.</summary>
    public void BeginScanning(IReadOnlyList<string> vouchers) =>
        _scanning = Task.WhenAll(Enumerable.Range(0, Desks).Select(_ => Task.Run(() => ScanOn(vouchers))));

    public void Kill()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        _stop.Cancel();
        Kill();
        _scanning.Wait();
        _process.Dispose();
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task ScanOn(IReadOnlyList<string> vouchers)
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                var order = new { mode = ScanMode.CheckIn, classId = 31, digits = vouchers[(Interlocked.Increment(ref _shown) & int.MaxValue) % vouchers.Count] };
                using var response = await _http.PostAsJsonAsync("local/scan", order, _stop.Token);
                if (!response.IsSuccessStatusCode) continue;
                var verdict = await response.Content.ReadFromJsonAsync<JsonElement>(_stop.Token);
                if (verdict.GetProperty("sequence") is { ValueKind: JsonValueKind.Number } sequence) Acknowledged.Enqueue(sequence.GetInt64());
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or OperationCanceledException)
        {
            // The terminal is gone, as it was meant to be.
        }
    }

    private async Task UntilActive()
    {
        var end = Environment.TickCount64 + (long)Server.Kiosk.Patience.TotalMilliseconds;
        while (Environment.TickCount64 < end && !_process.HasExited)
        {
            try
            {
                if ((await _http.GetFromJsonAsync<JsonElement>("local/state")).GetProperty("link").GetProperty("standing").GetString() == "active") return;
            }
            catch (HttpRequestException)
            {
                // Not yet up.
            }
            await Task.Delay(20);
        }
        throw new InvalidOperationException($"The terminal does not start by itself: {string.Join('\n', _said)}");
    }
}
