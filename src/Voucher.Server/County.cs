namespace Voucher.Server;

/// <summary>The county that this server serves.</summary>
public sealed record County(RegionCode Region, string Name)
{
    /// <summary>Reads the one county of the database; a database without one has not been set up.</summary>
    public static County Load(NpgsqlDataSource database)
    {
        using var connection = database.OpenConnection();
        return connection.QuerySingleOrDefault<County>("select region, name from county")
            ?? throw new InvalidOperationException("The database holds no county; run the command `county` or `demo`.");
    }

    /// <summary>Makes the database serve the county, or renames it; false when it serves another already.</summary>
    public static async Task<bool> SetAsync(NpgsqlDataSource database, County county)
    {
        await using var connection = await database.OpenConnectionAsync();
        var changed = await connection.ExecuteAsync("""
            insert into county (region, name)
            select @Region, @Name where not exists (select from county where region <> @Region)
            on conflict (region) do update set name = excluded.name
            """, county);
        return changed == 1;
    }
}
