namespace Voucher.Server.Register.Places;

/// <summary>Townships and villages, with the dates of their codes.</summary>
public sealed class PlaceStore(NpgsqlDataSource database, County county)
{
    /// <summary>Those in force before those that have ended.</summary>
    public async Task<IReadOnlyList<Place>> TownshipsAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<Place>("""
            select t.code::bigint as code, t.name, t.effective_from, t.effective_until, t.successor::bigint as successor,
                   (select count(*) from person p where p.region = t.region and p.township_code = t.code and not p.is_bait and p.withdrawn_at is null)::int as people,
                   (select count(*) from village v where v.township_code = t.code and v.effective_until is null)::int as villages
            from township t where t.region = @Region order by t.effective_until is not null, t.code limit 1000
            """, new { county.Region })];
    }

    public async Task<IReadOnlyList<Place>> VillagesAsync(int township)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<Place>("""
            select v.code, v.name, v.effective_from, v.effective_until, v.successor,
                   (select count(*) from person p where p.region = v.region and p.village_code = v.code and not p.is_bait and p.withdrawn_at is null)::int as people, 0 as villages
            from village v where v.region = @Region and v.township_code = @township order by v.effective_until is not null, v.code limit 1000
            """, new { county.Region, township })];
    }

    /// <summary>In force, by code; of one township, or of all when none is given.</summary>
    public async Task<IReadOnlyList<Village>> ChoicesAsync(int? township)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<Village>("""
            select code, name from village
            where region = @Region and effective_until is null and (@township::int is null or township_code = @township) order by code limit 2000
            """, new { county.Region, township })];
    }

    /// <summary>Locked until the transaction ends; <c>null</c> when the county has no such place.</summary>
    public static Task<Place?> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, PlaceCode code) =>
        connection.QuerySingleOrDefaultAsync<Place?>(code.IsVillage
            ? """
              select code, name, effective_from, effective_until, successor, 0 as people, 0 as villages
              from village where region = @region and code = @code for update
              """
            : """
              select code::bigint as code, name, effective_from, effective_until, successor::bigint as successor, 0 as people,
                     (select count(*) from village v where v.township_code = t.code and v.effective_until is null)::int as villages
              from township t where region = @region and code = @code for update
              """, new { region, code }, transaction);

    /// <summary>Whether another place beside it has the name.</summary>
    public static Task<bool> IsNameTakenAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, PlaceCode code, string name) =>
        connection.ExecuteScalarAsync<bool>(code.IsVillage
            ? "select exists (select from village where township_code = @Township and name = @name and code <> @code and effective_until is null)"
            : "select exists (select from township where region = @region and name = @name and code <> @code and effective_until is null)",
            new { region, code, code.Township, name }, transaction);

    public static Task AddAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, PlaceCode code, string name, DateOnly from) =>
        connection.ExecuteAsync(code.IsVillage
            ? "insert into village (code, region, township_code, name, effective_from) values (@code, @region, @Township, @name, @from)"
            : "insert into township (code, region, name, effective_from) values (@code, @region, @name, @from)",
            new { code, region, code.Township, name, from }, transaction);

    public static Task RenameAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PlaceCode code, string name) =>
        connection.ExecuteAsync($"update {Table(code)} set name = @name where code = @code", new { code, name }, transaction);

    public static Task EndAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PlaceCode code, DateOnly until, PlaceCode? successor) =>
        connection.ExecuteAsync(
            $"update {Table(code)} set effective_until = @until, successor = @successor where code = @code and effective_until is null",
            new { code, until, successor = successor?.Value }, transaction);

    /// <summary>Who is registered there. Who has left the register keeps the place of their time.</summary>
    public static async Task<IReadOnlyList<PersonId>> PeopleOfAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, PlaceCode code) =>
        [.. await connection.QueryAsync<PersonId>(
            $"select id from person where region = @region and not is_bait and withdrawn_at is null and {Column(code)} = @code order by id",
            new { region, code }, transaction)];

    /// <summary>Households and log-ins of a place go on under its successor.</summary>
    public static Task FollowAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, PlaceCode ended, PlaceCode successor, DateTimeOffset now) =>
        connection.ExecuteAsync($"""
            update household set township_code = @Township, village_code = @village, changed_at = @now where region = @region and {Column(ended)} = @ended;
            update account set scope_code = @successor where scope_code = @ended
            """, new { region, ended, successor, successor.Township, village = successor.IsVillage ? successor.Value : (long?)null, now }, transaction);

    private static string Table(PlaceCode code) => code.IsVillage ? "village" : "township";

    private static string Column(PlaceCode code) => code.IsVillage ? "village_code" : "township_code";
}
