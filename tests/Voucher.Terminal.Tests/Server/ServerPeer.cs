using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Voucher.Core;
using Voucher.Core.Wire;

namespace Voucher.Terminal.Tests.Server;

/// <summary>What the peer does with the next scan that reaches it.</summary>
internal enum Mood
{
    Answer,

    /// <summary>Records the scan, then breaks the connection instead of answering.</summary>
    LoseAnswer,

    Busy,
    Fail,
}

/// <summary>
/// The other side of the protocol on a real port: pairs, logs in, gives the setup, and answers scans over hub and REST.
/// Keeps the first content and the answer of each scan id, and everything it was ever asked.
/// </summary>
internal sealed class ServerPeer : IAsyncDisposable
{
    public const string Code = "482913";
    private const string Token = "peer-token";

    private readonly WebApplication _app;
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, (ScanRequest Scan, ScanAnswer Answer)> _answered = [];
    private byte[] _publicKey = [];

    public ServerPeer(bool withHub = true)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(this);
        builder.Services.AddSignalR();
        _app = builder.Build();
        _app.MapPost("/api/terminals/pair", Pair);
        _app.MapPost("/api/terminals/login", LogIn);
        _app.MapGet("/api/terminal/setup", (HttpContext http) => IsAllowed(http) ? Results.Ok(Setup()) : Results.Unauthorized());
        _app.MapPost("/api/terminal/scans", Scan);
        if (withHub) _app.MapHub<TerminalHub>(HubNames.TerminalHubPath);
    }

    public County County { get; } = new();

    public TerminalStatus Status { get; set; } = TerminalStatus.Active;

    public ConcurrentQueue<Mood> Moods { get; } = new();

    /// <summary>Scans of these sequences fail for ever.</summary>
    public HashSet<long> Cursed { get; } = [];

    /// <summary>Each time a scan was asked, over whichever way.</summary>
    public ConcurrentQueue<(string Via, ScanRequest Scan)> Asked { get; } = new();

    /// <summary>Sequences in the order in which they were first taken in.</summary>
    public List<long> Ledger { get; } = [];

    /// <summary>Some id came a second time with other content.</summary>
    public bool SawOtherContent { get; private set; }

    public int LogIns;
    public long LastSequence { get; set; }
    public Func<TerminalSetup, TerminalSetup> ChangeSetup { get; set; } = setup => setup;
    public bool TokenIsExpired { get; set; }
    public ConcurrentBag<HubCallerContext> HubCallers { get; } = [];

    public Uri Address => new(_app.Urls.Single());

    public async Task<ServerPeer> Start()
    {
        await _app.StartAsync();
        return this;
    }

    public Task Tell(string method) => _app.Services.GetRequiredService<IHubContext<TerminalHub>>().Clients.All.SendAsync(method);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        County.Dispose();
    }

    private IResult Pair(PairingRequest request)
    {
        if (request.Code.Length < Code.Length)
            return Results.Problem(statusCode: 400, extensions: new Dictionary<string, object?> { ["errors"] = new { code = new[] { "配对码太短" } } });
        if (request.Code != Code)
            return Results.Problem(statusCode: 409, extensions: new Dictionary<string, object?> { ["code"] = 807 });
        _publicKey = request.PublicKey;
        return Results.Ok(new PairingAnswer(5, Convert.ToHexString(SHA256.HashData(_publicKey))[..8]));
    }

    private IResult LogIn(TerminalLogin login)
    {
        Interlocked.Increment(ref LogIns);
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(_publicKey, out _);
        var text = Encoding.UTF8.GetBytes(TerminalLogin.SignedText(login.TerminalId, login.At));
        if (!key.VerifyData(text, login.Signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)) return Results.Unauthorized();
        TokenIsExpired = false;
        return Results.Ok(new TerminalLoginAnswer(Status, Status == TerminalStatus.Active ? Token : null, 900, TimeProvider.System.GetUtcNow()));
    }

    private TerminalSetup Setup() => ChangeSetup(County.Setup(5, LastSequence));

    private bool IsAllowed(HttpContext http) => !TokenIsExpired && http.Request.Headers.Authorization == $"Bearer {Token}";

    private IResult Scan(ScanRequest scan, HttpContext http)
    {
        if (!IsAllowed(http)) return Results.Unauthorized();
        switch (TakeIn("rest", scan))
        {
            case (Mood.LoseAnswer, _):
                http.Abort();
                return Results.Empty;
            case (Mood.Busy, _): return Results.StatusCode(503);
            case (Mood.Fail, _): return Results.StatusCode(500);
            case (_, var answer): return Results.Ok(answer);
        }
    }

    internal (Mood Mood, ScanAnswer Answer) TakeIn(string via, ScanRequest scan)
    {
        Asked.Enqueue((via, scan));
        var mood = Cursed.Contains(scan.Sequence) ? Mood.Fail : Moods.TryDequeue(out var next) ? next : Mood.Answer;
        if (mood is Mood.Busy or Mood.Fail) return (mood, null!);
        lock (_gate)
        {
            if (_answered.TryGetValue(scan.ScanId, out var known))
            {
                SawOtherContent |= known.Scan != scan;
                return (mood, known.Answer);
            }
            var answer = new ScanAnswer(
                scan.ScanId, Accepted: true, 0, new("报到成功。", "Enrolled."), new("请就座。", "Take a seat."), null,
                "6229 2600 0000 0123", "马*梅", "电工", "电工1班", 3, TimeProvider.System.GetUtcNow());
            _answered.Add(scan.ScanId, (scan, answer));
            Ledger.Add(scan.Sequence);
            return (mood, answer);
        }
    }

    internal sealed class TerminalHub(ServerPeer peer) : Hub
    {
        public override Task OnConnectedAsync()
        {
            var token = Context.GetHttpContext()!.Request.Headers.Authorization;
            if (token != $"Bearer {Token}") Context.Abort();
            peer.HubCallers.Add(Context);
            return Task.CompletedTask;
        }

        public ScanAnswer Scan(ScanRequest scan)
        {
            var (mood, answer) = peer.TakeIn("hub", scan);
            if (mood == Mood.LoseAnswer) Context.Abort();
            return mood is Mood.Busy or Mood.Fail ? throw new HubException("not now") : answer;
        }
    }
}
