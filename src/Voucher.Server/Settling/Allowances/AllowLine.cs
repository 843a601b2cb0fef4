using Voucher.Server.Api;
using Voucher.Server.Ledger.Budget;

namespace Voucher.Server.Settling.Allowances;

/// <summary>Finance records, by its document, that a budget line may pay allowances. It stays so: lists rest on it.</summary>
public sealed class AllowLine(NpgsqlDataSource database, BudgetStore budget, TimeProvider clock)
{
    public const int LongestDocumentNo = 60;

    public async Task<Outcome<Nothing>> RunAsync(Actor actor, int? line, string? documentNo)
    {
        var read = new FieldReader();
        var document = read.Text("documentNo", documentNo, LongestDocumentNo);
        var known = line is { } id ? await budget.FindAsync(new BudgetLineId(id)) : null;
        if (known is null) read.Fault("line", new("请选择预算项目", "Choose a budget line"));
        if (read.Errors.Count > 0) return read.Errors;
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (!await AllowanceLineStore.AddAsync(connection, transaction, known!.Id, document, actor, now))
            return new List<FieldError> { new("line", new("这个预算项目已经登记过", "This line is recorded already")) };
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "allowance.line", $"budget-line:{known.Id}", document, document);
        await transaction.CommitAsync();
        return Nothing.Value;
    }
}
