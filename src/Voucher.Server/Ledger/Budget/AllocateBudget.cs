using Voucher.Server.Policies;

namespace Voucher.Server.Ledger.Budget;

/// <summary>下达: money of a document goes to a budget line. One document allocates to a line once.</summary>
public sealed class AllocateBudget(NpgsqlDataSource database, BudgetStore budget, PolicyStore policies, TimeProvider clock)
{
    /// <summary>Leaves room for the line's number within the ledger's 80 characters of a cause.</summary>
    public const int LongestDocumentNo = 50;

    public async Task<Outcome<Nothing>> RunAsync(Actor actor, BudgetLineId line, Fen? amount, string? documentNo)
    {
        if (await budget.FindAsync(line) is null) return Refusal.Of(RefusalCode.NotFound);
        var document = documentNo?.Trim() ?? "";
        if (Check(amount, document) is { Count: > 0 } errors) return errors;
        var now = clock.GetUtcNow();
        if (await policies.InForceOnAsync(CountyTime.DayOf(now)) is not { } policy) return Refusal.Of(RefusalCode.NoRuleInForce);
        LedgerMove[] moves = [new(line, LedgerAccountKind.Allocated, LedgerAccountKind.Unreserved, amount!.Value)];
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        try
        {
            await LedgerBook.PostAsync(
                connection, transaction, LedgerTransactionKind.Allocate, $"allocate:{line}:{document}", policy.RuleOf(Clause.Funds), moves, actor.Account, now);
        }
        catch (PostgresException twice) when (twice is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "ledger_transaction_cause_key" })
        {
            return Refusal.Under(policy, RefusalCode.AlreadyAllocated, document);
        }
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "budget.allocate", $"budget-line:{line}", $"{amount.Value.Value} fen, {document}",
            $"{policy.RuleOf(Clause.Funds)}; {document}");
        await transaction.CommitAsync();
        return Nothing.Value;
    }

    internal static List<FieldError> Check(Fen? amount, string document)
    {
        List<FieldError> errors = [];
        if (amount is not { Value: > 0 } || amount > Fen.LargestInput)
            errors.Add(new("amountFen", new($"金额应大于0，最多{Fen.LargestInput.ToGroupedYuan()}元", $"More than 0, at most {Fen.LargestInput.ToGroupedYuan()} yuan")));
        if (document.Length is 0 or > LongestDocumentNo || !Api.FieldReader.IsReadable(document))
            errors.Add(new("documentNo", new($"请填写文号，最多{LongestDocumentNo}字", $"Give the document number, at most {LongestDocumentNo} characters")));
        return errors;
    }
}
