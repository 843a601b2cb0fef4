using Voucher.Server.Api;

namespace Voucher.Server.Settling.Budget;

/// <summary>Budget lines by HTTP: balances, opening, allocating.</summary>
public static class BudgetEndpoints
{
    /// <summary>allocatedFen = unreservedFen + reservedFen + payableFen + paidFen + receivableFen.</summary>
    public sealed record LineView(
        int Id, string FundSource, string DocumentNo, int Year, string Department, string Name,
        long AllocatedFen, long UnreservedFen, long ReservedFen, long PayableFen, long PaidFen, long ReceivableFen);

    /// <param name="DocumentNo">文号 of the fund source; at most 40 characters each.</param>
    public sealed record OpenRequest(string? FundSource, string? DocumentNo, int? Year, string? Department, string? Name);

    /// <param name="DocumentNo">文号 that allocates the money; once a line.</param>
    public sealed record AllocateRequest(long? AmountFen, string? DocumentNo);

    public sealed record Opened(int Id);

    public static void MapBudget(this WebApplication app)
    {
        app.MapGet("/api/budget-lines", ListAsync).RequireAuthorization(Permission.ReadLedger).WithTags("Settling")
            .WithSummary("Budget lines with their balances").Produces<IReadOnlyList<LineView>>();
        app.MapPost("/api/budget-lines", OpenAsync).RequireAuthorization(Permission.EditBudget).WithTags("Settling")
            .WithSummary("Open a budget line of a fund source").Produces<Opened>().ProducesProblem(400);
        app.MapPost("/api/budget-lines/{id:int}/allocate", AllocateAsync).RequireAuthorization(Permission.EditBudget).WithTags("Settling")
            .WithSummary("Allocate money to a budget line").Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<IResult> ListAsync(BudgetStore budget) =>
        TypedResults.Ok<IReadOnlyList<LineView>>([.. (await budget.ListAsync()).Select(line => new LineView(
            line.Id.Value, line.Source, line.SourceDocument, line.Year, line.Department, line.Name, line.Allocated.Value,
            line.Unreserved.Value, line.Reserved.Value, line.Payable.Value, line.Paid.Value, line.Receivable.Value))]);

    private static async Task<IResult> OpenAsync(OpenRequest request, OpenBudgetLine open, HttpContext context) =>
        await open.RunAsync(context.Actor(), request.FundSource, request.DocumentNo, request.Year, request.Department, request.Name) switch
        {
            Outcome<BudgetLineId>.Done(var line) => TypedResults.Ok(new Opened(line.Value)),
            var outcome => outcome.ToHttp(context),
        };

    private static async Task<IResult> AllocateAsync(int id, AllocateRequest request, AllocateBudget allocate, HttpContext context) =>
        (await allocate.RunAsync(
            context.Actor(), new BudgetLineId(id), request.AmountFen is { } fen ? new Fen(fen) : null, request.DocumentNo)).ToHttp(context);
}
