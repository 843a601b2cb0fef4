using Voucher.Server.Api;

namespace Voucher.Server.Issuing.LeavingOut;

/// <param name="List">The mark of the list that was read.</param>
public sealed record LeaveOutListRequest(string? List);

/// <param name="List">The mark of the list that was read.</param>
/// <param name="Reason">1–200 characters.</param>
public sealed record AskLeaveOutRequest(string? List, string? Reason);

/// <summary>Who of a batch may no longer have a voucher.</summary>
/// <param name="List">Its mark: whoever asks or decides sends it back.</param>
/// <param name="Total">How many they are.</param>
/// <param name="PeopleAfter">How many the batch would have without them.</param>
/// <param name="IsAsked">Whether a request waits for a second person.</param>
public sealed record IneligibleAnswer(
    IReadOnlyList<JudgedPersonAnswer> People, string List, int Page, int Total, int PeopleAfter, long MoneyAfterFen, bool IsAsked)
{
    public static IneligibleAnswer Of(IneligibleView view) => new(
        [.. view.People.Select(JudgedPersonAnswer.Of)], view.Mark, view.Page, view.Total, view.PeopleAfter, view.MoneyAfter.Value, view.Open is not null);
}

/// <summary>Leaving people out by HTTP: who they are, asking, and the second person's decision.</summary>
public static class LeaveOutEndpoints
{
    public static void MapLeavingOut(this WebApplication app)
    {
        var batch = app.MapGroup("/api/batches/{id:long}").WithTags("Batches");
        batch.MapGet("/ineligible", ListAsync).RequireAuthorization(Permission.ReadBatches)
            .WithSummary("Who of a drafted or paused batch may no longer have a voucher and why, 50 a page")
            .Produces<IneligibleAnswer>().ProducesProblem(400).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409);
        batch.MapPost("/approve-without", (long id, LeaveOutListRequest request, ApproveBatch approve, NpgsqlDataSource database, HttpContext context) =>
                BatchEndpoints.AnswerAsync(approve.RunAsync(new BatchId(id), context.Actor(), request.List ?? ""), database, context))
            .RequireAuthorization(Permission.ApproveBatch)
            .WithSummary("Approve a drafted batch and leave those out who may no longer have a voucher")
            .Produces<BatchAnswer>().ProducesProblem(404).ProducesProblem(409);
        batch.MapPost("/ask-leave-out", (long id, AskLeaveOutRequest request, AskLeaveOut ask, NpgsqlDataSource database, HttpContext context) =>
                BatchEndpoints.AnswerAsync(ask.RunAsync(new BatchId(id), request.List, request.Reason, context.Actor()), database, context))
            .RequireAuthorization(Permission.DraftBatch)
            .WithSummary("Ask that those of a paused batch be left out who may no longer have a voucher, and the others go on")
            .Produces<BatchAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        batch.MapPost("/leave-out", (long id, LeaveOutListRequest request, DecideLeaveOut decide, NpgsqlDataSource database, HttpContext context) =>
                BatchEndpoints.AnswerAsync(decide.ApproveAsync(new BatchId(id), request.List, context.Actor()), database, context))
            .RequireAuthorization(Permission.ApproveBatch)
            .WithSummary("Leave out whom a clerk asked to leave out; the batch goes on")
            .Produces<BatchAnswer>().ProducesProblem(404).ProducesProblem(409);
        batch.MapPost("/refuse-leave-out", (long id, ReasonRequest request, DecideLeaveOut decide, NpgsqlDataSource database, HttpContext context) =>
                BatchEndpoints.AnswerAsync(decide.RefuseAsync(new BatchId(id), request.Reason, context.Actor()), database, context))
            .RequireAuthorization(Permission.ApproveBatch)
            .WithSummary("Turn the leaving out down; the batch stays paused").Produces<BatchAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<IResult> ListAsync(long id, IneligibleReader reader, NpgsqlDataSource database, County county, HttpContext context, int page = 1)
    {
        if (ListPage.ProblemOf(page) is { } problem) return Problems.Of([problem], context);
        if (!IneligibleReader.MayRead(context.Actor())) return Problems.Of(Refusal.Of(RefusalCode.NotAllowed), context);
        await using var connection = await database.OpenConnectionAsync();
        if (await BatchStore.FindAsync(connection, county.Region, new BatchId(id)) is not { } batch) return Problems.Of(Refusal.Of(RefusalCode.NotFound), context);
        return IneligibleReader.IsOpen(batch)
            ? TypedResults.Ok(IneligibleAnswer.Of(await reader.ReadAsync(batch, page)))
            : Problems.Of(Refusal.Of(RefusalCode.BatchWrongStep, batch.Status.Name()), context);
    }
}
