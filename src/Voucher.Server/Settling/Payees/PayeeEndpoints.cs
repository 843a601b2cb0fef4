using Voucher.Server.Api;

namespace Voucher.Server.Settling.Payees;

/// <summary>Payee accounts by HTTP; numbers go in and never come out.</summary>
public static class PayeeEndpoints
{
    /// <param name="Warnings">Sentences that the proposer should read.</param>
    public sealed record Proposed(int Id, IReadOnlyList<string> Warnings);

    public sealed record Verified(DateOnly UsableFrom);

    public sealed record EndRequest(string? Reason);

    /// <param name="WaitingRows">Transfers that wait to go to the account: they are not handed over any more.</param>
    public sealed record Ended(int WaitingRows);

    public sealed record AccountView(
        int Id, string State, string HolderName, string Bank, string AccountMasked, string? ProposedBy, DateTimeOffset ProposedAt,
        string? VerifiedBy, DateOnly? UsableFrom, DateOnly? ReplacedFrom, DateTimeOffset? EndedAt, string? EndReason, string? AlsoOf);

    public static void MapPayees(this WebApplication app)
    {
        app.MapGet("/api/institutions/{id:int}/payees", (int id, PayeeReading payees) => ListAsync(PayeeOwner.Of(new InstitutionId(id)), payees))
            .RequireAuthorization(Permission.ReadPayees).WithTags("Settling")
            .WithSummary("All accounts that the institution has had, newest first; masked").Produces<IReadOnlyList<AccountView>>();
        app.MapPost("/api/institutions/{id:int}/payees", (int id, PayeeForm form, ProposePayee propose, HttpContext context) =>
                ProposeAsync(PayeeOwner.Of(new InstitutionId(id)), form, propose, context))
            .RequireAuthorization(Permission.ProposePayee).WithTags("Settling")
            .WithSummary("Propose an account; another verifies it").Produces<Proposed>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        app.MapPost("/api/people/{id:long}/payees", (long id, PayeeForm form, ProposePayee propose, HttpContext context) =>
                ProposeAsync(PayeeOwner.Of(new PersonId(id)), form, propose, context))
            .RequireAuthorization(Permission.ProposePayee).WithTags("Settling")
            .WithSummary("Propose a trainee's account; another verifies it").Produces<Proposed>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        app.MapPost("/api/payees/{id:int}/verify", async (int id, DecidePayee decide, HttpContext context) =>
                await decide.VerifyAsync(context.Actor(), id) switch
                {
                    Outcome<DateOnly>.Done(var from) => TypedResults.Ok(new Verified(from)),
                    var outcome => outcome.ToHttp(context),
                })
            .RequireAuthorization(Permission.VerifyPayee).WithTags("Settling")
            .WithSummary("Verify a proposed account; it is used after the waiting time").Produces<Verified>().ProducesProblem(404).ProducesProblem(409);
        app.MapPost("/api/payees/{id:int}/end", async (int id, EndRequest request, DecidePayee decide, HttpContext context) =>
                await decide.EndAsync(context.Actor(), id, request.Reason) switch
                {
                    Outcome<int>.Done(var waiting) => TypedResults.Ok(new Ended(waiting)),
                    var outcome => outcome.ToHttp(context),
                })
            .RequireAuthorization(Permission.VerifyPayee).WithTags("Settling")
            .WithSummary("Send a proposal back, or end an account; the one that it replaced does not come back").Produces<Ended>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<IResult> ListAsync(PayeeOwner owner, PayeeReading payees) =>
        TypedResults.Ok<IReadOnlyList<AccountView>>([.. (await payees.OfAsync(owner)).Select(account => new AccountView(
            account.Id, account.StateOn(payees.Today).ToString(), account.HolderName, account.Bank, account.AccountMasked, account.ProposedBy, account.ProposedAt,
            account.VerifiedBy, account.UsableFrom, account.ReplacedFrom, account.EndedAt, account.EndReason, account.AlsoOf))]);

    private static async Task<IResult> ProposeAsync(PayeeOwner owner, PayeeForm form, ProposePayee propose, HttpContext context) =>
        await propose.RunAsync(context.Actor(), owner, form) switch
        {
            Outcome<ProposedPayee>.Done(var proposed) => TypedResults.Ok(new Proposed(
                proposed.Id, proposed.IsDoubtfulCard ? ["The number is as long as a bank card's, but its check digit is wrong."] : [])),
            var outcome => outcome.ToHttp(context),
        };
}
