using Voucher.Server.Api;

namespace Voucher.Server.Institutions.Consequences;

/// <summary>The ladder of consequences by HTTP.</summary>
public static class ConsequenceEndpoints
{
    /// <param name="Text">At most 1,000 characters; may be left out where the step says nothing.</param>
    /// <param name="DueOn">With <c>extend</c>: the new last day.</param>
    public sealed record StepRequest(string? Text, DateOnly? DueOn);

    public sealed record Made(long Id);

    public static void AddConsequences(this IServiceCollection services) =>
        services.AddSingleton<ImposeConsequence>().AddSingleton<ConsequenceReading>();

    public static void MapConsequences(this WebApplication app)
    {
        app.MapPost("/api/institutions/{id:int}/consequences", async (int id, ConsequenceForm form, ImposeConsequence impose, HttpContext context) =>
                await impose.ProposeAsync(new InstitutionId(id), form, context.Actor()) switch
                {
                    Outcome<ConsequenceId>.Done(var made) => TypedResults.Ok(new Made(made.Value)),
                    var outcome => outcome.ToHttp(context),
                })
            .RequireAuthorization(Permission.ProposeRecovery).WithTags("Institutions")
            .WithSummary("Propose a warning, a rectification by a date or a licence proposal").Produces<Made>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        Step(app, "confirm", Permission.DecideRecovery, "Decide what another person has put forward", (impose, id, request, actor) => impose.ConfirmAsync(id, request.Text, actor));
        Step(app, "reject", Permission.DecideRecovery, "Turn it down, with the reason", (impose, id, request, actor) => impose.RejectAsync(id, request.Text, actor));
        Step(app, "withdraw", Permission.ProposeRecovery, "Withdraw one's own proposal", (impose, id, _, actor) => impose.WithdrawAsync(id, actor));
        Step(app, "answer", Permission.SubmitClaim, "The institution's answer to a notice of rectification", (impose, id, request, actor) => impose.AnswerAsync(id, request.Text, actor));
        Step(app, "lift", Permission.ProposeRecovery, "Propose to accept or lift it", (impose, id, request, actor) => impose.ProposeLiftAsync(id, request.Text, actor));
        Step(app, "extend", Permission.ProposeRecovery, "Propose another last day", (impose, id, request, actor) => impose.ProposeExtendAsync(id, request.Text, request.DueOn, actor));
        Step(app, "conclude", Permission.ProposeRecovery, "Record the licensing authority's answer", (impose, id, request, actor) => impose.ConcludeAsync(id, request.Text, actor));
    }

    private static void Step(
        WebApplication app, string step, string permission, string summary, Func<ImposeConsequence, ConsequenceId, StepRequest, Actor, Task<Outcome<Nothing>>> take) =>
        app.MapPost($"/api/consequences/{{id:long}}/{step}", async (long id, StepRequest request, ImposeConsequence impose, HttpContext context) =>
                (await take(impose, new ConsequenceId(id), request, context.Actor())).ToHttp(context))
            .RequireAuthorization(permission).WithTags("Institutions").WithSummary(summary).Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
}
