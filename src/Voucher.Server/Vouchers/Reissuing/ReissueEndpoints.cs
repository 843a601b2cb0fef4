using Voucher.Server.Api;
using Voucher.Server.Issuing;
using Voucher.Server.Portal;

namespace Voucher.Server.Vouchers.Reissuing;

/// <param name="Request">Number of the request.</param>
public sealed record ReissueRequestedAnswer(long Request);

/// <param name="Number">The how-manieth reissue it would be.</param>
/// <param name="Successor">The new voucher, when it was approved.</param>
public sealed record ReissueAnswer(
    long Id, string Voucher, int Number, string Reason, string RequestedBy, DateTimeOffset RequestedAt,
    bool? Approved, string? DecidedBy, DateTimeOffset? DecidedAt, string? DecidedReason, string? Successor)
{
    public static ReissueAnswer Of(ReissueRequest one) => new(
        one.Id, one.VoucherId.ToString(), one.Number, one.Reason, one.RequestedBy, one.RequestedAt,
        one.Decision is { } decision ? decision == 1 : null, one.DecidedBy, one.DecidedAt, one.DecidedReason, one.Successor?.ToString());
}

public sealed record ReissueListAnswer(IReadOnlyList<ReissueAnswer> Requests, int Page, int Total);

/// <summary>Reviewed reissues by HTTP.</summary>
public static class ReissueEndpoints
{
    public static void MapReissues(this WebApplication app)
    {
        app.MapPost("/api/vouchers/{number}/request-reissue", RequestAsync).WithTags("Vouchers").RequireAuthorization(Permission.HandleVouchers)
            .WithSummary("Ask another person to review a further reissue")
            .Produces<ReissueRequestedAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        var all = app.MapGroup("/api/reissues").WithTags("Vouchers");
        all.MapGet("", ListAsync).RequireAuthorization(Permission.ReadBatches)
            .WithSummary("Requests for reviewed reissues, open ones first, 50 a page").Produces<ReissueListAnswer>().ProducesProblem(400);
        all.MapPost("/{id:long}/approve", (long id, DecideReissue decide, HttpContext context) => AnswerAsync(decide.ApproveAsync(id, context.Actor()), context))
            .RequireAuthorization(Permission.ApproveBatch)
            .WithSummary("Approve: the voucher is replaced at once").Produces<VoucherNumberAnswer>().ProducesProblem(404).ProducesProblem(409);
        all.MapPost("/{id:long}/refuse", (long id, ReasonRequest request, DecideReissue decide, HttpContext context) =>
                AnswerAsync(decide.RefuseAsync(id, request.Reason, context.Actor()), context))
            .RequireAuthorization(Permission.ApproveBatch)
            .WithSummary("Turn it down").Produces<VoucherNumberAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<IResult> RequestAsync(string number, ReasonRequest request, RequestReissue ask, HttpContext context)
    {
        if (!VoucherId.TryParse(number, out var id)) return Problems.Of(Refusal.Of(RefusalCode.NotFound), context);
        return await ask.RunAsync(id, request.Reason, context.Actor()) switch
        {
            Outcome<long>.Done(var made) => TypedResults.Ok(new ReissueRequestedAnswer(made)),
            var outcome => outcome.ToHttp(context),
        };
    }

    private static async Task<IResult> ListAsync(NpgsqlDataSource database, County county, HttpContext context, int page = 1)
    {
        if (ListPage.ProblemOf(page) is { } problem) return Problems.Of([problem], context);
        await using var connection = await database.OpenConnectionAsync();
        var list = await ReissueStore.ListAsync(connection, county.Region, (page - 1) * PortalPage.PageSize, PortalPage.PageSize);
        return TypedResults.Ok(new ReissueListAnswer([.. list.Select(ReissueAnswer.Of)], page, await ReissueStore.CountAsync(connection, county.Region)));
    }

    private static async Task<IResult> AnswerAsync(Task<Outcome<VoucherId>> outcome, HttpContext context) => await outcome switch
    {
        Outcome<VoucherId>.Done(var done) => TypedResults.Ok(new VoucherNumberAnswer(done.ToString())),
        var other => other.ToHttp(context),
    };
}
