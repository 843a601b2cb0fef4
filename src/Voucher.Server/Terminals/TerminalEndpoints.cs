using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.HttpResults;
using Voucher.Core.Wire;
using Voucher.Server.Api;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Journals;
using Voucher.Server.Operating.Limits;
using Voucher.Server.Policies;
using Voucher.Server.Redeeming;

namespace Voucher.Server.Terminals;

/// <summary>Pairing and confirming for the county; log-in, setup and scans for the terminals themselves.</summary>
public static class TerminalEndpoints
{
    /// <param name="InstitutionId">Left out when <paramref name="Replaces"/> is given: the new device comes to the old one's place.</param>
    /// <param name="Replaces">The terminal whose place and name the new device takes.</param>
    public sealed record NewCodeRequest(int? InstitutionId = null, int? Replaces = null);

    public sealed record RenameRequest(string? Name);

    public sealed record MoveRequest(int? InstitutionId, string? Reason);

    /// <param name="Code">Eight digits, valid once and for fifteen minutes.</param>
    public sealed record NewCode(string Code, int ValidMinutes);

    public sealed record TerminalRow(
        int Id, int InstitutionId, string InstitutionName, string Name, string Fingerprint, TerminalStatus Status, DateTimeOffset? LastSeenAt,
        int? Replaces);

    public static void MapTerminals(this WebApplication app)
    {
        app.MapHub<TerminalHub>(HubNames.TerminalHubPath, TerminalHub.Limit).WithMetadata(RateLimit.HubConnect);
        MapCounty(app.MapGroup("/api/terminals").WithTags("Terminals"));
        MapDevice(app.MapGroup("/api/terminal").WithTags("Terminal device").WithMetadata(RateLimit.Device)
            .RequireAuthorization(policy => policy.AddAuthenticationSchemes(AccountSchemes.Terminal).RequireAuthenticatedUser()));
    }

    private static void MapCounty(RouteGroupBuilder terminals)
    {
        terminals.MapGet("/", async (TerminalStore store) => (await store.ListAsync()).Select(Show))
            .RequireAuthorization(Permission.PairTerminal).WithSummary("All terminals of the county").Produces<IEnumerable<TerminalRow>>();
        terminals.MapPost("/pairing-codes", async (NewCodeRequest request, PairTerminal pairing, HttpContext context) =>
            {
                var outcome = request.Replaces is { } replaced
                    ? await pairing.NewCodeToReplaceAsync(context.Actor(), new TerminalId(replaced))
                    : await pairing.NewCodeAsync(context.Actor(), new InstitutionId(request.InstitutionId ?? 0));
                return outcome is Outcome<string>.Done(var code)
                    ? TypedResults.Ok(new NewCode(code, (int)PairTerminal.CodeLife.TotalMinutes))
                    : outcome.ToHttp(context);
            })
            .RequireAuthorization(Permission.PairTerminal).WithSummary("A one-time pairing code for an institution").Produces<NewCode>().ProducesProblem(404);
        terminals.MapPost("/{id:int}/confirm", async (int id, PairTerminal pairing, HttpContext context) =>
                (await pairing.ConfirmAsync(context.Actor(), new TerminalId(id))).ToHttp(context))
            .RequireAuthorization(Permission.PairTerminal).WithSummary("Let a paired terminal work").Produces(204).ProducesProblem(404).ProducesProblem(409);
        terminals.MapPost("/{id:int}/revoke", async (int id, PairTerminal pairing, HttpContext context) =>
                (await pairing.RevokeAsync(context.Actor(), new TerminalId(id))).ToHttp(context))
            .RequireAuthorization(Permission.PairTerminal).WithSummary("Take a terminal out of use at once").Produces(204).ProducesProblem(404).ProducesProblem(409);
        terminals.MapPost("/{id:int}/rename", async (int id, RenameRequest request, KeepTerminal keep, HttpContext context) =>
                (await keep.RenameAsync(context.Actor(), new TerminalId(id), request.Name)).ToHttp(context))
            .RequireAuthorization(Permission.PairTerminal).WithSummary("Another name, of which the institution has none yet").Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        terminals.MapPost("/{id:int}/move", async (int id, MoveRequest request, KeepTerminal keep, HttpContext context) =>
                (await keep.MoveAsync(context.Actor(), new TerminalId(id), request.InstitutionId, request.Reason)).ToHttp(context))
            .RequireAuthorization(Permission.PairTerminal).WithSummary("Give a terminal to another institution, with a reason").Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        terminals.MapPost("/pair", async (PairingRequest request, PairTerminal pairing, HttpContext context) =>
                (await pairing.PairAsync(request)).ToHttp(context))
            .AllowAnonymous().WithSummary("A new device presents its one-time code and public key").Produces<PairingAnswer>().ProducesProblem(400).ProducesProblem(409);
        terminals.MapPost("/login", LogInAsync)
            .AllowAnonymous().WithSummary("A paired device proves its key and gets an access token").Produces<TerminalLoginAnswer>().ProducesProblem(401).ProducesProblem(426);
    }

