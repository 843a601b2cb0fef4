using Voucher.Server.Register;

namespace Voucher.Server.Issuing;

/// <summary>Whom a batch was drafted for, by name: whoever approves it answers for the choice, too.</summary>
public static class SelectionNames
{
    /// <summary>Of a long choice so many are named; the others are counted.</summary>
    public const int MostNamed = 12;

    /// <summary>One line for each way of choosing that was used, such as “乡镇：锁南镇、达板镇”.</summary>
    public static async Task<IReadOnlyList<Words>> ReadAsync(NpgsqlConnection connection, PeopleSelection chosen)
    {
        // In the order of their codes; what was chosen keeps its name when it has ended since.
        var named = (await connection.QueryAsync<(int Kind, string Name)>("""
            select 1 as kind, name from township where code = any(@townships)
            union all (select 2, t.name || v.name from village v join township t on t.code = v.township_code where v.code = any(@villages) order by v.code)
            union all (select 3, name from person_list where id = any(@lists) order by id)
            union all (select 4, name from trade where code = any(@wishes) order by code)
            """,
            new
            {
                townships = chosen.Townships.ToArray(), villages = chosen.Villages.ToArray(),
                lists = chosen.Lists.ToArray(), wishes = chosen.Wishes.ToArray(),
            })).ToLookup(row => row.Kind, row => row.Name);
        return
        [
            .. Line(chosen.Everyone, new("全县所有符合条件的人", "Everyone in the register who is eligible")),
            .. Line(chosen.People.Count > 0, new($"指定 {chosen.People.Count:N0} 人", $"{chosen.People.Count:N0} named people")),
            .. Line(chosen.OfBatch is not null, new($"第 {chosen.OfBatch} 批的人员", $"The people of batch {chosen.OfBatch}")),
            .. Line(new("乡镇", "Townships"), named[1]),
            .. Line(new("村", "Villages"), named[2]),
            .. Line(new("人员类别", "Categories"), chosen.Categories),
            .. Line(new("名单", "Lists"), named[3]),
            .. chosen.Employment.Count == 0 ? [] : new[]
            {
                new Words(
                    $"就业状态：{string.Join("、", chosen.Employment.Select(state => state.Name().Zh))}",
                    $"Employment: {string.Join(", ", chosen.Employment.Select(state => state.Name().En))}"),
            },
            .. Line(chosen.OnDemandList, new($"需求清单：{DerivedList.Demand.Definition().Zh}", $"Demand list: {DerivedList.Demand.Definition().En}")),
            .. Line(new("想学的工种", "Trades wished for"), named[4]),
        ];
    }

    private static IEnumerable<Words> Line(bool isChosen, Words line) => isChosen ? [line] : [];

    private static IEnumerable<Words> Line(Words label, IEnumerable<string> names)
    {
        List<string> all = [.. names];
        if (all.Count == 0) return [];
        var shown = all.Take(MostNamed);
        var more = all.Count - MostNamed;
        return
        [
            new(
                $"{label.Zh}：{string.Join("、", shown)}{(more > 0 ? $" 等 {all.Count} 个" : "")}",
                $"{label.En}: {string.Join(", ", shown)}{(more > 0 ? $" and {more} more" : "")}"),
        ];
    }
}
