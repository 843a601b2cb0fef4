using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace Voucher.E2E.Screen;

/// <summary>
/// The terminal's program as the page sees it: the page's own files, and answers that a test chooses. So the screen can be
/// looked at in states that a real county reaches only after days without a network.
/// </summary>
public sealed class FakeAgent : IAsyncDisposable
{
    /// <summary>As the terminal sends it: a page that needs more does not work there.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
        + "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>So that the beginning of an answer is there before its connection breaks.</summary>
    private static readonly TimeSpan UntilHeard = TimeSpan.FromMilliseconds(100);

    /// <summary>As the program does: a page that hears nothing for long opens its stream anew, and misses what is told meanwhile.</summary>
    private static readonly TimeSpan AtLeastEvery = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<Channel<string>, byte> _pages = new();
    private readonly Lock _gate = new();
    private readonly ITimer _pulse;
    private JsonObject _state = AgentAnswers.State();
    private int _answersLost;

    private FakeAgent(WebApplication app)
    {
        _app = app;
        _pulse = TimeProvider.System.CreateTimer(_ => Tell(_ => { }), state: null, AtLeastEvery, AtLeastEvery);
    }

    public Uri Address { get; } = new($"http://127.0.0.1:{FreePort.Find()}");

    /// <summary>What the page has posted, oldest first: where to, and what.</summary>
    public ConcurrentQueue<(string Path, JsonNode? Body)> Posted { get; } = new();

    /// <summary>The verdict of every scan; its mode and id are those of the scan.</summary>
    public JsonObject Verdict { get; set; } = AgentAnswers.Verdicts["accepted"];

    public JsonObject Reading { get; set; } = AgentAnswers.Reading(programme: null);

    public JsonArray Recent { get; set; } = AgentAnswers.Recent();

    /// <summary><c>null</c> when the class has no roster on this terminal.</summary>
    public JsonObject? Roster { get; set; } = AgentAnswers.Roster();

    /// <summary>Why a correction is not taken; <c>null</c> takes it.</summary>
    public JsonObject? CorrectionProblem { get; set; }

    public JsonObject? ListsProblem { get; set; }

    /// <summary>Why a scan cannot be written down; <c>null</c> writes it down.</summary>
    public JsonObject? ScanProblem { get; set; }

    /// <summary>So many scans are taken in, and their answers are lost on the way to the page.</summary>
    public int AnswersLost
    {
        get { lock (_gate) return _answersLost; }
        set { lock (_gate) _answersLost = value; }
    }

    /// <summary>How long a scan waits for its answer.</summary>
    public TimeSpan AnswersAfter { get; set; }

    /// <summary>Only the answer to a pairing is lost.</summary>
    public bool PairingIsLost { get; set; }

