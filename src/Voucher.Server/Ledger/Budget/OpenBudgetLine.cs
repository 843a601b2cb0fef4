using Voucher.Server.Policies;

namespace Voucher.Server.Ledger.Budget;

/// <summary>Finance opens a budget line of a fund source for one year.</summary>
public sealed class OpenBudgetLine(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock)
{
    public const int LongestName = 40;
    public const int FirstYear = 2016;
    public const int LastYear = 2100;

    /// <param name="sourceDocument">文号 of the fund source; one document a source: another under the name of a known one is refused, and so is another kind.</param>
    /// <param name="purpose">What the line may pay for; anything that its source may when not given.</param>
    public async Task<Outcome<BudgetLineId>> RunAsync(Actor actor, string? source, string? sourceDocument, int? year, string? department, string? name,
        FundKind? kind = null, FundPurpose? purpose = null)
    {
        List<FieldError> errors = [];
        Check(errors, "fundSource", source);
        Check(errors, "documentNo", sourceDocument);
        Check(errors, "department", department);
        Check(errors, "name", name);
        if (year is not (>= FirstYear and <= LastYear))
            errors.Add(new("year", new($"年度应在{FirstYear}至{LastYear}之间", $"The year lies between {FirstYear} and {LastYear}")));
        if (kind is { } given && !Enum.IsDefined(given)) errors.Add(new("kind", new("请选择资金性质", "Choose the kind of funds")));
        errors.AddRange((purpose ?? FundPurpose.General).Faults());
        if (errors.Count > 0) return errors;

        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var line = await BudgetStore.OpenAsync(
            connection, transaction, county.Region, source!.Trim(), sourceDocument!.Trim(), kind ?? FundKind.Other, year!.Value, department!.Trim(), name!.Trim());
        var known = await BudgetStore.SourceAsync(connection, transaction, county.Region, source.Trim());
        if (known.Differences(sourceDocument.Trim(), kind).ToList() is { Count: > 0 } other) return other;
        if (line is not { } opened)
            return new List<FieldError> { new("name", new("这个来源本年度已有同名预算项目", "The source already has a line of this name in the year")) };
        if (purpose is { IsGeneral: false })
        {
            if (!await PurposeStore.AreKnownAsync(connection, transaction, county.Region, purpose.Scopes)) return SetPurpose.Unknown();
            var fund = await BudgetStore.SourceOfAsync(connection, transaction, opened);
            try
            {
                await PurposeStore.ReplaceAsync(connection, transaction, county.Region, fund, opened, purpose);
            }
            catch (PostgresException settled) when (settled.SqlState == PurposeStore.SettledState)
            {
                return Refusal.Under(await policies.InForceOrLastAsync(CountyTime.DayOf(clock.GetUtcNow())), RefusalCode.PurposeSettled, name!.Trim());
            }
        }
        await AuditTrail.AppendAsync(connection, transaction, clock.GetUtcNow(), actor.Account, "budget.open", $"budget-line:{opened}",
            $"{source.Trim()}, {known.Kind}, purpose {(purpose ?? FundPurpose.General).Said}", Ground.Under(Permission.EditBudget));
        await transaction.CommitAsync();
        return opened;
    }

    private static void Check(List<FieldError> errors, string field, string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Trim().Length > LongestName || !Api.FieldReader.IsReadable(text))
            errors.Add(new(field, new($"请填写，最多{LongestName}字", $"Required, at most {LongestName} characters")));
    }
}
