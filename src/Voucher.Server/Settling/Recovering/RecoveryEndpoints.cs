using Voucher.Core.Settling;
using Voucher.Server.Api;

namespace Voucher.Server.Settling.Recovering;

/// <summary>Taking back by HTTP.</summary>
public static class RecoveryEndpoints
{
    /// <param name="Reason">At most 200 characters; must be given where something is turned down or a reversal proposed.</param>
    public sealed record ReasonRequest(string? Reason);

    public sealed record Made(long Id);

    public sealed record Decided(string Notice);

    public sealed record LineAnswer(string Voucher, long AmountFen, long FromPaidFen, long FromOwedFen, long FromRetainedFen, string Reason);

    public sealed record Answer(
        long Id, string State, string Debtor, string Source, string Finding, string Notice, long AmountFen, long ReceivableFen, long PaidInFen, long NettedFen,
        long OutstandingFen, DateOnly PayBy, string Rule, IReadOnlyList<LineAnswer> Lines);

    public static void AddRecovering(this IServiceCollection services) => services
        .AddSingleton<ProposeRecovery>().AddSingleton<DecideRecovery>().AddSingleton<ReverseRecovery>().AddSingleton<RecordPayIn>()
        .AddSingleton<RecoveryReading>().AddSingleton<ExportNotice>();

    public static void MapRecovering(this WebApplication app)
    {
        app.MapPost("/api/recoveries", async (RecoveryForm form, ProposeRecovery propose, HttpContext context) =>
                await propose.RunAsync(form, context.Actor()) switch
                {
                    Outcome<RecoveryId>.Done(var id) => TypedResults.Ok(new Made(id.Value)),
                    var outcome => outcome.ToHttp(context),
                })
            .RequireAuthorization(Permission.ProposeRecovery).WithTags("Settling").WithSummary("Propose what is to be taken back: one voucher a line, with amount and reason")
            .Produces<Made>().ProducesProblem(400).ProducesProblem(409);
        app.MapGet("/api/recoveries/{id:long}", async (long id, RecoveryReading recoveries, HttpContext context) =>
                await recoveries.FindAsync(new RecoveryId(id), context.Actor()) is { } known
                    ? TypedResults.Ok(View(known))
                    : (IResult)Problems.Of(Refusal.Of(RefusalCode.NotFound), context))
            .RequireAuthorization(Permission.ReadRecoveries).WithTags("Settling").WithSummary("A recovery with its lines; an institution reads its own").Produces<Answer>().ProducesProblem(404);
        app.MapPost("/api/recoveries/{id:long}/confirm", async (long id, ReasonRequest request, DecideRecovery decide, HttpContext context) =>
                await decide.ConfirmAsync(new RecoveryId(id), request.Reason, context.Actor()) switch
                {
                    Outcome<NoticeNumber>.Done(var notice) => TypedResults.Ok(new Decided(notice.ToString())),
                    var outcome => outcome.ToHttp(context),
                })
            .RequireAuthorization(Permission.DecideRecovery).WithTags("Settling").WithSummary("Decide to take back what another person proposed")
            .Produces<Decided>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        Step(app, "withdraw", Permission.ProposeRecovery, "Withdraw one's own proposal", (services, id, _, actor) => services.GetRequiredService<DecideRecovery>().WithdrawAsync(id, actor));
        Step(app, "reject", Permission.DecideRecovery, "Turn it down, with the reason", (services, id, reason, actor) => services.GetRequiredService<DecideRecovery>().RejectAsync(id, reason, actor));
        Step(app, "propose-reversal", Permission.ProposeRecovery, "Say that the decision was wrong", (services, id, reason, actor) => services.GetRequiredService<ReverseRecovery>().ProposeAsync(id, reason, actor));
        Step(app, "reverse", Permission.DecideRecovery, "Reverse a wrong decision", (services, id, reason, actor) => services.GetRequiredService<ReverseRecovery>().ConfirmAsync(id, reason, actor));
        Step(app, "keep", Permission.DecideRecovery, "Let the decision stand", (services, id, reason, actor) => services.GetRequiredService<ReverseRecovery>().DropAsync(id, reason, actor));
        app.MapPost("/api/recoveries/{id:long}/pay-ins", async (long id, PayInForm form, RecordPayIn payIn, HttpContext context) =>
                (await payIn.RunAsync(new RecoveryId(id), form, context.Actor())).ToHttp(context))
            .RequireAuthorization(Permission.RecordPayIn).WithTags("Settling").WithSummary("Record what was paid in, by the bank's document")
            .Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
    }

    private static void Step(
        WebApplication app, string step, string permission, string summary, Func<IServiceProvider, RecoveryId, string?, Actor, Task<Outcome<Nothing>>> take) =>
        app.MapPost($"/api/recoveries/{{id:long}}/{step}", async (long id, ReasonRequest request, HttpContext context) =>
                (await take(context.RequestServices, new RecoveryId(id), request.Reason, context.Actor())).ToHttp(context))
            .RequireAuthorization(permission).WithTags("Settling").WithSummary(summary).Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);

    private static Answer View(RecoveryDetail known)
    {
        var summary = known.Summary;
        return new Answer(
            summary.Id.Value, summary.State.ToString(), summary.Debtor, summary.Source.ToString(), summary.Finding, summary.Notice, summary.Amount.Value,
            summary.Receivable.Value, summary.PaidIn.Value, summary.Netted.Value, summary.Outstanding.Value, summary.PayBy, known.Rule,
            [.. known.Lines.Select(line => new LineAnswer(
                line.Voucher.ToString(), line.Amount.Value, line.FromPaid.Value, line.FromOwed.Value, line.FromRetained.Value, line.Reason))]);
    }
}
