using Voucher.Server.Policies;

namespace Voucher.Server.Ledger.Budget;

/// <summary>Finance writes down what a source, or one line of it, may pay for; once a batch rests on it, that stays.</summary>
public sealed class SetPurpose(NpgsqlDataSource database, BudgetStore budget, PolicyStore policies, County county, TimeProvider clock)
{
    /// <param name="ofSource">Of the whole source that the line belongs to.</param>
    public async Task<Outcome<Nothing>> RunAsync(Actor actor, BudgetLineId line, bool ofSource, FundPurpose purpose)
    {
        if (await budget.FindAsync(line) is not { } found) return Refusal.Of(RefusalCode.NotFound);
        if (purpose.Faults().ToList() is { Count: > 0 } errors) return errors;
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (!await PurposeStore.AreKnownAsync(connection, transaction, county.Region, purpose.Scopes)) return Unknown();
        try
        {
            await PurposeStore.ReplaceAsync(connection, transaction, county.Region, found.SourceId, ofSource ? null : line, purpose);
        }
        catch (PostgresException settled) when (settled.SqlState == PurposeStore.SettledState)
        {
            return Refusal.Under(await policies.InForceOrLastAsync(CountyTime.DayOf(now)), RefusalCode.PurposeSettled, found.Source);
        }
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "budget.purpose", ofSource ? $"fund-source:{found.SourceId}" : $"budget-line:{line}",
            purpose.Said, Ground.Under(Permission.EditBudget));
        await transaction.CommitAsync();
        return Nothing.Value;
    }

    internal static List<FieldError> Unknown() => [new("scopes", new("有不存在的工种或项目", "A trade or programme does not exist"))];
}
