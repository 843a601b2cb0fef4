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
}
