namespace Voucher.Server.Register.Changes;

/// <summary>Reads the change history of people.</summary>
public sealed class ChangeStore(NpgsqlDataSource database, County county)
{
    /// <summary>The newest first; the person has been found within the asker's scope.</summary>
    public async Task<IReadOnlyList<ChangeLine>> OfPersonAsync(PersonId person, int page, int size, int? skip = null)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<ChangeLine>("""
            select c.number, c.field, c.before, c.after, c.at, s.name as who, c.import_id, i.file_name, c.reason
            from person_change c
            left join account a on a.id = c.account_id left join staff s on s.id = a.staff_id
            left join register_import i on i.id = c.import_id
            where c.region = @Region and c.person_id = @person
            order by c.number desc offset @skip limit @size
            """, new { county.Region, person, skip = skip ?? (long)(page - 1) * size, size })];
    }

    public async Task<ChangeWords> WordsAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        var places = await connection.QueryAsync<(long Code, string Name)>("""
            select code::bigint, name from township where region = @Region union all select code, name from village where region = @Region
            """, new { county.Region });
        var trades = await connection.QueryAsync<(int Code, string Name)>("select code, name from trade");
        return new ChangeWords(places.ToDictionary(place => place.Code, place => place.Name), trades.ToDictionary(trade => trade.Code, trade => trade.Name));
    }
}
