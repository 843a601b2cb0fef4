namespace Voucher.Server.Settling.Allowances;

/// <summary>A budget line that may pay allowances, and by which document.</summary>
public sealed record AllowanceLine(BudgetLineId Id, string Source, string Name, int Year, Fen Unreserved, string DocumentNo, string AllowedBy);

/// <summary>Which budget lines may pay allowances (用途不变: not every line for training may).</summary>
public sealed class AllowanceLineStore(NpgsqlDataSource database, County county)
{
    public async Task<IReadOnlyList<AllowanceLine>> ListAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<AllowanceLine>("""
            select b.id, f.name as source, b.name, b.year, coalesce(k.balance_fen, 0) as unreserved, l.document_no, s.name as allowed_by
            from allowance_line l
            join budget_line b on b.id = l.budget_line_id
            join fund_source f on f.id = b.fund_source_id
            join staff s on s.id = l.allowed_by_staff
            left join ledger_account k on k.budget_line_id = b.id and k.kind = 2
            where b.region = @Region order by b.year desc, b.id
            """, new { county.Region })];
    }

    /// <summary>False when it may already.</summary>
    public static async Task<bool> AddAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, BudgetLineId line, string documentNo, Actor actor, DateTimeOffset now) =>
        await connection.ExecuteAsync("""
            insert into allowance_line (budget_line_id, document_no, allowed_by, allowed_by_staff, allowed_at)
            values (@line, @documentNo, @Account, @Staff, @now) on conflict do nothing
            """, new { line, documentNo, actor.Account, actor.Staff, now }, transaction) == 1;
}