    public static async Task<FakeAgent> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var agent = new FakeAgent(builder.Build());
        agent.MapAll();
        agent._app.Urls.Add(agent.Address.ToString());
        await agent._app.StartAsync();
        return agent;
    }

    /// <summary>Changes the terminal's state and tells every open page.</summary>
    public void Tell(Action<JsonObject> change)
    {
        lock (_gate)
        {
            change(_state);
            var told = Message("state", _state);
            foreach (var page in _pages.Keys) page.Writer.TryWrite(told);
        }
    }

    /// <summary>An answer that came after its verdict had gone.</summary>
    public void TellLate(JsonObject verdict)
    {
        foreach (var page in _pages.Keys) page.Writer.TryWrite(Message("late", verdict));
    }

    /// <summary>As when it was started.</summary>
    public void Reset()
    {
        Tell(state =>
        {
            state.Clear();
            foreach (var (name, value) in AgentAnswers.State()) state[name] = value?.DeepClone();
        });
        (Verdict, Reading, Recent, Roster) = (AgentAnswers.Verdicts["accepted"], AgentAnswers.Reading(programme: null), AgentAnswers.Recent(), AgentAnswers.Roster());
        (CorrectionProblem, ListsProblem, ScanProblem, AnswersLost, AnswersAfter, PairingIsLost) = (null, null, null, 0, TimeSpan.Zero, false);
        Posted.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await _pulse.DisposeAsync();
        foreach (var page in _pages.Keys) page.Writer.TryComplete();
        await _app.DisposeAsync();
    }

    private void MapAll()
    {
        var files = new PhysicalFileProvider(RepositoryRoot.PathTo("terminal", "Voucher.Terminal", "wwwroot"));
        _app.Use((context, next) =>
        {
            context.Response.Headers.ContentSecurityPolicy = Policy;
            return next(context);
        });
        _app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
        _app.UseStaticFiles(new StaticFileOptions { FileProvider = files });
        _app.MapGet("/local/events", EventsAsync);
        _app.MapGet("/local/recent", () => Json(Recent));
        _app.MapGet("/local/roster", () => Roster is { } roster ? Json(roster) : Results.NoContent());
        _app.MapPost("/local/read", () => Json(Reading));
        _app.MapPost("/local/scan", (HttpRequest request) => ScanAsync(request));
        _app.MapPost("/local/practice", (HttpRequest request) => ScanAsync(request));
        _app.MapPost("/local/told", () => Results.NoContent());
        _app.MapPost("/local/readers", () => Results.NoContent());
        _app.MapPost("/local/pair", async (HttpRequest request) =>
        {
            await NoteAsync(request);
            if (PairingIsLost) return await LoseAsync(request.HttpContext);
            return Json(AgentAnswers.Problem("配对码不对。", "The pairing code is wrong."), StatusCodes.Status409Conflict);
        });
        _app.MapPost("/local/corrections", async (HttpRequest request) =>
        {
            await NoteAsync(request);
            return CorrectionProblem is { } problem ? Json(problem, StatusCodes.Status409Conflict) : Results.NoContent();
        });
        _app.MapPost("/local/lists", (HttpRequest request) =>
        {
            Posted.Enqueue((request.Path, request.ContentLength));
            return ListsProblem is { } problem ? Json(problem, StatusCodes.Status409Conflict) : Json(AgentAnswers.ListsTaken());
        });
    }

    private async Task<IResult> ScanAsync(HttpRequest request)
    {
        var scan = (await NoteAsync(request))!;
        if (IsAnswerLost()) return await LoseAsync(request.HttpContext);
        await Task.Delay(AnswersAfter);
        if (ScanProblem is { } problem) return Json(problem, StatusCodes.Status507InsufficientStorage);
        var verdict = (JsonObject)Verdict.DeepClone();
        (verdict["mode"], verdict["scanId"]) = (scan["mode"]!.DeepClone(), scan["scanId"]!.DeepClone());
        return Json(verdict);
    }

    private bool IsAnswerLost()
    {
        lock (_gate) return _answersLost > 0 && _answersLost-- > 0;
    }

    /// <summary>Breaks off in the middle of the answer. A browser that has heard nothing at all would ask again by itself.</summary>
    private static async Task<IResult> LoseAsync(HttpContext context)
    {
        (context.Response.ContentType, context.Response.ContentLength) = ("application/json", 100);
        await context.Response.WriteAsync("{");
        await context.Response.Body.FlushAsync();
        await Task.Delay(UntilHeard);
        context.Abort();
        return Results.Empty;
    }

    private async Task<JsonNode?> NoteAsync(HttpRequest request)
    {
        var body = await JsonNode.ParseAsync(request.Body);
        Posted.Enqueue((request.Path, body));
        return body;
    }

    private async Task EventsAsync(HttpContext context)
    {
        var page = Channel.CreateUnbounded<string>();
        context.Response.ContentType = "text/event-stream";
        lock (_gate)
        {
            page.Writer.TryWrite(Message("state", _state));
            _pages.TryAdd(page, 0);
        }
        try
        {
            await foreach (var message in page.Reader.ReadAllAsync(context.RequestAborted))
            {
                await context.Response.WriteAsync(message);
                await context.Response.Body.FlushAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The page has gone.
        }
        finally
        {
            _pages.TryRemove(page, out _);
        }
    }

    private static string Message(string kind, JsonNode data) => $"event: {kind}\ndata: {data.ToJsonString()}\n\n";

    private static IResult Json(JsonNode body, int status = StatusCodes.Status200OK) =>
        Results.Text(body.ToJsonString(), "application/json", statusCode: status);
}
