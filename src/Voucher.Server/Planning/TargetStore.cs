using Voucher.Core.Planning;

namespace Voucher.Server.Planning;

/// <summary>Reads and writes the targets of a draft. The database refuses to touch those of any other plan.</summary>
public static class TargetStore
{
    private sealed record Row(
        TargetId Id, TargetId? ParentId, int Split, int? Year, string? Department, int? TownshipCode, int? Scope, string? Item, string Responsible, int People);

    public static async Task<IReadOnlyList<Target>> ListAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, PlanId plan)
    {
        var rows = await connection.QueryAsync<Row>("""
            select id, parent_id, split::int as split, year, department, township_code, scope, item, responsible, people
            from plan_target where plan_id = @plan order by split, year, township_code, scope, id
            """, new { plan }, transaction);
        return [.. rows.Select(row => new Target(
            row.Id, row.ParentId, (TargetSplit)row.Split, row.Year, row.Department, row.TownshipCode, row.Scope, row.Item, row.Responsible, row.People))];
    }

    /// <summary>Writes the targets in one statement. Those that hang on one another name each other by numbers of their own.</summary>
    /// <param name="targets">Parents before their parts; a parent that is none of these is in the plan already.</param>
    public static async Task InsertAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PlanId plan, IReadOnlyList<Target> targets)
    {
        if (targets.Count == 0) return;
        var fresh = (await connection.QueryAsync<long>(
            "select nextval(pg_get_serial_sequence('plan_target', 'id')) from generate_series(1, @Count)", new { targets.Count }, transaction)).AsList();
        var ids = targets.Select((target, at) => (target.Id, New: fresh[at])).ToDictionary(pair => pair.Id, pair => pair.New);
        await connection.ExecuteAsync("""
            insert into plan_target (id, plan_id, parent_id, split, year, department, township_code, scope, item, responsible, people)
            overriding system value
            select id, @plan, parent, split, year, department, township, scope, item, responsible, people
            from unnest(@ids, @parents, @splits, @years, @departments, @townships, @scopes, @items, @responsibles, @people)
                as t (id, parent, split, year, department, township, scope, item, responsible, people)
            """,
            new
            {
                plan,
                ids = targets.Select(target => ids[target.Id]).ToArray(),
                parents = targets.Select(target => target.Parent is { } parent ? ids.GetValueOrDefault(parent, parent.Value) : (long?)null).ToArray(),
                splits = targets.Select(target => (short)target.Split).ToArray(),
                years = targets.Select(target => target.Year).ToArray(),
                departments = targets.Select(target => target.Department).ToArray(),
                townships = targets.Select(target => target.Township).ToArray(),
                scopes = targets.Select(target => target.Scope).ToArray(),
                items = targets.Select(target => target.Item).ToArray(),
                responsibles = targets.Select(target => target.Responsible).ToArray(),
                people = targets.Select(target => target.People).ToArray(),
            }, transaction);
    }

    public static Task ChangeAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, TargetId target, int people, string responsible, int? scope) =>
        connection.ExecuteAsync(
            "update plan_target set people = @people, responsible = @responsible, scope = @scope where id = @target",
            new { target, people, responsible, scope }, transaction);

    /// <summary>With everything under them.</summary>
    public static Task RemoveAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IEnumerable<TargetId> targets) =>
        connection.ExecuteAsync("delete from plan_target where id = any(@ids)", new { ids = targets.Select(target => target.Value).ToArray() }, transaction);
}
