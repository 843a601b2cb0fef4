namespace Voucher.Server.Register;

/// <summary>A township whose code has ended.</summary>
/// <param name="Next">Where its people belong today, over however many endings; <c>null</c> when nothing follows it.</param>
public sealed record EndedTownship(int Code, string Name, Township? Next)
{
    /// <summary>For what was bound to it while it was in force.</summary>
    public Words Said => Next is { } next
        ? new($"{Name}（已撤销，居民已转入{next.Name}）", $"{Name} (ended, its people now belong to {next.Name})")
        : new($"{Name}（已撤销）", $"{Name} (ended)");
}

/// <summary>The county's townships, by code: those in force, which alone are chosen and named anew, and those that have ended.</summary>
public sealed record TownshipCodes(IReadOnlyList<Township> InForce, IReadOnlyList<EndedTownship> Ended)
{
    /// <summary>The township in force that has this code, or follows the one that had it.</summary>
    public Township? Today(int? code) =>
        InForce.FirstOrDefault(township => township.Code == code) ?? Ended.FirstOrDefault(township => township.Code == code)?.Next;

    /// <summary>
    /// For addresses, which keep the name of a township for years after its code has ended: such a name means what follows it,
    /// unless a township in force bears it.
    /// </summary>
    public TownshipNames NamesInAddresses(string countyName) =>
        new(countyName, [.. InForce, .. Ended.Where(ended => ended.Next is not null).Select(ended => new Township(ended.Next!.Code, ended.Name))]);
}

/// <summary>Reads <see cref="TownshipCodes"/>.</summary>
public static class TownshipCodeStore
{
    private sealed record Row(int Code, string Name, bool IsInForce, int? NextCode, string? NextName);

    public static async Task<TownshipCodes> ReadAsync(NpgsqlConnection connection, RegionCode region)
    {
        var rows = (await connection.QueryAsync<Row>("""
            with recursive way as (
                select code, successor as next from township where region = @region and successor is not null
                union
                select w.code, t.successor from way w join township t on t.code = w.next where t.successor is not null)
            select t.code, t.name, t.effective_until is null as is_in_force, n.code as next_code, n.name as next_name
            from township t
            left join (way w join township n on n.code = w.next and n.effective_until is null) on w.code = t.code
            where t.region = @region order by t.code
            """, new { region })).AsList();
        return new(
            [.. rows.Where(row => row.IsInForce).Select(row => new Township(row.Code, row.Name))],
            [.. rows.Where(row => !row.IsInForce).Select(row => new EndedTownship(
                row.Code, row.Name, row.NextCode is { } next ? new Township(next, row.NextName!) : null))]);
    }
}
