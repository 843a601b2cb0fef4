using Voucher.Core.Programmes;

namespace Voucher.Server.Ledger.Budget;

/// <summary>用途不变: reads, settles and checks what money may be spent on. The database holds the same by trigger.</summary>
public sealed class PurposeStore(NpgsqlDataSource database, County county)
{
    /// <summary>State of the exception by which the database refuses to change a purpose.</summary>
    public const string SettledState = "VX714";

    /// <summary>State of the exception by which the database refuses to leave a purpose.</summary>
    public const string OutsideState = "VX712";

    private sealed record Outside(string Line, string? Scope, ProgrammeKind? Kind, int People);

    /// <summary>Every purpose of the county, named.</summary>
    public async Task<IReadOnlyList<NamedPurpose>> ListAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<NamedPurpose>("""
            select p.fund_source_id as source, p.budget_line_id as line, p.scope, p.training_kind as training, coalesce(g.name, t.name, p.category) as name
            from fund_purpose p
            left join trade t on t.code = p.scope
            left join programme g on g.region = p.region and g.code = p.scope
            where p.region = @Region order by p.training_kind nulls last, p.scope nulls last, p.category
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
            insert into fund_purpose (region, fund_source_id, budget_line_id, training_kind)
            select @region, @source, @line, kind from unnest(@kinds) kind;
            """,
            new
            {
                region, source = source.Value, line = line?.Value, scopes = purpose.Scopes.ToArray(), categories = purpose.Categories.ToArray(),
                kinds = purpose.Kinds.Select(kind => (short)kind).ToArray(),
            }, transaction);

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
                   case when fund_covers(l.id, @scope) then null else coalesce(g.name, t.name, '') end as scope, g.kind,
                   (select count(*)::int from batch_person m join person p on p.id = m.person_id
                    where m.batch_id = @drafted and exists (select from fund_categories(l.id) wanted where not (p.categories && wanted))) as people
            from budget_line l
            left join trade t on t.code = @scope
            left join programme g on g.region = l.region and g.code = @scope
            where l.id = @line
            """, new { line, scope, drafted = drafted?.Value }, transaction);
        if (found?.Scope is { } name) return Refusal.Under(policy, RefusalCode.PurposeNotCovered, Called(name, found.Kind), found.Line);
        return found is { People: > 0 }
            ? Refusal.Under(policy, RefusalCode.PurposeNotCovered, new Words($"名单中 {found.People} 人", $"{found.People} people of the list"), found.Line)
            : null;
    }

    /// <summary>Why what was passed of a claim may not be paid from its lines; <c>null</c> where each class is within the purpose of its money.</summary>
    public static async Task<Refusal?> RefuseClaimAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Policy policy, IReadOnlyList<VoucherId> vouchers)
    {
        var found = await connection.QueryFirstOrDefaultAsync<Outside>("""
            select b.name as line, g.name as scope, g.kind, 0 as people
            from voucher v
            join budget_line b on b.id = v.budget_line_id
            join completion d on d.voucher_id = v.id
            join enrolment n on n.id = d.enrolment_id
            join training_class c on c.id = n.class_id
            join programme g on g.id = c.programme_id
            where v.id = any(@ids) and not fund_covers(b.id, g.code)
            order by v.id limit 1
            """, new { ids = vouchers.Select(voucher => voucher.Value).ToArray() }, transaction);
        return found is null ? null : Refusal.Under(policy, RefusalCode.PurposeNotCovered, Called(found.Scope!, found.Kind), found.Line);
    }

    private static Words Called(string name, ProgrammeKind? kind) =>
        name.Length == 0 ? new("不限项目的券", "A voucher for any programme")
        : kind is { } known ? new($"“{name}”（{known.Name().Zh}）", $"“{name}” ({known.Name().En})")
        : new($"“{name}”", $"“{name}”");
}
