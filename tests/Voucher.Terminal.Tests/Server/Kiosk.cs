using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Voucher.Core.Wire;
using Voucher.Terminal.Journal;
using Voucher.Terminal.Pairing;

namespace Voucher.Terminal.Tests.Server;

/// <summary>A whole terminal on a port of its own, and the requests that its page would make.</summary>
internal sealed class Kiosk : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly WebApplication _app;

    private Kiosk(WebApplication app, string home)
    {
        _app = app;
        Home = home;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public string Home { get; }

    public HttpClient Http { get; }

    public ScanJournal Journal => _app.Services.GetRequiredService<CurrentTerminal>().Value!.Journal;

    public static async Task<Kiosk> Start(string? home = null)
    {
        home ??= Directory.CreateTempSubdirectory("voucher-terminal-test-").FullName;
        var app = TerminalApp.Build(["--urls=http://127.0.0.1:0", $"--VOUCHER_TERMINAL_HOME={home}", "--Logging:LogLevel:Default=None"]);
        await app.StartAsync();
        return new Kiosk(app, home);
    }

    /// <summary>A kiosk that is paired, active and online.</summary>
    public static async Task<Kiosk> StartOnline(Uri server)
    {
        var kiosk = await Start();
        await kiosk.Pair(server);
        await kiosk.Until(state => state.Link().GetProperty("online").GetBoolean() && state.Link().GetProperty("standing").GetString() == "active");
        return kiosk;
    }

    public async Task<JsonElement> Pair(Uri server, string code = ServerPeer.Code)
    {
        var response = await Http.PostAsJsonAsync("local/pair", new { server = server.ToString(), code, name = "前台1号" });
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    public Task<JsonElement> State() => Http.GetFromJsonAsync<JsonElement>("local/state");

    /// <summary>Waits for a state of the kiosk.</summary>
    public async Task<JsonElement> Until(Func<JsonElement, bool> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var state = await State();
            if (isSo(state)) return state;
            try
            {
                await Task.Delay(30, patience.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"The state did not come; the last one is {state}");
            }
        }
    }

    public async Task<JsonElement> Scan(object order)
    {
        var response = await Http.PostAsJsonAsync("local/scan", order);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    public Task<JsonElement> CheckIn(string digits, Guid? scanId = null) => Scan(new { scanId, mode = ScanMode.CheckIn, classId = 31, digits });

    public Task<JsonElement> Enrol(string digits, string? idNumber) => Scan(new { mode = ScanMode.Enrol, classId = 31, digits, idNumber });

    public Task Stop() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(Home, recursive: true);
    }
}

internal static class StateReading
{
    public static JsonElement Link(this JsonElement state) => state.GetProperty("link");

    public static bool IsOnline(this JsonElement state) => state.Link().GetProperty("online").GetBoolean();

    public static string? Standing(this JsonElement state) => state.Link().GetProperty("standing").GetString();

    public static int WaitingCount(this JsonElement state) => state.GetProperty("waiting").GetProperty("count").GetInt32();

    public static string? Outcome(this JsonElement verdict) => verdict.GetProperty("outcome").GetString();

    public static int Refusal(this JsonElement verdict) => verdict.GetProperty("refusal").GetInt32();
}
