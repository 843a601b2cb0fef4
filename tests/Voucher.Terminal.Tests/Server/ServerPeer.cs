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
using Voucher.Core.Refusals;
using Voucher.Core.Wire;

namespace Voucher.Terminal.Tests.Server;

/// <summary>What the peer does with the next scan that reaches it.</summary>
internal enum Mood
{
    Answer,

    /// <summary>Records the scan, then breaks the connection instead of answering.</summary>
    LoseAnswer,

    Busy,

    /// <summary>429: the terminal scans too fast; a second's patience, please.</summary>
    SlowDown,

    /// <summary>As <see cref="SlowDown"/>, and from then on nothing is answered.</summary>
    SlowDownAndStall,

    /// <summary>Recorded and held for the county to look at.</summary>
    Held,

    Fail,

    /// <summary>409 with the number of a refusal that is not stored: the same scan is refused for ever.</summary>
    SequenceReused,

    /// <summary>409 with a time to ask again: the county has no rule today, and the scan is of a day that had one.</summary>
    NoRuleYet,

    /// <summary>409 because the terminal was revoked a moment ago.</summary>
    NotActive,

    /// <summary>400: the scan's time is days ahead.</summary>
    ClockTooFast,

    /// <summary>Another version, to which the request is no JSON that it knows.</summary>
    Unreadable,

    /// <summary>400 with a page, as a proxy on the way may answer.</summary>
    StrangersPage,

    /// <summary>200 in an alphabet that nobody knows.</summary>
    StrangeAlphabet,
}

/// <summary>
/// The other side of the protocol on a real port: pairs, logs in, gives the setup, and answers scans over hub and REST.
/// Keeps the first content and the answer of each scan id, and everything it was ever asked.
/// </summary>
internal sealed class ServerPeer : IAsyncDisposable
{
    public const string Code = "482913";
    private static readonly TimeSpan MostClockAhead = TimeSpan.FromDays(4);

    private readonly WebApplication _app;
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, (ScanRequest Scan, ScanAnswer Answer)> _answered = [];
    private readonly Dictionary<int, byte[]> _publicKeys = [];
    private readonly ConcurrentDictionary<int, JournalPeer> _journals = new();

    /// <summary>Those that have come to the hub, were greeted perhaps, and are not among its callers yet.</summary>
    private readonly ConcurrentDictionary<string, HttpContext> _entering = new();
    private const int FirstTerminal = 5;
    private int _lastId = FirstTerminal - 1;

