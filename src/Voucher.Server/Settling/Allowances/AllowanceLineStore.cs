namespace Voucher.Server.Settling.Allowances;

/// <summary>A budget line that may pay allowances, or is proposed to, and by which document.</summary>
/// <param name="AllowedBy"><c>null</c>: proposed only; it pays nothing yet.</param>
public sealed record AllowanceLine(
    BudgetLineId Id, string Source, string Name, int Year, Fen Unreserved, string DocumentNo, string ProposedBy, string? AllowedBy)
{
    public bool IsAllowed => AllowedBy is not null;
}

/// <summary>What stands of a budget line, under its lock.</summary>
public sealed record LockedAllowanceLine(int Id, StaffId ProposedBy, bool IsAllowed, string DocumentNo);

/// <summary>Which budget lines may pay allowances (用途不变: not every line for training may).</summary>
public sealed class AllowanceLineStore(NpgsqlDataSource database, County county)
{
    /// <summary>The last guard against two that stand; see the migration.</summary>
    public const string Once = "allowance_line_once";

    /// <summary>Those that stand, proposed ones among them; ended ones are history.</summary>
    public async Task<IReadOnlyList<AllowanceLine>> ListAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<AllowanceLine>("""
            select b.id, f.name as source, b.name, b.year, coalesce(k.balance_fen, 0) as unreserved, l.document_no, p.name as proposed_by, s.name as allowed_by
            from allowance_line l
            join budget_line b on b.id = l.budget_line_id
            join fund_source f on f.id = b.fund_source_id
            join staff p on p.id = l.proposed_by_staff
            left join staff s on s.id = l.allowed_by_staff
            left join ledger_account k on k.budget_line_id = b.id and k.kind = 2
            where b.region = @Region and l.ended_at is null order by b.year desc, b.id
            """, new { county.Region })];
    }

    /// <summary>What stands of the line, locked; <c>null</c> where nothing does.</summary>
    public static Task<LockedAllowanceLine?> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, BudgetLineId line) =>
        connection.QuerySingleOrDefaultAsync<LockedAllowanceLine?>("""
            select id, proposed_by_staff as proposed_by, allowed_at is not null as is_allowed, document_no
            from allowance_line where budget_line_id = @line and ended_at is null for update
            """, new { line }, transaction);

    /// <summary>The refusal where the line pays no allowances, or no more; until the transaction ends it stays as it is.</summary>
    public static async Task<Refusal?> RefuseAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, BudgetLineId line, Policy policy)
    {
        var isAllowed = await connection.QuerySingleOrDefaultAsync<bool>(
            "select allowed_at is not null from allowance_line where budget_line_id = @line and ended_at is null for share", new { line }, transaction);
        return isAllowed
            ? null
            : Refusal.Under(policy, RefusalCode.LinePaysNoAllowances, await connection.QuerySingleAsync<string>("select name from budget_line where id = @line", new { line }, transaction));
    }

    public static Task ProposeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, BudgetLineId line, string documentNo, Actor actor, DateTimeOffset now) =>
        connection.ExecuteAsync("""
            insert into allowance_line (budget_line_id, document_no, proposed_by, proposed_by_staff, proposed_at) values (@line, @documentNo, @Account, @Staff, @now)
            """, new { line, documentNo, actor.Account, actor.Staff, now }, transaction);

    public static async Task AllowAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, int id, Actor actor, DateTimeOffset now) =>
        Expect(await connection.ExecuteAsync("""
            update allowance_line set allowed_by = @Account, allowed_by_staff = @Staff, allowed_at = @now
            where id = @id and allowed_at is null and ended_at is null and person_of(proposed_by_staff) <> person_of(@Staff)
            """, new { id, actor.Account, actor.Staff, now }, transaction));

    public static async Task EndAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, int id, string reason, Actor actor, DateTimeOffset now) =>
        Expect(await connection.ExecuteAsync("""
            update allowance_line set ended_by = @Account, ended_by_staff = @Staff, ended_at = @now, end_reason = @reason where id = @id and ended_at is null
            """, new { id, reason, actor.Account, actor.Staff, now }, transaction));

    private static void Expect(int written)
    {
        if (written != 1) throw new InvalidOperationException("A line for allowances changed under its lock.");
    }
}
