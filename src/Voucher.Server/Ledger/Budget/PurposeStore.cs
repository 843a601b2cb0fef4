namespace Voucher.Server.Ledger.Budget;

/// <summary>用途不变: reads, settles and checks what money may be spent on. The database holds the same by trigger.</summary>
public sealed class PurposeStore(NpgsqlDataSource database, County county)
{
    /// <summary>State of the exception by which the database refuses to change a purpose.</summary>
    public const string SettledState = "VX714";

    /// <summary>State of the exception by which the database refuses to leave a purpose.</summary>
    public const string OutsideState = "VX712";

    private sealed record Outside(string Line, string? Scope, int People);

    /// <summary>Every purpose of the county, named.</summary>
    public async Task<IReadOnlyList<NamedPurpose>> ListAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<NamedPurpose>("""
            select p.fund_source_id as source, p.budget_line_id as line, p.scope, coalesce(g.name, t.name, p.category) as name
            from fund_purpose p
            left join trade t on t.code = p.scope
            left join programme g on g.region = p.region and g.code = p.scope
            where p.region = @Region order by p.scope nulls last, p.category
            """, new { county.Region })];
    }

    /// <summary>The trades and programmes that a purpose can name.</summary>
    public async Task<IReadOnlyList<(int Code, string Name)>> ScopesAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<(int, string)>("""
            select code, name from trade union all select code, name from programme where region = @Region order by code
            """, new { county.Region })];
    }

    /// <summary>Whether all the trades and programmes exist.</summary>
    public static Task<bool> AreKnownAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, IEnumerable<int> scopes) =>
        connection.ExecuteScalarAsync<bool>("""
            select @scopes <@ array(select code from trade union all select code from programme where region = @region)
            """, new { region, scopes = scopes.ToArray() }, transaction);

    /// <summary>Puts the purpose in place of the one before.</summary>
    /// <param name="line"><c>null</c>: of the source itself.</param>
    /// <exception cref="PostgresException"><see cref="SettledState"/>: money was given out already.</exception>
    public static Task ReplaceAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, FundSourceId source, BudgetLineId? line, FundPurpose purpose) =>
        connection.ExecuteAsync("""
            delete from fund_purpose where fund_source_id = @source and budget_line_id is not distinct from @line;
            insert into fund_purpose (region, fund_source_id, budget_line_id, scope)
            select @region, @source, @line, scope from unnest(@scopes) scope;
            insert into fund_purpose (region, fund_source_id, budget_line_id, category)
            select @region, @source, @line, category from unnest(@categories) category;
            """,
            new { region, source = source.Value, line = line?.Value, scopes = purpose.Scopes.ToArray(), categories = purpose.Categories.ToArray() }, transaction);

    /// <summary>
    /// Why a batch may not be issued from the line, or <c>null</c>: what it may be used for, and once it is drafted its people,
    /// must lie within the purposes of the line and of its source.
    /// </summary>
    /// <param name="drafted"><c>null</c> before the people are known.</param>
    public static async Task<Refusal?> RefuseAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, Policy policy, BudgetLineId line, VoucherScope scope, BatchId? drafted = null)
    {
        var found = await connection.QuerySingleOrDefaultAsync<Outside>("""
            select l.name as line,
                   case when fund_covers(l.id, @scope) then null else coalesce(g.name, t.name, '') end as scope,
                   (select count(*)::int from batch_person m join person p on p.id = m.person_id
                    where m.batch_id = @drafted and exists (select from fund_categories(l.id) wanted where not (p.categories && wanted))) as people
            from budget_line l
            left join trade t on t.code = @scope
            left join programme g on g.region = l.region and g.code = @scope
            where l.id = @line
            """, new { line, scope, drafted = drafted?.Value }, transaction);
        if (found?.Scope is { } name) return Refusal.Under(policy, RefusalCode.PurposeNotCovered, Called(name), found.Line);
        return found is { People: > 0 }
            ? Refusal.Under(policy, RefusalCode.PurposeNotCovered, new Words($"名单中 {found.People} 人", $"{found.People} people of the list"), found.Line)
            : null;
    }

    private static Words Called(string name) => name.Length == 0 ? new("不限项目的券", "A voucher for any programme") : new($"“{name}”", $"“{name}”");
}