    public ServerPeer(bool withHub = true)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(this);
        builder.Services.AddSignalR();
        _app = builder.Build();
        _app.Use(async (http, next) =>
        {
            var isHub = http.Request.Path.StartsWithSegments(HubNames.TerminalHubPath);
            if (isHub) _entering.TryAdd(http.TraceIdentifier, http);
            else await UntilItAnswers(http.RequestAborted);
            try
            {
                await next(http);
            }
            finally
            {
                _entering.TryRemove(http.TraceIdentifier, out _);
            }
        });
        _app.MapPost("/api/terminals/pair", Pair);
        _app.MapPost("/api/terminals/login", LogIn);
        _app.MapGet("/api/terminal/setup", (HttpContext http) => IsAllowed(http) ? Results.Ok(Setup()) : Results.Unauthorized());
        _app.MapPost("/api/terminal/scans", Scan);
        JournalPeer.Map(_app, http => IsAllowed(http) ? JournalOf(TerminalOf(http)) : null);
        Lists.Map(_app, IsAllowed);
        _app.MapPost("/api/terminal/report", Report);
        if (withHub) _app.MapHub<TerminalHub>(HubNames.TerminalHubPath);
    }

    public County County { get; } = new();

    public ListPeer Lists { get; } = new();

    /// <summary>The journal of the terminal that was paired first.</summary>
    public JournalPeer Journal => JournalOf(FirstTerminal);

    public TerminalStatus Status { get; set; } = TerminalStatus.Active;

    public ConcurrentQueue<Mood> Moods { get; } = new();

    /// <summary>The server takes questions and answers none, as one whose database hangs; its hub still pongs.</summary>
    public bool IsStalled { get; set; }

    /// <summary>Terminals that the county has revoked.</summary>
    public HashSet<int> Revoked { get; } = [];

    /// <summary>What the server says that it speaks, and the oldest that it lets in.</summary>
    public (int Current, int Oldest) Protocols { get; set; } = (Protocol.Current, Protocol.OldestAccepted);

    /// <summary>As the hub's address and the latest log-in said.</summary>
    public string? ProtocolOfHub { get; private set; }
    public string? ProtocolOfLogIn { get; private set; }

    public ConcurrentQueue<TerminalReport> Reports { get; } = new();

    /// <summary>The latest terminal that was paired; the first is 5.</summary>
    public int LastTerminal => _lastId;

    /// <summary>Scans of these sequences fail for ever.</summary>
    public HashSet<long> Cursed { get; } = [];

    /// <summary>What happens to the scans of these sequences, each time.</summary>
    public ConcurrentDictionary<long, Mood> Fates { get; } = new();

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

    /// <summary>The hub tells what it tells each newcomer (the real one does), and not only what a test has it tell.</summary>
    public bool TellsNewcomers { get; init; }

    /// <summary>Tells all on the hub, the one too that was greeted a moment ago: the hub greets before it counts a caller.</summary>
    public async Task Tell(string method)
    {
        using var patience = new CancellationTokenSource(Kiosk.Patience);
        while (HubCallers.IsEmpty || !_entering.IsEmpty) await Task.Delay(10, patience.Token);
        await _app.Services.GetRequiredService<IHubContext<TerminalHub>>().Clients.All.SendAsync(method);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        County.Dispose();
    }

    /// <summary>What any answer looks like that names an alphabet which nobody knows.</summary>
    internal static IResult StrangeAlphabet() => Results.Bytes("{}"u8.ToArray(), "application/json; charset=no-such-alphabet");

    private async Task UntilItAnswers(CancellationToken asked)
    {
        while (IsStalled) await Task.Delay(20, asked);
    }

    private IResult Pair(PairingRequest request)
    {
        if (request.Code.Length < Code.Length)
            return Results.Problem(statusCode: 400, extensions: new Dictionary<string, object?> { ["errors"] = new { code = new[] { "配对码太短" } } });
        if (request.Code != Code)
            return Results.Problem(statusCode: 409, extensions: new Dictionary<string, object?> { ["code"] = 807 });
        _publicKeys[++_lastId] = request.PublicKey;
        return Results.Ok(new PairingAnswer(_lastId, Convert.ToHexString(SHA256.HashData(request.PublicKey))[..8]));
    }

    private IResult LogIn(TerminalLogin login, HttpContext http)
    {
        Interlocked.Increment(ref LogIns);
        var now = TimeProvider.System.GetUtcNow();
        if ((now - login.At).Duration() > TerminalLogin.ClockTolerance || !_publicKeys.TryGetValue(login.TerminalId, out var publicKey)) return Results.Unauthorized();
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(publicKey, out _);
        var text = Encoding.UTF8.GetBytes(TerminalLogin.SignedText(login.TerminalId, login.At));
        if (!key.VerifyData(text, login.Signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)) return Results.Unauthorized();
        TokenIsExpired = false;
        ProtocolOfLogIn = http.Request.Headers[Protocol.Header];
        if (Protocol.Read(ProtocolOfLogIn) < Protocols.Oldest) return Results.Problem(type: "urn:voucher:protocol", statusCode: 426);
        var status = Revoked.Contains(login.TerminalId) ? TerminalStatus.Revoked : Status;
        return Results.Ok(new TerminalLoginAnswer(status, status == TerminalStatus.Active ? TokenOf(login.TerminalId) : null, 900, now, Protocols.Current, Protocols.Oldest));
    }

    private IResult Report(TerminalReport report, HttpContext http)
    {
        if (!IsAllowed(http)) return Results.Unauthorized();
        if (Status != TerminalStatus.Active) return Problem(http, Refusal.Of(RefusalCode.TerminalNotActive));
        Reports.Enqueue(report);
        return Results.NoContent();
    }

    private TerminalSetup Setup() => ChangeSetup(County.Setup(5, LastSequence));

    /// <summary>Lets the terminal of that number in, once it is paired.</summary>
    public static string TokenOf(int terminal) => $"peer-token-{terminal}";

    private bool IsAllowed(HttpContext http) => !TokenIsExpired && IsKnown(http);

    private bool IsKnown(HttpContext http) =>
        _publicKeys.Keys.Any(id => !Revoked.Contains(id) && http.Request.Headers.Authorization == $"Bearer {TokenOf(id)}");

    private IResult Scan(ScanRequest scan, HttpContext http)
    {
        if (!IsAllowed(http)) return Results.Unauthorized();
        switch (TakeIn("rest", scan))
        {
            case (Mood.LoseAnswer, _):
                http.Abort();
                return Results.Empty;
            case (Mood.Busy, _): return Results.StatusCode(503);
            case (Mood.SlowDown, _):
                http.Response.Headers.RetryAfter = "1";
                return Results.StatusCode(429);
            case (Mood.Fail, _): return Results.StatusCode(500);
            case (Mood.StrangeAlphabet, _): return StrangeAlphabet();
            case (Mood.StrangersPage, _): return Results.Content("<h1>Bad Request</h1>", "text/html", statusCode: 400);
            case (Mood.SequenceReused, _): return Problem(http, Refusal.Of(RefusalCode.SequenceReused));
            case (Mood.NoRuleYet, _):
                http.Response.Headers.RetryAfter = "60";
                return Problem(http, Refusal.Of(RefusalCode.NoRuleInForce));
            case (Mood.NotActive, _): return Problem(http, Refusal.Of(RefusalCode.TerminalNotActive));
            case (Mood.Unreadable, _): return BadInput(http, "body", new("不是有效的 JSON", "Not valid JSON"));
            case (Mood.ClockTooFast, _): return BadInput(http, "scannedAt", new("终端时钟太快", "The terminal's clock is ahead"));
            case (_, var answer): return Results.Ok(answer);
        }
    }

    private JournalPeer JournalOf(int terminal) =>
        _journals.GetOrAdd(terminal, id => new JournalPeer(County, JournalAnswer, () => _publicKeys[id], id));

    private int TerminalOf(HttpContext http) => _publicKeys.Keys.First(id => http.Request.Headers.Authorization == $"Bearer {TokenOf(id)}");

    /// <summary>What the peer says of a scan that came with the journal; <c>null</c> while it says nothing.</summary>
    private ScanAnswer? JournalAnswer(ScanRequest scan) => TakeIn("journal", scan) switch
    {
        (Mood.SequenceReused, _) => RefusedFor(scan, Refusal.Of(RefusalCode.SequenceReused)),
        (_, { } answer) => answer,
        _ => null,
    };

    private static ScanAnswer RefusedFor(ScanRequest scan, Refusal refusal) => new(
        scan.ScanId, Accepted: false, (int)refusal.Code, refusal.Reason, refusal.NextStep, Rule: null, VoucherNumber: null, Holder: null, Programme: null,
        ClassName: null, Receipt: null, TimeProvider.System.GetUtcNow());

    private static IResult Problem(HttpContext http, Refusal refusal) => Results.Problem(
        type: $"urn:voucher:refusal:{(int)refusal.Code}", title: refusal.Reason.In(LanguageOf(http)), detail: refusal.NextStep.In(LanguageOf(http)),
        statusCode: 409, extensions: new Dictionary<string, object?> { ["code"] = (int)refusal.Code, ["rule"] = null });

    private static IResult BadInput(HttpContext http, string field, Words problem) => Results.Problem(
        type: "urn:voucher:bad-input", title: new Words("输入有误", "Bad input").In(LanguageOf(http)), detail: $"{field}: {problem.In(LanguageOf(http))}",
        statusCode: 400, extensions: new Dictionary<string, object?> { ["errors"] = new Dictionary<string, string[]> { [field] = [problem.In(LanguageOf(http))] } });

    private static string LanguageOf(HttpContext http) => http.Request.Headers.AcceptLanguage.ToString();

    internal (Mood Mood, ScanAnswer Answer) TakeIn(string via, ScanRequest scan)
    {
        Asked.Enqueue((via, scan));
        var mood = Cursed.Contains(scan.Sequence) ? Mood.Fail : Moods.TryDequeue(out var next) ? next : Mood.Answer;
        if (Fates.TryGetValue(scan.Sequence, out var fate)) mood = fate;
        if (scan.ScannedAt > TimeProvider.System.GetUtcNow() + MostClockAhead) mood = Mood.ClockTooFast;
        if (mood == Mood.SlowDownAndStall) (mood, IsStalled) = (Mood.SlowDown, true);
        if (mood is not (Mood.Answer or Mood.LoseAnswer or Mood.Held)) return (mood, null!);
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
            if (mood == Mood.Held) answer = answer with { Accepted = false, Refusal = (int)RefusalCode.VoucherHeld, Receipt = null };
            _answered.Add(scan.ScanId, (scan, answer));
            Ledger.Add(scan.Sequence);
            return (mood, answer);
        }
    }

    internal sealed class TerminalHub(ServerPeer peer) : Hub
    {
        public override async Task OnConnectedAsync()
        {
            var http = Context.GetHttpContext()!;
            if (!peer.IsKnown(http)) Context.Abort();
            peer.ProtocolOfHub = http.Request.Query[Protocol.Query];
            peer.HubCallers.Add(Context);
            peer._entering.TryRemove(http.TraceIdentifier, out _);
            if (peer.TellsNewcomers) await Clients.Caller.SendAsync(HubNames.SetupChanged);
        }

        public async Task<ScanAnswer> Scan(ScanRequest scan)
        {
            await peer.UntilItAnswers(Context.ConnectionAborted);
            var (mood, answer) = peer.TakeIn("hub", scan);
            if (mood == Mood.LoseAnswer) Context.Abort();
            return mood switch
            {
                Mood.Answer or Mood.LoseAnswer or Mood.Held => answer,
                Mood.NotActive => throw Refused(RefusalCode.TerminalNotActive),
                Mood.Busy => throw Refused(RefusalCode.TooBusy),
                Mood.SlowDown => throw Refused(RefusalCode.TooManyScans),
                Mood.NoRuleYet => throw Refused(RefusalCode.NoRuleInForce),
                Mood.SequenceReused => throw Refused(RefusalCode.SequenceReused),
                Mood.ClockTooFast => throw new HubException("bad-input:scannedAt"),
                _ => throw new InvalidOperationException("The peer fails."),
            };
        }

        private static HubException Refused(RefusalCode code) => new($"refused:{(int)code}");
    }
}
