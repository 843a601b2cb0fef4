using Voucher.Core.Planning;
using Voucher.Server.Api;
using Voucher.Server.Policies;

namespace Voucher.Server.Planning;

/// <summary>A clerk writes down the targets of a document, anew or as a revision of what is in force.</summary>
public sealed class DraftPlan(NpgsqlDataSource database, PlanStore plans, PolicyStore policies, TimeProvider clock)
{
    private static readonly TargetId NoNumberYet = new(-1);

    public async Task<Outcome<PlanId>> RunAsync(Actor actor, string? documentNo, string? title, int? firstYear, int? lastYear, int? people)
    {
        var read = new FieldReader();
        var document = read.Text("documentNo", documentNo, PlanLimits.LongestDocumentNo);
        var called = read.Text("title", title, PlanLimits.LongestTitle);
        var first = read.Number("firstYear", firstYear, 2016, 2100);
        var last = read.Number("lastYear", lastYear ?? firstYear, first, first + PlanLimits.MostYears - 1);
        var total = read.Number("people", people, 1, PlanLimits.MostPeople);
        if (read.Errors.Count > 0) return read.Errors;
        return await InsertAsync(actor, document, called, first, last, _ =>
            Task.FromResult<IReadOnlyList<Target>>([new(NoNumberYet, null, TargetSplit.Whole, null, null, null, null, null, "", total)]));
    }

    /// <summary>修订: a draft that begins as a copy; it takes the place of the plan when it is approved.</summary>
    public async Task<Outcome<PlanId>> ReviseAsync(Actor actor, PlanId id)
    {
        if (await plans.FindAsync(id) is not { } plan) return Refusal.Of(RefusalCode.NotFound);
        if (plan.Status != PlanStatus.InForce)
            return Refusal.Under(await policies.InForceOrLastAsync(CountyTime.DayOf(clock.GetUtcNow())), RefusalCode.PlanWrongStep, plan.Status.Name());
        return await InsertAsync(actor, plan.DocumentNo, plan.Title, plan.FirstYear, plan.LastYear, connection => TargetStore.ListAsync(connection, null, id));
    }

    private async Task<Outcome<PlanId>> InsertAsync(
        Actor actor, string documentNo, string title, int firstYear, int lastYear, Func<NpgsqlConnection, Task<IReadOnlyList<Target>>> targets)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await plans.InsertAsync(connection, transaction, documentNo, title, firstYear, lastYear, actor, now) is not { } plan)
            return new List<FieldError> { new("documentNo", new("这个文号已有一份草稿，请先批准或放弃它", "The document has a draft already; approve or discard that first")) };
        await TargetStore.InsertAsync(connection, transaction, plan, [.. new TargetTree(await targets(connection)).All]);
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "plan.draft", $"plan:{plan}", "", Ground.Under(Permission.EditPlan));
        await transaction.CommitAsync();
        return plan;
    }
}
