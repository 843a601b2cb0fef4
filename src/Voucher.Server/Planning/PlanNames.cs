using Voucher.Core.Planning;
using Voucher.Server.Register;

namespace Voucher.Server.Planning;

/// <summary>What targets can be divided by in this county, and how it is called.</summary>
/// <param name="Townships">Those in force: what a target can be divided by.</param>
/// <param name="Scopes">Trades (below 1000) and programmes, by code.</param>
/// <param name="Departments">Of budget lines and of plans.</param>
public sealed record PlanNames(
    IReadOnlyList<Township> Townships, IReadOnlyList<(int Code, string Name)> Scopes, IReadOnlyList<string> Departments)
{
    /// <summary>What targets may still be bound to, from the time before their codes ended.</summary>
    public IReadOnlyList<EndedTownship> EndedTownships { get; init; } = [];

    /// <summary>What the target is about, without the levels above it.</summary>
    public Words NameOf(Target target) => target.Split switch
    {
        TargetSplit.Whole => new("全县合计", "Whole county"),
        TargetSplit.Year => new($"{target.Year}年", $"{target.Year}"),
        TargetSplit.Department => Same(target.Department),
        TargetSplit.Township => TownshipName(target.Township) ?? Same(null),
        TargetSplit.Programme => Same(ScopeName(target.Scope)),
        TargetSplit.Item => Same(target.Item),
        _ => throw new ArgumentOutOfRangeException(nameof(target), target.Split, "Unknown split."),
    };

    /// <summary>Of one that has ended, with what follows it; <c>null</c> when there is no such township.</summary>
    public Words? TownshipName(int? code) =>
        EndedOf(code)?.Said ?? (Townships.FirstOrDefault(township => township.Code == code) is { } township ? Same(township.Name) : null);

    public EndedTownship? EndedOf(int? code) => EndedTownships.FirstOrDefault(township => township.Code == code);

    public string? ScopeName(int? code) => Scopes.FirstOrDefault(scope => scope.Code == code).Name;

    private static Words Same(string? name) => new(name ?? "？", name ?? "?");
}

/// <summary>Reads <see cref="PlanNames"/>.</summary>
public sealed class PlanNamesStore(NpgsqlDataSource database, County county)
{
    public async Task<PlanNames> ReadAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        var townships = await TownshipCodeStore.ReadAsync(connection, county.Region);
        var scopes = await connection.QueryAsync<(int, string)>("""
            select code, name from trade union all select code, name from programme where region = @Region order by code
            """, new { county.Region });
        var departments = await connection.QueryAsync<string>("""
            select department from budget_line where region = @Region
            union
            select t.department from plan_target t join plan p on p.id = t.plan_id
            where p.region = @Region and t.department is not null and p.status in (1, 2)
            order by 1 limit 200
            """, new { county.Region });
        return new PlanNames(townships.InForce, scopes.AsList(), departments.AsList()) { EndedTownships = townships.Ended };
    }

    /// <summary>The trade of each programme, by code.</summary>
    public async Task<IReadOnlyDictionary<int, int>> TradesOfProgrammesAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<(int Code, int Trade)>("select code, trade_code from programme where region = @Region", new { county.Region });
        return rows.ToDictionary(row => row.Code, row => row.Trade);
    }

    /// <summary>Of these departments, those that no budget line bears: no voucher will ever be counted for them.</summary>
    public async Task<IReadOnlyList<string>> WithoutBudgetAsync(IEnumerable<string> departments)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<string>("""
            select d.name from unnest(@names) d (name)
            where not exists (select from budget_line where region = @Region and department = d.name)
            order by d.name
            """, new { county.Region, names = departments.Distinct(StringComparer.Ordinal).ToArray() })];
    }
}
