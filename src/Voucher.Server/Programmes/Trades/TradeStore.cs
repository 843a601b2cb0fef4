namespace Voucher.Server.Programmes.Trades;

/// <summary>Trades with what hangs on each.</summary>
public sealed class TradeStore(NpgsqlDataSource database, County county)
{
    /// <param name="Programmes">How many of the county's programmes are of the trade.</param>
    public sealed record Row(int Code, string Name, int Programmes);

    public async Task<IReadOnlyList<Row>> ListAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<Row>("""
            select t.code, t.name, (select count(*)::int from programme p where p.trade_code = t.code and p.region = @Region) as programmes
            from trade t order by t.code
            """, new { county.Region })).AsList();
    }

    /// <returns>The name.</returns>
    /// <exception cref="PostgresException">Unique violation: code or name is taken.</exception>
    public static Task<string?> AddAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Trade trade) =>
        connection.QuerySingleOrDefaultAsync<string>(
            "insert into trade (code, name) values (@Code, @Name) returning name", new { trade.Code, trade.Name }, transaction);

    /// <returns>The name that it had, or <c>null</c> when there is no such trade.</returns>
    /// <exception cref="PostgresException">Unique violation: the name is taken.</exception>
    public static Task<string?> RenameAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Trade trade) =>
        connection.QuerySingleOrDefaultAsync<string>("""
            update trade t set name = @Name from (select name from trade where code = @Code for update) before
            where t.code = @Code returning before.name
            """, new { trade.Code, trade.Name }, transaction);
}
