namespace Voucher.Server.Register.Importing;

/// <summary>Reads what a row may name, as it is in force on a day.</summary>
public sealed class RegisterNamesStore(NpgsqlDataSource database, County county)
{
    public async Task<RegisterNames> ReadAsync(DateOnly day)
    {
        await using var connection = await database.OpenConnectionAsync();
        var terms = new { county.Region, day };
        var townships = await connection.QueryAsync<Township>("""
            select code, name from township where region = @Region and coalesce(effective_until, @day) >= @day order by code
            """, terms);
        var villages = await connection.QueryAsync<(long, string)>("""
            select code, name from village where region = @Region and coalesce(effective_until, @day) >= @day order by code
            """, terms);
        var trades = await connection.QueryAsync<(int Code, string Name)>("select code, name from trade");
        return new(new TownshipNames(county.Name, townships), new VillageNames(villages), trades.ToDictionary(trade => trade.Name, trade => trade.Code, StringComparer.Ordinal));
    }
}
