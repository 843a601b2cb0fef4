using Voucher.Server.Api;

namespace Voucher.Server.Ledger.Budget;

/// <summary>Budget lines by HTTP: balances, opening, allocating.</summary>
public static class BudgetEndpoints
{
    /// <summary>allocatedFen = unreservedFen + reservedFen + payableFen + paidFen + receivableFen + retainedFen.</summary>
    public sealed record LineView(
        int Id, string FundSource, string Kind, string DocumentNo, int Year, string Department, string Name,
        long AllocatedFen, long UnreservedFen, long ReservedFen, long PayableFen, long PaidFen, long ReceivableFen, long RetainedFen);

    /// <param name="DocumentNo">文号 of the fund source; at most 40 characters each.</param>
    /// <param name="Kind"><c>Central</c>, <c>Provincial</c>, <c>Prefecture</c>, <c>County</c>, <c>EastWest</c>, <c>UnemploymentInsurance</c>, <c>PovertyRelief</c> or <c>Other</c>.</param>
    /// <param name="Scopes">Trades (1–999) and programmes that the line may pay for; any when not given.</param>
    /// <param name="Categories">Categories of people that it is for; any when not given.</param>
    /// <param name="Kinds">Kinds of training that it may pay for, such as <c>EmploymentSkills</c>; any when not given.</param>
    public sealed record OpenRequest(
        string? FundSource, string? DocumentNo, int? Year, string? Department, string? Name, string? Kind = null, int[]? Scopes = null, string[]? Categories = null,
        string[]? Kinds = null);

    /// <param name="To">Id of another line of the same source and purpose.</param>
    /// <param name="DocumentNo">文号 of the transfer; once between the two lines.</param>
    public sealed record TransferRequest(int? To, long? AmountFen, string? DocumentNo);

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
        app.MapPost("/api/budget-lines/{id:int}/lower", LowerAsync).RequireAuthorization(Permission.EditBudget).WithTags("Settling")
            .WithSummary("Take free money back out of a budget line").Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        app.MapPost("/api/budget-lines/{id:int}/transfer", TransferAsync).RequireAuthorization(Permission.EditBudget).WithTags("Settling")
            .WithSummary("Move free money to another line of the same source and purpose").Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<IResult> LowerAsync(int id, AllocateRequest request, MoveBudget move, HttpContext context) =>
        (await move.LowerAsync(
            context.Actor(), new BudgetLineId(id), request.AmountFen is { } fen ? new Fen(fen) : null, request.DocumentNo)).ToHttp(context);

    private static async Task<IResult> TransferAsync(int id, TransferRequest request, MoveBudget move, HttpContext context) =>
        (await move.TransferAsync(
            context.Actor(), new BudgetLineId(id), request.To is { } to ? new BudgetLineId(to) : null,
            request.AmountFen is { } fen ? new Fen(fen) : null, request.DocumentNo)).ToHttp(context);

    /// <summary><c>null</c> where the word is no kind: <see cref="OpenBudgetLine"/> then names the field.</summary>
    private static FundKind? KindOf(string? word) => word is null
        ? null
        : Enum.GetValues<FundKind>().Cast<FundKind?>().FirstOrDefault(kind => kind.ToString() == word) ?? (FundKind)0;

    private static async Task<IResult> ListAsync(BudgetStore budget) =>
        TypedResults.Ok<IReadOnlyList<LineView>>([.. (await budget.ListAsync()).Select(line => new LineView(
            line.Id.Value, line.Source, line.Kind.ToString(), line.SourceDocument, line.Year, line.Department, line.Name, line.Allocated.Value,
            line.Unreserved.Value, line.Reserved.Value, line.Payable.Value, line.Paid.Value, line.Receivable.Value, line.Retained.Value))]);

    private static async Task<IResult> OpenAsync(OpenRequest request, OpenBudgetLine open, HttpContext context) =>
        await open.RunAsync(context.Actor(), request.FundSource, request.DocumentNo, request.Year, request.Department, request.Name,
            KindOf(request.Kind), FundPurpose.Read(request.Scopes, request.Categories, request.Kinds)) switch
        {
            Outcome<BudgetLineId>.Done(var line) => TypedResults.Ok(new Opened(line.Value)),
            var outcome => outcome.ToHttp(context),
        };

    private static async Task<IResult> AllocateAsync(int id, AllocateRequest request, AllocateBudget allocate, HttpContext context) =>
        (await allocate.RunAsync(
            context.Actor(), new BudgetLineId(id), request.AmountFen is { } fen ? new Fen(fen) : null, request.DocumentNo)).ToHttp(context);
}
