namespace Voucher.Server.Register.Importing;

/// <summary>Reads what a row may name, as it is in force: a code that has ended is taken nowhere any more.</summary>
public sealed class RegisterNamesStore(NpgsqlDataSource database, County county)
{
    public async Task<RegisterNames> ReadAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        var terms = new { county.Region };
        var townships = await connection.QueryAsync<Township>("""
            select code, name from township where region = @Region and effective_until is null order by code
            """, terms);
        var villages = await connection.QueryAsync<(long, string)>("""
            select code, name from village where region = @Region and effective_until is null order by code
            """, terms);
        var trades = await connection.QueryAsync<(int Code, string Name)>("select code, name from trade");
        return new(new TownshipNames(county.Name, townships), new VillageNames(villages), trades.ToDictionary(trade => trade.Name, trade => trade.Code, StringComparer.Ordinal));
    }
}