    private static void MapDevice(RouteGroupBuilder device)
    {
        device.MapGet("/setup", SetupAsync).WithSummary("Keys, classes and names that the terminal works with").Produces<TerminalSetup>().ProducesProblem(409);
        device.MapPost("/scans", async (ScanRequest scan, ScanDesk desk, HttpContext context) =>
                (await desk.AnswerAsync(TerminalLogIn.TerminalOf(context.User), scan)).ToHttp(context))
            .WithSummary("One scan; the same id gives the same answer").Produces<ScanAnswer>().ProducesProblem(400).ProducesProblem(409).ProducesProblem(429);
        device.MapPost("/report", async (TerminalReport report, TakeReport desk, HttpContext context) =>
                (await desk.RunAsync(TerminalLogIn.TerminalOf(context.User), report)).ToHttp(context))
            .WithMetadata(RateLimit.Report).WithSummary("How the terminal stands, each minute").Produces(204).ProducesProblem(400).ProducesProblem(409).ProducesProblem(429);
    }

    private static async Task<IResult> LogInAsync(TerminalLogin login, TerminalLogIn logIn, HttpContext context)
    {
        var protocol = Protocol.Read(context.Request.Headers[Protocol.Header]);
        if (await logIn.TryAsync(login, protocol) is not { } answer) return TypedResults.Problem(statusCode: StatusCodes.Status401Unauthorized);
        var mustUpdate = protocol < Protocol.OldestAccepted && answer.Status is (TerminalStatus.Active or TerminalStatus.Quarantined);
        return mustUpdate ? TooOld(context) : TypedResults.Ok(answer);
    }

    /// <summary>426: the terminal is genuine, and its program too old to be let in. Nothing that it keeps is lost by waiting.</summary>
    private static ProblemHttpResult TooOld(HttpContext context)
    {
        var language = Portal.Speech.LanguageOf(context);
        if (HttpProtocol.IsHttp11(context.Request.Protocol)) context.Response.Headers.Upgrade = $"Voucher/{Protocol.Current}"; // RFC 9110 asks for it; HTTP/2 forbids it.
        return TypedResults.Problem(
            type: "urn:voucher:protocol",
            title: new Words("终端程序太旧，须先更新才能联网。", "The terminal's program is too old to be let in; update it first.").In(language),
            detail: new Words("已保存的扫码都在终端上，更新后自动补送。", "What it has saved stays there and is sent after the update.").In(language),
            statusCode: StatusCodes.Status426UpgradeRequired,
            extensions: new Dictionary<string, object?> { ["protocol"] = Protocol.Current, ["oldestProtocol"] = Protocol.OldestAccepted });
    }

    private static async Task<IResult> SetupAsync(
        TerminalStore terminals, IssuingKeys keys, KeyFolder folder, PolicyStore policies, DeskCaseStore cases, County county, TimeProvider clock, HttpContext context)
    {
        var terminal = await terminals.FindAsync(TerminalLogIn.TerminalOf(context.User));
        if (terminal is not { Status: TerminalStatus.Active }) return Problems.Of(Refusal.Of(RefusalCode.TerminalNotActive), context);
        var today = CountyTime.DayOf(clock.GetUtcNow());
        var classes = await terminals.ClassesAsync(terminal.InstitutionId, today);
        var rules = (await policies.InForceOrLastAsync(today)).Parameters;
        return TypedResults.Ok(new TerminalSetup(
            terminal.Id.Value, terminal.Name, county.Region.Value, county.Name, terminal.InstitutionName,
            keys.RootPublicKey(), await keys.SignedListAsync(), folder.BindingKey(), classes, terminal.LastSequence,
            new OfflineLimits(
                rules.OfflineWarnHours, rules.OfflineEnrolHours, rules.OfflineAttendanceDays, rules.OfflineEnrolments,
                rules.EnrolmentOpensDaysBefore, rules.EnrolmentClosesDaysAfter, rules.SessionMarginMinutes),
            await cases.OfTerminalAsync(terminal.Id, clock.GetUtcNow())));
    }

    private static TerminalRow Show(TerminalStore.Row row) => new(
        row.Id.Value, row.InstitutionId.Value, row.InstitutionName, row.Name, row.Fingerprint, row.Status, row.LastSeenAt, row.Replaces?.Value);
}
