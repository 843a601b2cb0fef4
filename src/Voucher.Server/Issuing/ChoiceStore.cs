namespace Voucher.Server.Issuing;

/// <summary>What the form of a new batch offers to choose from.</summary>
public sealed record Choices(
    IReadOnlyList<(int Code, string Name)> Townships, IReadOnlyList<string> Categories, IReadOnlyList<(int Id, string Name)> Lists,
    IReadOnlyList<(int Code, string Name)> Trades, IReadOnlyList<(int Code, string Name)> Programmes,
    IReadOnlyList<(int Id, string Name, Fen Free)> BudgetLines, IReadOnlyList<(long Code, string Name)> Villages);

public static class ChoiceStore
{
    public static async Task<Choices> ReadAsync(NpgsqlConnection connection, RegionCode region)
    {
        var township = await connection.QueryAsync<(int, string)>(
            "select code, name from township where region = @region and effective_until is null order by code", new { region });
        var categories = await connection.QueryAsync<string>(
            "select distinct unnest(categories) as category from person where region = @region and withdrawn_at is null order by category", new { region });
        var lists = await connection.QueryAsync<(int, string)>("select id, name from person_list where region = @region order by id desc", new { region });
        var trades = await connection.QueryAsync<(int, string)>("select code, name from trade order by code");
        var programmes = await connection.QueryAsync<(int, string)>(
            "select code, name from programme where region = @region and is_open order by code", new { region });
        var lines = await connection.QueryAsync<(int, string, Fen)>("""
            select l.id, f.name || ' · ' || l.name || '（' || l.year || '）', coalesce(a.balance_fen, 0)
            from budget_line l
            join fund_source f on f.id = l.fund_source_id
            left join ledger_account a on a.budget_line_id = l.id and a.kind = 2
            where l.region = @region order by l.id
            """, new { region });
        var villages = await connection.QueryAsync<(long, string)>("""
            select v.code, t.name || ' ' || v.name from village v join township t on t.code = v.township_code
            where v.region = @region and v.effective_until is null order by v.code
            """, new { region });
        return new Choices([.. township], [.. categories], [.. lists], [.. trades], [.. programmes], [.. lines], [.. villages]);
    }

    /// <summary>Trades and open programmes alone.</summary>
    public static async Task<Choices> ScopesAsync(NpgsqlConnection connection, RegionCode region)
    {
        var trades = await connection.QueryAsync<(int, string)>("select code, name from trade order by code");
        var programmes = await connection.QueryAsync<(int, string)>(
            "select code, name from programme where region = @region and is_open order by code", new { region });
        return new Choices([], [], [], [.. trades], [.. programmes], [], []);
    }

    /// <summary>A budget line's name and what nothing has reserved of it.</summary>
    public static async Task<(string? Name, Fen Free)> LineAsync(NpgsqlConnection connection, RegionCode region, BudgetLineId line) =>
        await connection.QuerySingleOrDefaultAsync<(string?, Fen)>("""
            select f.name || ' · ' || l.name || '（' || l.year || '）', coalesce(a.balance_fen, 0)
            from budget_line l
            join fund_source f on f.id = l.fund_source_id
            left join ledger_account a on a.budget_line_id = l.id and a.kind = 2
            where l.region = @region and l.id = @line
            """, new { region, line });
}
