using Voucher.Core.Fraud;
using Voucher.Core.Wire;
using Voucher.Server.Api;

namespace Voucher.Server.Fraud;

/// <summary>Holds, decisions and bait over HTTP; the county's only.</summary>
public static class FraudEndpoints
{
    /// <summary>Bait vouchers in one answer.</summary>
    public const int MostBaits = 500;

    /// <param name="Mode"><c>Enrol</c>, <c>CheckIn</c>, <c>CheckOut</c> or <c>Complete</c>.</param>
    /// <param name="Refusal">The answer's number; 0: accepted, <c>null</c>: the scan that raised the hold.</param>
    public sealed record EvidenceAnswer(DateTimeOffset At, string Mode, string VoucherNumber, string Terminal, string Institution, int? Refusal);

    /// <param name="Verdict"><c>Release</c> or <c>Confirm</c>.</param>
    public sealed record DecisionAnswer(string Verdict, string Reason, string DecidedBy, DateTimeOffset DecidedAt);

    /// <param name="Reason">Name of the reason, such as <c>TwoPlaces</c>.</param>
    /// <param name="Holder">Masked; <c>null</c> for bait.</param>
    public sealed record HoldAnswer(
        long Id, string CaseNumber, string Reason, string VoucherNumber, string? Holder, string VoucherState, DateTimeOffset OpenedAt, DateTimeOffset DueAt,
        bool IsOpen, IReadOnlyList<EvidenceAnswer> Evidence, IReadOnlyList<DecisionAnswer> Decisions);

    /// <param name="Verdict"><c>release</c> or <c>confirm</c>.</param>
    /// <param name="Reason">1–200 characters.</param>
    public sealed record DecisionRequest(string? Verdict, string? Reason);

    public sealed record BaitAnswer(string VoucherNumber, string Holder, DateTimeOffset IssuedAt, DateOnly ValidUntil, DateTimeOffset? ShownAt);

    /// <param name="VoucherNumber">Sixteen digits.</param>
    public sealed record NewBaitAnswer(string VoucherNumber);

    public static void MapFraud(this WebApplication app)
    {
        var fraud = app.MapGroup("/api/fraud").WithTags("Fraud");
        fraud.MapGet("/holds", ListAsync).RequireAuthorization(Permission.ReadHolds)
            .WithSummary("Holds: open ones by deadline, or closed ones newest first").Produces<HoldAnswer[]>().ProducesProblem(400);
        fraud.MapGet("/holds/{id:long}", FindAsync).RequireAuthorization(Permission.ReadHolds)
            .WithSummary("One hold with its evidence and decisions").Produces<HoldAnswer>().ProducesProblem(404);
        fraud.MapPost("/holds/{id:long}/decision", async (long id, DecisionRequest request, DecideHold decide, HttpContext context) =>
                (await decide.RunAsync(id, HoldVerdicts.Read(request.Verdict), request.Reason, context.Actor())).ToHttp(context))
            .RequireAuthorization(Permission.DecideHold).WithSummary("Release the voucher, or confirm the suspicion")
            .Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        fraud.MapGet("/baits", BaitsAsync).RequireAuthorization(Permission.IssueBait)
            .WithSummary("Bait vouchers, newest first").Produces<BaitAnswer[]>();
        fraud.MapPost("/baits", IssueAsync).RequireAuthorization(Permission.IssueBait)
            .WithSummary("Make a bait voucher that nobody holds").Produces<NewBaitAnswer>().ProducesProblem(400).ProducesProblem(409);
    }

    private static async Task<IResult> ListAsync(HoldReading holds, HttpContext context, bool open = true, int page = 1)
    {
        if (ListPage.ProblemOf(page) is { } problem) return Problems.Of([problem], context);
        var found = await holds.ListAsync(open, (page - 1) * HoldReading.PageSize, HoldReading.PageSize);
        return TypedResults.Ok(found.Select(Show).ToArray());
    }

    private static async Task<IResult> FindAsync(long id, HoldReading holds, HttpContext context) =>
        await holds.FindAsync(id) is { } hold ? TypedResults.Ok(Show(hold)) : Problems.Of(Refusal.Of(RefusalCode.NotFound), context);

    private static async Task<IResult> BaitsAsync(NpgsqlDataSource database, County county)
    {
        await using var connection = await database.OpenConnectionAsync();
        var baits = await BaitStore.ListAsync(connection, county.Region, MostBaits);
        return TypedResults.Ok(baits.Select(bait => new BaitAnswer(bait.Voucher.ToString(), bait.Holder, bait.IssuedAt, bait.ValidUntil, bait.ShownAt)).ToArray());
    }

    private static async Task<IResult> IssueAsync(BaitForm form, IssueBait issue, HttpContext context) =>
        await issue.RunAsync(form, context.Actor()) switch
        {
            Outcome<VoucherId>.Done(var voucher) => TypedResults.Ok(new NewBaitAnswer(voucher.ToString().Replace(" ", "", StringComparison.Ordinal))),
            var outcome => outcome.ToHttp(context),
        };

    private static HoldAnswer Show(HoldDetail hold) => new(
        hold.Hold.Id, hold.Hold.CaseNumber, hold.Hold.Reason.ToString(), hold.Voucher.ToString(), hold.Holder, hold.State.ToString(), hold.OpenedAt, hold.Hold.DueAt,
        hold.IsOpen,
        [.. hold.Evidence.Select(seen => new EvidenceAnswer(seen.At, seen.Mode.ToString(), new VoucherId(seen.VoucherId).ToString(), seen.TerminalName, seen.InstitutionName, seen.Refusal))],
        [.. hold.Decisions.Select(decision => new DecisionAnswer(decision.Verdict.ToString(), decision.Reason, decision.DecidedBy, decision.DecidedAt))]);
}
