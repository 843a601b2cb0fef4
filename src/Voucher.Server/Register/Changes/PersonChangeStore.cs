namespace Voucher.Server.Register.Changes;

/// <summary>The change history of people (person_change), only ever appended to.</summary>
public static class PersonChangeStore
{
    /// <summary>Counts one change more of the person and returns its number; <c>null</c> when the county has no such person.</summary>
    public static Task<int?> NextNumberAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, PersonId person) =>
        connection.QuerySingleOrDefaultAsync<int?>(
            "update person set changes = changes + 1 where region = @region and id = @person and not is_bait returning changes",
            new { region, person }, transaction);

    /// <param name="changes">Of the people by id.</param>
    public static async Task AppendAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region,
        IReadOnlyList<(long Person, PersonChange Change)> changes, ChangeCause cause, DateTimeOffset now)
    {
        if (changes.Count == 0) return;
        await connection.ExecuteAsync("""
            insert into person_change (region, person_id, number, field, before, after, before_sealed, import_id, account_id, reason, at)
            select @region, person, number, field, before, after, sealed, @Import, @By, @Reason, @now
            from unnest(@people, @numbers, @fields, @before, @after, @sealedBefore) as new (person, number, field, before, after, sealed)
            """,
            new
            {
                region, cause.Import, cause.By, cause.Reason, now,
                people = changes.Select(line => line.Person).ToArray(),
                numbers = changes.Select(line => line.Change.Number).ToArray(),
                fields = changes.Select(line => (short)line.Change.Field).ToArray(),
                before = changes.Select(line => line.Change.Before).ToArray(),
                after = changes.Select(line => line.Change.After).ToArray(),
                sealedBefore = changes.Select(line => line.Change.BeforeSealed).ToArray(),
            }, transaction);
    }
}
