using Voucher.Core.Settling;
using Voucher.Server.Api;

namespace Voucher.Server.Settling.Allowances;

/// <summary>Allowances by HTTP: drawn up, approved by another person, cancelled.</summary>
public static class AllowanceEndpoints
{
    public sealed record Made(long Id);

    public sealed record EntryView(
        long Id, string Name, string IdNumberMasked, string ClassName, string Institution, string Kind, IReadOnlyList<DateOnly> Days, string Arithmetic, long AmountFen,
        string? AccountMasked, bool IsAccountShared, string State);

    public sealed record ListView(
        long Id, string Month, string? Institution, string BudgetLine, string State, int People, int Days, long TotalFen, long PaidFen, string? Rule,
        IReadOnlyList<EntryView> Entries);

    public sealed record CancelRequest(string? Reason);

    public static void MapAllowances(this WebApplication app)
    {
        app.MapPost("/api/allowances", DraftAsync).RequireAuthorization(Permission.DraftAllowances).WithTags("Settling")
            .WithSummary("Draw up a month's list of allowances").Produces<Made>().ProducesProblem(400).ProducesProblem(409);
        app.MapGet("/api/allowances/{id:long}", FindAsync).RequireAuthorization(Permission.ReadAllowances).WithTags("Settling")
            .WithSummary("A list with its entries; accounts are masked").Produces<ListView>().ProducesProblem(404);
        app.MapPost("/api/allowances/{id:long}/approve", ApproveAsync).RequireAuthorization(Permission.ApproveAllowances).WithTags("Settling")
            .WithSummary("Approve a list as a whole").Produces(204).ProducesProblem(404).ProducesProblem(409);
        app.MapPost("/api/allowances/{id:long}/cancel", CancelAsync).RequireAuthorization(Permission.ApproveAllowances).WithTags("Settling")
            .WithSummary("Cancel a list of which nothing is on its way").Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<IResult> DraftAsync(AllowanceRequest request, DrawUpAllowances drawUp, HttpContext context) =>
        await drawUp.RunAsync(context.Actor(), request) switch
        {
            Outcome<AllowanceListId>.Done(var list) => TypedResults.Ok(new Made(list.Value)),
            var outcome => outcome.ToHttp(context),
        };

    private static async Task<IResult> FindAsync(long id, AllowanceReading reading, HttpContext context)
    {
        if (await reading.FindAsync(new AllowanceListId(id)) is not { } list) return Problems.Of(Refusal.Of(RefusalCode.NotFound), context);
        var entries = await reading.EntriesAsync(list.Id);
        return TypedResults.Ok(new ListView(
            id, DrawUpAllowances.MonthName(list.Month), list.Institution, list.Line, list.State.ToString(), list.People, list.Days, list.Total.Value, list.PaidFen.Value, list.Rule,
            [.. entries.Select(entry => new EntryView(
                entry.Id.Value, entry.Holder, entry.IdNumberMasked, entry.ClassName, entry.Institution, entry.Kind.ToString(), [.. entry.Amount.Days.Select(day => day.Day)],
                entry.Amount.Arithmetic.Zh, entry.Amount.Amount.Value, entry.AccountMasked, entry.IsShared, entry.State.En))]));
    }

    private static async Task<IResult> ApproveAsync(long id, ApproveAllowances approve, HttpContext context) =>
        (await approve.RunAsync(context.Actor(), new AllowanceListId(id))).ToHttp(context);

    private static async Task<IResult> CancelAsync(long id, CancelRequest request, CancelAllowances cancel, HttpContext context) =>
        (await cancel.ListAsync(context.Actor(), new AllowanceListId(id), request.Reason)).ToHttp(context);
}
