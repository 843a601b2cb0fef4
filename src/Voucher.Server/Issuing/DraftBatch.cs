using Voucher.Server.Issuing.Judging;
using Voucher.Server.Policies;
using Voucher.Server.Portal;
using Voucher.Server.Register;
using Voucher.Server.Ledger.Budget;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Issuing;

/// <summary>A clerk plans a batch: sees beforehand who would get a voucher, then drafts it for another person to approve.</summary>
public sealed class DraftBatch(NpgsqlDataSource database, PolicyStore policies, PersonalData secrets, County county, TimeProvider clock)
{
    /// <summary>More people than any county's yearly plan; a larger batch is likelier a slip.</summary>
    public const int MostPeople = 200_000;

    /// <summary>The dry run: changes nothing.</summary>
    public async Task<Outcome<DryRun>> PreviewAsync(BatchRequest request)
    {
        var now = clock.GetUtcNow();
        if (await policies.InForceOnAsync(CountyTime.DayOf(now)) is not { } policy) return Refusal.Of(RefusalCode.NoRuleInForce);
        return await ReadAsync(request, policy) switch
        {
            Outcome<BatchPlan>.Done(var plan) => await RefusePurposeAsync(plan, policy) is { } outside ? outside : await JudgeAsync(plan, policy),
            Outcome<BatchPlan>.BadInput(var errors) => errors.ToList(),
            _ => throw new InvalidOperationException(),
        };
    }

    /// <summary>Who of the dry run would get a voucher, or would not and why.</summary>
    public async Task<Outcome<JudgedPage>> ListAsync(BatchRequest request, JudgedFilter filter, int page)
    {
        if (await policies.InForceOnAsync(CountyTime.DayOf(clock.GetUtcNow())) is not { } policy) return Refusal.Of(RefusalCode.NoRuleInForce);
        var read = await ReadAsync(request, policy);
        if (read is not Outcome<BatchPlan>.Done(var plan)) return ((Outcome<BatchPlan>.BadInput)read).Errors.ToList();
        await using var connection = await database.OpenConnectionAsync();
        var (people, total) = await JudgementStore.PageAsync(
            connection, Question(plan, policy), filter, (page - 1) * PortalPage.PageSize, PortalPage.PageSize);
        return new JudgedPage(people, page, total, policy);
    }

    /// <summary>All of them as a file, one after the other; the trail keeps that it was taken.</summary>
    public async Task<Outcome<StreamedSheet>> FileAsync(BatchRequest request, JudgedFilter filter, Actor by)
    {
        var now = clock.GetUtcNow();
        if (await policies.InForceOnAsync(CountyTime.DayOf(now)) is not { } policy) return Refusal.Of(RefusalCode.NoRuleInForce);
        var read = await ReadAsync(request, policy);
        if (read is not Outcome<BatchPlan>.Done(var plan)) return ((Outcome<BatchPlan>.BadInput)read).Errors.ToList();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var (_, total) = await JudgementStore.PageAsync(connection, Question(plan, policy), filter, 0, 1, transaction);
        await AuditTrail.AppendAsync(
            connection, transaction, now, by.Account, "export.list", "list:dry-run", $"rows={total} eligible={filter.Eligible} reason={filter.Reason}".TrimEnd('='),
            Ground.Under(Permission.DraftBatch));
        await transaction.CommitAsync();
        return JudgedSheet.Of(AllAsync(plan, policy, filter), filter, policy, total, now);
    }

    private async IAsyncEnumerable<JudgedPerson> AllAsync(BatchPlan plan, Policy policy, JudgedFilter filter)
    {
        await using var connection = await database.OpenConnectionAsync();
        await foreach (var person in JudgementStore.ReadAsync(connection, Question(plan, policy), filter)) yield return person;
    }

    public async Task<Outcome<BatchId>> RunAsync(BatchRequest request, Actor by)
    {
        if (await policies.InForceOnAsync(CountyTime.DayOf(clock.GetUtcNow())) is not { } policy) return Refusal.Of(RefusalCode.NoRuleInForce);
        var read = await ReadAsync(request, policy);
        if (read is Outcome<BatchPlan>.BadInput(var errors)) return errors.ToList();
        var plan = read.OrThrow();
        var eligibility = await JudgeAsync(plan, policy);
        if (eligibility.Eligible > MostPeople)
            return new List<FieldError> { new("people", new($"一个批次最多 {MostPeople:N0} 人", $"At most {MostPeople:N0} people in a batch")) };
        if (await RefusePurposeAsync(plan, policy) is { } outside) return outside;
        return await InsertAsync(plan, policy, by);
    }

    private async Task<Outcome<BatchId>> InsertAsync(BatchPlan plan, Policy policy, Actor by)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await DraftStore.LockAsync(connection, transaction);
        var now = clock.GetUtcNow();
        if (await DraftStore.InsertAsync(connection, transaction, county.Region, plan, policy, by, now) is not { } id)
            return Refusal.Under(policy, RefusalCode.NobodyEligible);
        if (await PurposeStore.RefuseAsync(connection, transaction, policy, plan.BudgetLine, plan.Scope, id) is { } outside) return outside;
        await AuditTrail.AppendAsync(connection, transaction, now, by.Account, "batch.draft", $"batch:{id}", "", Ground.Of(policy.RuleOf(Clause.Eligibility)));
        await transaction.CommitAsync();
        return id;
    }

    private async Task<Refusal?> RefusePurposeAsync(BatchPlan plan, Policy policy)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await PurposeStore.RefuseAsync(connection, null, policy, plan.BudgetLine, plan.Scope);
    }

    private async Task<Outcome<BatchPlan>> ReadAsync(BatchRequest request, Policy policy)
    {
        var read = request.Read(CountyTime.DayOf(clock.GetUtcNow()), policy);
        if (read is not Outcome<BatchPlan>.Done(var plan)) return read;
        await using var connection = await database.OpenConnectionAsync();
        var (found, missing) = await NamedPeople.FindAsync(connection, county.Region, secrets, plan.Selection);
        if (missing is not null) return new List<FieldError> { missing };
        plan = plan with { Selection = found };
        var unknown = await DraftStore.UnknownsAsync(connection, county.Region, plan);
        return unknown.Count > 0 ? unknown.ToList() : plan;
    }

    private async Task<DryRun> JudgeAsync(BatchPlan plan, Policy policy)
    {
        await using var connection = await database.OpenConnectionAsync();
        var (eligible, reasons) = await JudgementStore.CountAsync(connection, Question(plan, policy));
        var (line, free) = await ChoiceStore.LineAsync(connection, county.Region, plan.BudgetLine);
        return new DryRun(eligible + reasons.Sum(count => count.First), eligible, reasons, plan.FaceValue * eligible, free, line, policy);
    }

    private JudgementQuestion Question(BatchPlan plan, Policy policy) =>
        JudgementQuestion.Of(county.Region, plan, policy, CountyTime.DayOf(clock.GetUtcNow()));
}
