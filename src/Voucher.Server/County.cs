namespace Voucher.Server;

/// <summary>The county that this server serves.</summary>
/// <param name="Phone">Where a desk calls about a voucher that is held; empty when none is recorded.</param>
public sealed record County(RegionCode Region, string Name, string Phone = "")
{
    /// <summary>Reads the one county of the database; a database without one has not been set up.</summary>
    public static County Load(NpgsqlDataSource database)
    {
        using var connection = database.OpenConnection();
        return connection.QuerySingleOrDefault<County>("select region, name, phone from county")
            ?? throw new InvalidOperationException("The database holds no county; run the command `county` or `demo`.");
    }

    /// <summary>Makes the database serve the county, or renames it; false when it serves another already.</summary>
    public static async Task<bool> SetAsync(NpgsqlDataSource database, County county)
    {
        await using var connection = await database.OpenConnectionAsync();
        var changed = await connection.ExecuteAsync("""
            insert into county (region, name, phone)
            select @Region, @Name, @Phone where not exists (select from county where region <> @Region)
            on conflict (region) do update set name = excluded.name, phone = excluded.phone
            """, county);
        return changed == 1;
    }
}
