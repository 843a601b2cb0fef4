using Voucher.Core.Wire;
using Voucher.Server.Api;

namespace Voucher.Server.Journals.Conflicts;

/// <summary>Contested enrolments over HTTP; the county's only.</summary>
public static class ConflictEndpoints
{
    /// <param name="ScanId">By which a proposal names it.</param>
    /// <param name="CheckIns">Times that the person came to the class, offline, online, or turned away while nobody was enrolled.</param>
    /// <param name="Waiting">Of those, offline ones that wait for the decision.</param>
    public sealed record ClaimAnswer(
        Guid ScanId, string VoucherNumber, string Institution, string Phone, string Terminal, long ClassId, string ClassName, DateTimeOffset NotBefore,
        DateTimeOffset NotAfter, DateTimeOffset ProbablyAt, string State, int CheckIns, int Waiting);

    /// <param name="Step"><c>Proposed</c>, <c>SentBack</c> or <c>Decided</c>.</param>
    /// <param name="Upheld">The claim spoken for; <c>null</c>: none.</param>
    public sealed record StepAnswer(string Step, Guid? Upheld, string Reason, string By, DateTimeOffset At);

    /// <param name="Holder">Masked.</param>
    /// <param name="Outcome"><c>Upheld</c>, <c>NoneUpheld</c> or <c>ClearedUp</c>; <c>null</c> while it is open.</param>
    /// <param name="NeverPayable">Completed, and decided against: it stays in conflict.</param>
    public sealed record ConflictAnswer(
        long Id, string CaseNumber, string VoucherNumber, string VoucherState, string Holder, DateTimeOffset OpenedAt, bool IsOpen, string? Outcome, Guid? Upheld,
        bool NeverPayable, IReadOnlyList<ClaimAnswer> Claims, IReadOnlyList<StepAnswer> Steps);

    /// <param name="Choice">The scan id of the claim to uphold, or <c>none</c>.</param>
    /// <param name="Reason">1–200 characters.</param>
    /// <param name="Claims">How many claims the case had when it was read: nobody decides on what came since.</param>
    public sealed record ProposalRequest(string? Choice, string? Reason, int? Claims);

    /// <param name="Verdict"><c>confirm</c> or <c>return</c>.</param>
    /// <param name="Reason">1–200 characters.</param>
    /// <param name="Claims">As in the proposal.</param>
    public sealed record DecisionRequest(string? Verdict, string? Reason, int? Claims);

    public static void MapConflicts(this WebApplication app)
    {
        var conflicts = app.MapGroup("/api/conflicts").WithTags("Conflicts");
        conflicts.MapGet("/", ListAsync).RequireAuthorization(Permission.ReadConflicts)
            .WithSummary("Contested enrolments: open ones longest first, or closed ones newest first").Produces<ConflictAnswer[]>().ProducesProblem(400);
        conflicts.MapGet("/{id:long}", FindAsync).RequireAuthorization(Permission.ReadConflicts)
            .WithSummary("One contested enrolment with its claims and what was said of it").Produces<ConflictAnswer>().ProducesProblem(404);
        conflicts.MapPost("/{id:long}/proposal", async (long id, ProposalRequest request, DecideConflict decide, HttpContext context) =>
                (await decide.ProposeAsync(id, ConflictChoice.Read(request.Choice), request.Reason, request.Claims, context.Actor())).ToHttp(context))
            .RequireAuthorization(Permission.DecideConflict).WithSummary("Propose which claim is upheld, or none")
            .Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        conflicts.MapPost("/{id:long}/decision", async (long id, DecisionRequest request, DecideConflict decide, HttpContext context) =>
                (await decide.DecideAsync(id, DecideConflict.ReadVerdict(request.Verdict), request.Reason, request.Claims, context.Actor())).ToHttp(context))
            .RequireAuthorization(Permission.DecideConflict).WithSummary("Another person confirms the proposal, or it is sent back")
            .Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<IResult> ListAsync(ConflictReading conflicts, HttpContext context, bool open = true, int page = 1)
    {
        if (ListPage.ProblemOf(page) is { } problem) return Problems.Of([problem], context);
        var found = await conflicts.ListAsync(open, (page - 1) * ConflictReading.PageSize, ConflictReading.PageSize);
        return TypedResults.Ok(found.Select(Show).ToArray());
    }

    private static async Task<IResult> FindAsync(long id, ConflictReading conflicts, HttpContext context) =>
        await conflicts.FindAsync(id) is { } found ? TypedResults.Ok(Show(found)) : Problems.Of(Refusal.Of(RefusalCode.NotFound), context);

    private static ConflictAnswer Show(ConflictDetail found) => new(
        found.Id, found.CaseNumber, found.Voucher.ToString(), found.State.ToString(), found.Holder, found.OpenedAt, found.IsOpen, found.Outcome?.ToString(), found.Upheld,
        found.IsNeverPayable,
        [.. found.Claims.Select(claim => new ClaimAnswer(
            claim.Scan, claim.Voucher.ToString(), claim.Institution, claim.Phone, claim.Terminal, claim.ClassId.Value, claim.Class, claim.Bounds.From, claim.Bounds.To,
            claim.At, claim.State.ToString(), claim.Presence.Times, claim.Presence.Waiting))],
        [.. found.Steps.Select(step => new StepAnswer(step.Kind.ToString(), step.Upheld, step.Reason, step.By, step.At))]);
}
