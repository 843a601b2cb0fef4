using Voucher.Server.Policies;

namespace Voucher.Server.Ledger.Budget;

/// <summary>
/// Money leaves a line by a document: lowered (调减), back to where it came from, or transferred (调剂) to another line of the same
/// source, year and purpose. Only what is free can leave.
/// </summary>
public sealed class MoveBudget(NpgsqlDataSource database, BudgetStore budget, PolicyStore policies, TimeProvider clock)
{
    /// <summary>State of the exception by which the database refuses a transfer that leaves its source or purpose.</summary>
    private const string LeavesState = "VX713";

    public async Task<Outcome<Nothing>> LowerAsync(Actor actor, BudgetLineId line, Fen? amount, string? documentNo)
    {
        if (await budget.FindAsync(line) is not { } found) return Refusal.Of(RefusalCode.NotFound);
        var document = documentNo?.Trim() ?? "";
        if (AllocateBudget.Check(amount, document) is { Count: > 0 } errors) return errors;
        if (await RefuseShortAsync(found, amount!.Value) is { } refusal) return refusal;
        return await PostAsync(
            actor, LedgerTransactionKind.Lower, $"lower:{line}:{document}", document,
            [new(line, LedgerAccountKind.Unreserved, LedgerAccountKind.Allocated, amount.Value)], "budget.lower", $"budget-line:{line}", amount.Value);
    }

    public async Task<Outcome<Nothing>> TransferAsync(Actor actor, BudgetLineId from, BudgetLineId? to, Fen? amount, string? documentNo)
    {
        if (await budget.FindAsync(from) is not { } source) return Refusal.Of(RefusalCode.NotFound);
        var document = documentNo?.Trim() ?? "";
        var errors = AllocateBudget.Check(amount, document);
        var target = to is { } known && known != from ? await budget.FindAsync(known) : null;
        if (target is null) errors.Add(new("to", new("请选择另一个预算项目", "Choose another budget line")));
        if (errors.Count > 0) return errors;
        if (await RefuseAsync(source, target!) is { } refusal) return refusal;
        if (await RefuseShortAsync(source, amount!.Value) is { } shortage) return shortage;
        try
        {
            return await PostAsync(
                actor, LedgerTransactionKind.Transfer, $"shift:{from}-{target!.Id}:{document}", document,
                [
                    new(from, LedgerAccountKind.Unreserved, LedgerAccountKind.Allocated, amount.Value),
                    new(target.Id, LedgerAccountKind.Allocated, LedgerAccountKind.Unreserved, amount.Value),
                ], "budget.transfer", $"budget-line:{from}", amount.Value);
        }
        catch (PostgresException meanwhile) when (meanwhile.SqlState == LeavesState)
        {
            return await LeavesAsync(source, target!);
        }
    }

    /// <summary>Said before anything is written; whoever is faster is stopped by the balances themselves.</summary>
    private async Task<Refusal?> RefuseShortAsync(BudgetLine line, Fen amount) => amount > line.Unreserved
        ? Refusal.Under(await PolicyAsync(), RefusalCode.BudgetShort, amount.ToGroupedYuan(), line.Unreserved.ToGroupedYuan())
        : null;

    /// <summary>渠道不乱: the database refuses the same, whoever writes.</summary>
    private async Task<Refusal?> RefuseAsync(BudgetLine from, BudgetLine to) =>
        from.SourceId == to.SourceId && from.Year == to.Year && await budget.HaveOnePurposeAsync(from.Id, to.Id)
            ? null
            : await LeavesAsync(from, to);

    private async Task<Refusal> LeavesAsync(BudgetLine from, BudgetLine to) =>
        Refusal.Under(await PolicyAsync(), RefusalCode.TransferLeavesSource, from.Name, to.Name);

    private Task<Policy> PolicyAsync() => policies.InForceOrLastAsync(CountyTime.DayOf(clock.GetUtcNow()));

    private async Task<Outcome<Nothing>> PostAsync(
        Actor actor, LedgerTransactionKind kind, string cause, string document, LedgerMove[] moves, string action, string subject, Fen amount)
    {
        var now = clock.GetUtcNow();
        if (await policies.InForceOnAsync(CountyTime.DayOf(now)) is not { } policy) return Refusal.Of(RefusalCode.NoRuleInForce);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        try
        {
            if (await LedgerBook.PostAsync(connection, transaction, kind, cause, policy.RuleOf(Clause.Funds), moves, actor.Account, now) is { } shortage)
                return shortage;
        }
        catch (PostgresException twice) when (twice is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "ledger_transaction_cause_key" })
        {
            return Refusal.Under(policy, RefusalCode.AlreadyAllocated, document);
        }
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, action, subject, $"{amount.Value} fen, {cause}",
            $"{policy.RuleOf(Clause.Funds)}; {document}");
        await transaction.CommitAsync();
        return Nothing.Value;
    }
}
