using System.Globalization;

namespace Voucher.Server.Register.Places;

/// <summary>Trades as a file brings them.</summary>
public static class TradeCodeStore
{
    /// <summary>Lines whose name belongs to another trade, be it in the table or in the file.</summary>
    public static async Task<IReadOnlyList<CodeLine>> TakenNamesAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<CodeLine> lines)
    {
        var codes = lines.Select(CodeOf).ToArray();
        var kept = await connection.QueryAsync<string>("select name from trade where code <> all(@codes)", new { codes }, transaction);
        var names = kept.ToHashSet(StringComparer.Ordinal);
        return [.. lines.Where(line => !names.Add(line.Name))];
    }

    public static async Task<LoadCodes.Loaded> PutAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<CodeLine> lines)
    {
        var columns = new { codes = lines.Select(CodeOf).ToArray(), names = lines.Select(line => line.Name).ToArray() };
        // Two trades may exchange their names: out of the way first.
        var renamed = await connection.ExecuteAsync("""
            update trade t set name = t.code || ' ' || new.name from unnest(@codes, @names) as new (code, name) where t.code = new.code and t.name <> new.name
            """, columns, transaction);
        await connection.ExecuteAsync("update trade t set name = new.name from unnest(@codes, @names) as new (code, name) where t.code = new.code", columns, transaction);
        var added = await connection.ExecuteAsync(
            "insert into trade (code, name) select * from unnest(@codes, @names) on conflict (code) do nothing", columns, transaction);
        return new(added, renamed, lines.Count - added - renamed);
    }

    private static int CodeOf(CodeLine line) => int.Parse(line.Code, CultureInfo.InvariantCulture);
}
