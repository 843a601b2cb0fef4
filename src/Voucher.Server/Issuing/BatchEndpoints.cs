using Voucher.Core.Issuing;
using Voucher.Server.Api;
using Voucher.Server.Issuing.Judging;
using Voucher.Server.Issuing.Stopping;
using Voucher.Server.Portal;

namespace Voucher.Server.Issuing;

/// <summary>Batches by HTTP: preview, draft, approve, refuse, and the vouchers that came of it.</summary>
public static class BatchEndpoints
{
    public static void MapBatches(this WebApplication app)
    {
        var batches = app.MapGroup("/api/batches").WithTags("Batches");
        batches.MapPost("/preview", PreviewAsync).RequireAuthorization(Permission.DraftBatch)
            .WithSummary("Dry run: who would get a voucher; changes nothing").Produces<PreviewAnswer>().ProducesProblem(400).ProducesProblem(409);
        batches.MapPost("/preview/people", PreviewListAsync).RequireAuthorization(Permission.DraftBatch)
            .WithSummary("Who of a dry run would get a voucher, or would not and why, 50 a page").Produces<PreviewListAnswer>().ProducesProblem(400).ProducesProblem(409);
        batches.MapPost("", DraftAsync).RequireAuthorization(Permission.DraftBatch)
            .WithSummary("Draft a batch and freeze its people").Produces<BatchAnswer>().ProducesProblem(400).ProducesProblem(409);
        batches.MapGet("", ListAsync).RequireAuthorization(Permission.ReadBatches)
            .WithSummary("Batches, newest first, 50 a page").Produces<BatchListAnswer>().ProducesProblem(400);
        batches.MapGet("/{id:long}", GetAsync).RequireAuthorization(Permission.ReadBatches)
            .WithSummary("A batch, its progress and funnel").Produces<BatchAnswer>().ProducesProblem(404);
        batches.MapPost("/{id:long}/approve", (long id, ApproveBatch approve, NpgsqlDataSource database, HttpContext context) =>
                AnswerAsync(approve.RunAsync(new BatchId(id), context.Actor()), database, context))
            .RequireAuthorization(Permission.ApproveBatch)
            .WithSummary("Approve: reserves the money, takes the numbers, signs in the background")
            .Produces<BatchAnswer>().ProducesProblem(404).ProducesProblem(409);
        batches.MapPost("/{id:long}/refuse", (long id, ReasonRequest request, CloseBatch close, NpgsqlDataSource database, HttpContext context) =>
                AnswerAsync(close.RefuseAsync(new BatchId(id), request.Reason, context.Actor()), database, context))
            .RequireAuthorization(Permission.ApproveBatch)
            .WithSummary("Turn a drafted batch down").Produces<BatchAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        batches.MapPost("/{id:long}/cancel", (long id, ReasonRequest request, CloseBatch close, NpgsqlDataSource database, HttpContext context) =>
                AnswerAsync(close.CancelAsync(new BatchId(id), request.Reason, context.Actor()), database, context))
            .RequireAuthorization(Permission.DraftBatch)
            .WithSummary("Take a drafted batch back").Produces<BatchAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        batches.MapPost("/{id:long}/pause", (long id, ReasonRequest request, PauseBatch pause, NpgsqlDataSource database, HttpContext context) =>
                AnswerAsync(pause.RunAsync(new BatchId(id), request.Reason, asksToStop: false, context.Actor()), database, context))
            .RequireAuthorization(Permission.DraftBatch)
            .WithSummary("Write no further vouchers for the time being").Produces<BatchAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        batches.MapPost("/{id:long}/resume", (long id, ResumeBatch resume, NpgsqlDataSource database, HttpContext context) =>
                AnswerAsync(resume.RunAsync(new BatchId(id), context.Actor()), database, context))
            .RequireAuthorization(Permission.DraftBatch)
            .WithSummary("Go on writing a paused batch").Produces<BatchAnswer>().ProducesProblem(404).ProducesProblem(409);
        batches.MapPost("/{id:long}/ask-stop", (long id, ReasonRequest request, PauseBatch pause, NpgsqlDataSource database, HttpContext context) =>
                AnswerAsync(pause.RunAsync(new BatchId(id), request.Reason, asksToStop: true, context.Actor()), database, context))
            .RequireAuthorization(Permission.DraftBatch)
            .WithSummary("Pause a batch and ask another person to end it").Produces<BatchAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        batches.MapPost("/{id:long}/stop", (long id, StopBatch stop, NpgsqlDataSource database, HttpContext context) =>
                AnswerAsync(stop.RunAsync(new BatchId(id), context.Actor()), database, context))
            .RequireAuthorization(Permission.ApproveBatch)
            .WithSummary("End a batch while it is written: the rest gets nothing, what is written and unused is revoked")
            .Produces<BatchAnswer>().ProducesProblem(404).ProducesProblem(409);
        batches.MapGet("/{id:long}/vouchers", VouchersAsync).RequireAuthorization(Permission.PrintVouchers)
            .WithSummary("Vouchers of a batch with the digits of their QR, 50 a page").Produces<BatchVouchersAnswer>().ProducesProblem(404);
    }

