namespace Voucher.Server.Register.Households;

/// <summary>Writes household plans.</summary>
public static class HouseholdPlanStore
{
    /// <summary>False when the county has no such household.</summary>
    public static async Task<bool> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, long id) =>
        await connection.ExecuteScalarAsync<long?>("select id from household where region = @region and id = @id for update", new { region, id }, transaction) is not null;

    public static Task SaveAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long id, string plan, bool isRegistered, DateTimeOffset now) =>
        connection.ExecuteAsync(
            "update household set plan = @plan, is_registered = @isRegistered, changed_at = @now where id = @id", new { id, plan, isRegistered, now }, transaction);

    public static Task<int> CountMeasuresAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long household) =>
        connection.ExecuteScalarAsync<int>("select count(*) from household_measure where household_id = @household", new { household }, transaction);

    public static Task<long> AddMeasureAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long household, string text, string responsible, DateOnly dueOn, AccountId by, DateTimeOffset now) =>
        connection.QuerySingleAsync<long>("""
            insert into household_measure (household_id, text, responsible, due_on, added_by, added_at)
            values (@household, @text, @responsible, @dueOn, @by, @now) returning id
            """, new { household, text, responsible, dueOn, by, now }, transaction);

    /// <summary>False when it is not there or was done before.</summary>
    public static async Task<bool> FinishMeasureAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long household, long measure, DateOnly day, AccountId by) =>
        await connection.ExecuteAsync(
            "update household_measure set done_on = @day, done_by = @by where household_id = @household and id = @measure and done_on is null",
            new { household, measure, day, by }, transaction) == 1;
}
