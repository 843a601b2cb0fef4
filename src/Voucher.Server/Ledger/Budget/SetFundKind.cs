namespace Voucher.Server.Ledger.Budget;

/// <summary>
/// Finance writes down of what kind the money of a source is: where it was opened before kinds were asked for, or with a wrong one
/// out of which nothing was given so far.
/// </summary>
public sealed class SetFundKind(NpgsqlDataSource database, BudgetStore budget, TimeProvider clock)
{
    /// <param name="line">Any line of the source.</param>
    public async Task<Outcome<Nothing>> RunAsync(Actor actor, BudgetLineId line, FundKind? kind)
    {
        if (await budget.FindAsync(line) is not { } found) return Refusal.Of(RefusalCode.NotFound);
        if (kind is not { } given || !Enum.IsDefined(given) || given == FundKind.Other)
            return new List<FieldError> { new("kind", new("请选择资金性质", "Choose the kind of funds")) };
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (!await BudgetStore.SetKindAsync(connection, transaction, found.SourceId, given))
            return new List<FieldError> { new("kind", new($"已登记为{found.Kind.Name().Zh}；已从这个来源发过券或付过款的，性质不能再改", $"Recorded as {found.Kind.Name().En}; it no longer changes once money was given out of the source")) };
        await AuditTrail.AppendAsync(connection, transaction, clock.GetUtcNow(), actor.Account, "budget.kind", $"fund-source:{found.SourceId}", $"{found.Kind} to {given}",
            Ground.Under(Permission.EditBudget));
        await transaction.CommitAsync();
        return Nothing.Value;
    }
}