    private static async Task<IResult> PreviewAsync(BatchRequest request, DraftBatch draft, HttpContext context) =>
        await draft.PreviewAsync(request) switch
        {
            Outcome<DryRun>.Done(var run) => TypedResults.Ok(PreviewAnswer.Of(run)),
            var outcome => outcome.ToHttp(context),
        };

    private static async Task<IResult> PreviewListAsync(PreviewListRequest request, DraftBatch draft, HttpContext context)
    {
        var page = request.Page ?? 1;
        List<FieldError> faults = [];
        if (request.Batch is null) faults.Add(new("batch", new("请填写批次", "Give the batch")));
        if (ListPage.ProblemOf(page) is { } problem) faults.Add(problem);
        if (request.Reason is not null && Wanted(request.Reason) is null) faults.Add(new("reason", new("没有这个原因", "There is no such reason")));
        if (faults.Count > 0) return Problems.Of(faults, context);
        return await draft.ListAsync(request.Batch!, new JudgedFilter(request.Eligible ?? false, Wanted(request.Reason)), page) switch
        {
            Outcome<JudgedPage>.Done(var list) => TypedResults.Ok(new PreviewListAnswer([.. list.People.Select(JudgedPersonAnswer.Of)], list.Page, list.Total)),
            var outcome => outcome.ToHttp(context),
        };
    }

    private static Ineligibility? Wanted(string? reason) =>
        Enum.GetValues<Ineligibility>().Cast<Ineligibility?>().FirstOrDefault(known => known.ToString() == reason);

    private static async Task<IResult> DraftAsync(BatchRequest request, DraftBatch draft, NpgsqlDataSource database, County county, HttpContext context) =>
        await draft.RunAsync(request, context.Actor()) switch
        {
            Outcome<BatchId>.Done(var id) => await GetAsync(id.Value, database, county, context),
            var outcome => outcome.ToHttp(context),
        };

    private static async Task<IResult> ListAsync(NpgsqlDataSource database, County county, TimeProvider clock, HttpContext context, int page = 1)
    {
        if (ListPage.ProblemOf(page) is { } problem) return Problems.Of([problem], context);
        await using var connection = await database.OpenConnectionAsync();
        var batches = await BatchStore.ListAsync(connection, county.Region, (page - 1) * PortalPage.PageSize, PortalPage.PageSize);
        var funnels = await BatchFunnelStore.ReadAsync(connection, batches.Select(batch => batch.Id), CountyTime.DayOf(clock.GetUtcNow()));
        var total = await BatchStore.CountAsync(connection, county.Region);
        return TypedResults.Ok(new BatchListAnswer(
            [.. batches.Select(batch => BatchAnswer.Of(batch, funnels.GetValueOrDefault(batch.Id, BatchFunnel.Empty)))], page, total));
    }

    private static async Task<IResult> GetAsync(long id, NpgsqlDataSource database, County county, HttpContext context)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await BatchStore.FindAsync(connection, county.Region, new BatchId(id)) is { } batch
            ? TypedResults.Ok(await WithFunnelAsync(connection, batch, context))
            : Problems.Of(Refusal.Of(RefusalCode.NotFound), context);
    }

    private static async Task<IResult> VouchersAsync(long id, ListDigits list, HttpContext context, int page = 1) =>
        ListPage.ProblemOf(page) is { } problem
            ? Problems.Of([problem], context)
            : (await list.RunAsync(new BatchId(id), page, context.Actor())).ToHttp(context);

    internal static async Task<IResult> AnswerAsync(Task<Outcome<Batch>> outcome, NpgsqlDataSource database, HttpContext context)
    {
        if (await outcome is not Outcome<Batch>.Done(var batch)) return (await outcome).ToHttp(context);
        await using var connection = await database.OpenConnectionAsync();
        return TypedResults.Ok(await WithFunnelAsync(connection, batch, context));
    }

    private static async Task<BatchAnswer> WithFunnelAsync(NpgsqlConnection connection, Batch batch, HttpContext context)
    {
        var funnels = await BatchFunnelStore.ReadAsync(connection, [batch.Id], CountyTime.DayOf(context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow()));
        return BatchAnswer.Of(batch, funnels.GetValueOrDefault(batch.Id, BatchFunnel.Empty));
    }
}
