using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Voucher.Faults.County;
using Voucher.Faults.Network;
using Voucher.Faults.Terminals;

namespace Voucher.Faults.Checking;

/// <summary>
/// A live page open at each server. Live events may be lost while anything is broken; once all is well again, a scan that
/// one server takes must soon be seen at both.
/// </summary>
public sealed class LiveEars(World world, CountyAtWork county, Findings findings) : IDisposable
{
    private const string Path = "/hub/live";

    /// <summary>The server's link to Redis looks for it again by itself; until then events stay at home.</summary>
    private static readonly TimeSpan LongestDeafness = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SayEvery = TimeSpan.FromMilliseconds(400);

    private readonly HubLine?[] _lines = new HubLine?[world.Servers.Count];
    private readonly ConcurrentDictionary<(int Server, string Voucher), bool> _heard = new();
    private CookieContainer? _cookies;

    /// <param name="vouchers">Used ones: each is shown once more, and refused, for all to see.</param>
    public async Task CheckAsync(IReadOnlyList<(SimulatedTerminal Terminal, OpenClass Class)> desks, Func<PaperVoucher> vouchers, int round, Random random)
    {
        using var end = new CancellationTokenSource(LongestDeafness);
        _heard.Clear();
        // Any of them will do: events that are always late are heard, too.
        var said = new List<string>();
        await OpenAsync(end.Token);
        while (!end.IsCancellationRequested)
        {
            var (terminal, training) = desks[random.Next(desks.Count)];
            var voucher = vouchers();
            await terminal.ScanAsync(round, ScanMode.Enrol, training.Id, voucher, ScanHabit.Of(random), end.Token);
            await Task.Delay(SayEvery, CancellationToken.None);
            said.Add(voucher.Number);
            if (said.Exists(IsHeardEverywhere)) return;
            await OpenAsync(end.Token);
        }
        findings.Violate("live-pages-hear", $"after {LongestDeafness.TotalSeconds} s of health no scan is seen at all servers");
    }

    public void Dispose()
    {
        foreach (var line in _lines) line?.Dispose();
    }

    private async Task OpenAsync(CancellationToken cancel)
    {
        _cookies ??= await county.Office.LogInToPortalAsync("clerk");
        for (var server = 0; server < _lines.Length; server++)
        {
            if (_lines[server] is { IsOpen: true }) continue;
            _lines[server]?.Dispose();
            try
            {
                var line = await HubLine.OpenAsync(new Uri(world.Servers[server].Address, Path), accessToken: null, _cookies, cancel);
                var number = server;
                line.Told = happened => Hear(number, happened);
                _lines[server] = line;
            }
            catch (Exception broken) when (broken is WebSocketException or OperationCanceledException)
            {
                _lines[server] = null; // The next look opens it.
            }
        }
    }

    private bool IsHeardEverywhere(string voucher) => Enumerable.Range(0, _lines.Length).All(server => _heard.ContainsKey((server, voucher)));

    private void Hear(int server, JsonElement happened)
    {
        if (happened.TryGetProperty("voucherNumber", out var voucher) && voucher.GetString() is { } number) _heard[(server, number)] = true;
    }
}
