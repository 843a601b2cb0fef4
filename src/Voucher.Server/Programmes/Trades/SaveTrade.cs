using Voucher.Server.Api;

namespace Voucher.Server.Programmes.Trades;

/// <summary>What a clerk fills in for a trade.</summary>
/// <param name="Code">1–999; printed in vouchers, so it never changes once given.</param>
/// <param name="Name">1–20 characters.</param>
public sealed record TradeForm(int? Code, string? Name)
{
    public const int LargestCode = VoucherScope.SmallestProgrammeCode - 1;
    public const int LongestName = 20;

    public (Trade Entry, List<FieldError> Errors) Read()
    {
        var read = new FieldReader();
        return (new Trade(read.Number("code", Code, 1, LargestCode), read.Text("name", Name, LongestName)), read.Errors);
    }
}

/// <summary>A clerk adds a trade or gives it another name; its code stays, for vouchers carry it.</summary>
public sealed class SaveTrade(NpgsqlDataSource database, TimeProvider clock)
{
    public Task<Outcome<Trade>> AddAsync(TradeForm form, Actor actor) => SaveAsync(form, "trade.add", TradeStore.AddAsync, actor);

    public Task<Outcome<Trade>> RenameAsync(int code, TradeForm form, Actor actor) =>
        SaveAsync(form with { Code = code }, "trade.rename", TradeStore.RenameAsync, actor);

    private async Task<Outcome<Trade>> SaveAsync(
        TradeForm form, string action, Func<NpgsqlConnection, NpgsqlTransaction, Trade, Task<string?>> write, Actor actor)
    {
        var (entry, errors) = form.Read();
        if (errors.Count > 0) return errors;
        try
        {
            await using var connection = await database.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            if (await write(connection, transaction, entry) is not { } before) return Refusal.Of(RefusalCode.NotFound);
            var detail = before == entry.Name ? entry.Name : $"{before} → {entry.Name}";
            await AuditTrail.AppendAsync(connection, transaction, clock.GetUtcNow(), actor.Account, action, $"trade:{entry.Code}", detail,
                Ground.Under(Permission.EditInstitutions));
            await transaction.CommitAsync();
            return entry;
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return new List<FieldError>
            {
                fault.ConstraintName == "trade_pkey"
                    ? new("code", new("这个编码已有工种", "Another trade has this code"))
                    : new("name", new("已有同名工种", "Another trade has this name")),
            };
        }
    }
}
