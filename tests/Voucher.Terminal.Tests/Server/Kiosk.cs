using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Voucher.Core.Wire;
using Voucher.Terminal.Home;
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

    /// <summary>The folder outlives this run: another run takes it up.</summary>
    public bool IsKept { get; set; }

    public HttpClient Http { get; }

    public ScanJournal Journal => _app.Services.GetRequiredService<CurrentTerminal>().Value!.Journal;

    public PairedTerminal Terminal => _app.Services.GetRequiredService<CurrentTerminal>().Value!;

    public static async Task<Kiosk> Start(string? home = null, TimeProvider? time = null, string logLevel = "None")
    {
        home ??= Directory.CreateTempSubdirectory("voucher-terminal-test-").FullName;
        // Beside the home, so that each test's machine has a secret of its own.
        var app = TerminalApp.Build(["--urls=http://127.0.0.1:0", $"--VOUCHER_TERMINAL_HOME={home}", $"--VOUCHER_TERMINAL_SEAL={SealOf(home)}", $"--Logging:LogLevel:Default={logLevel}"], time ?? TimeProvider.System);
        await app.StartAsync();
        return new Kiosk(app, home);
    }

    /// <summary>A kiosk that is paired, active and online.</summary>
    public static async Task<Kiosk> StartOnline(Uri server, TimeProvider? time = null)
    {
        var kiosk = await Start(time: time);
        await kiosk.Pair(server);
        await kiosk.Until(state => state.Link().GetProperty("online").GetBoolean() && state.Link().GetProperty("standing").GetString() == "active");
        return kiosk;
    }

    public async Task<JsonElement> Pair(Uri server, string code = ServerPeer.Code)
    {
        var response = await Http.PostAsJsonAsync("local/pair", new { server = server.ToString(), code, name = "前台1号" });
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>The next messages of one kind that a page that opens now is told.</summary>
    public async Task<List<JsonElement>> Told(string kind, int count, Action? whileListening = null)
    {
        await using var stream = await Http.GetStreamAsync("local/events");
        whileListening?.Invoke();
        using var patience = new CancellationTokenSource(Patience);
        var told = new List<JsonElement>();
        await foreach (var message in SseParser.Create(stream).EnumerateAsync(patience.Token))
        {
            if (message.EventType == kind) told.Add(JsonSerializer.Deserialize<JsonElement>(message.Data));
            if (told.Count == count) break;
        }
        return told;
    }

    public Task<JsonElement> State() => Http.GetFromJsonAsync<JsonElement>("local/state");

    /// <summary>The latest verdicts, newest first.</summary>
    public Task<JsonElement> Recent() => Http.GetFromJsonAsync<JsonElement>("local/recent");

    public Task<JsonElement> Diagnostics() => Http.GetFromJsonAsync<JsonElement>("local/diagnostics");

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

    /// <summary>
    /// Waits for the receipt that follows the first scan while the link stands and takes a number of the journal, whenever that is; the
    /// next comes hours later.
    /// </summary>
    public Task UntilAnchored() => Until(_ => Journal.Backlog is { Receipt: not null, HasUnbounded: false });

    /// <summary>Does something to the journal's file behind the terminal's back.</summary>
    public void ExecuteInJournal(string sql)
    {
        var journal = Directory.GetFiles(Home, TerminalHome.JournalFile, SearchOption.AllDirectories).Single();
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = journal, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
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
        if (IsKept) return;
        Directory.Delete(Home, recursive: true);
        if (Directory.Exists(SealOf(Home))) Directory.Delete(SealOf(Home), recursive: true);
    }

    public static string SealOf(string home) => home + "-seal";
}

internal static class StateReading
{
    public static JsonElement Link(this JsonElement state) => state.GetProperty("link");

    public static bool IsOnline(this JsonElement state) => state.Link().GetProperty("online").GetBoolean();

    public static string? Standing(this JsonElement state) => state.Link().GetProperty("standing").GetString();

    public static int WaitingCount(this JsonElement state) => state.GetProperty("waiting").GetProperty("count").GetInt32();

    /// <summary>One line of the diagnostics by its number.</summary>
    public static JsonElement Item(this JsonElement report, int number) =>
        report.GetProperty("items").EnumerateArray().Single(item => item.GetProperty("number").GetInt32() == number);

    public static string? Outcome(this JsonElement verdict) => verdict.GetProperty("outcome").GetString();

    public static int Refusal(this JsonElement verdict) => verdict.GetProperty("refusal").GetInt32();
}
