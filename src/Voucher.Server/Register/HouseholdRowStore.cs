namespace Voucher.Server.Register;

/// <summary>Households as people bring them: by number, with the place of whoever heads them.</summary>
public static class HouseholdRowStore
{
    /// <summary>
    /// Sees to it that the household of each person is there. A new one lies where its head does, or else its first member; one
    /// that is known moves with its head.
    /// </summary>
    /// <param name="people">In the order of the source.</param>
    /// <param name="saying">Those of them whose category or household is new: only they say that a known household is registered, so that what a clerk has said of it is not undone by a new phone.</param>
    public static async Task KeepAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, IEnumerable<PersonRecord> people, IReadOnlySet<PersonRecord> saying, DateTimeOffset now)
    {
        var households = people.Where(person => person.HouseholdNumber.Length > 0)
            .GroupBy(person => person.HouseholdNumber, StringComparer.Ordinal).OrderBy(members => members.Key, StringComparer.Ordinal)
            .Select(members => (Members: members.ToList(), Head: members.FirstOrDefault(person => person.Relation == PersonRecord.Head)))
            .Select(household => (household.Members, Place: household.Head ?? household.Members[0], IsHeaded: household.Head is not null)).ToList();
        if (households.Count == 0) return;
        var columns = new
        {
            region, now,
            numbers = households.Select(household => household.Place.HouseholdNumber).ToArray(),
            townships = households.Select(household => household.Place.Township).ToArray(),
            villages = households.Select(household => household.Place.Village?.Value).ToArray(),
            registered = households.Select(household => household.Members.Exists(person => person.Categories.Contains(RegisteredPoor, StringComparer.Ordinal))).ToArray(),
            said = households.Select(household => household.Members.Exists(person => saying.Contains(person) && person.Categories.Contains(RegisteredPoor, StringComparer.Ordinal))).ToArray(),
            headed = households.Select(household => household.IsHeaded).ToArray(),
        };
        await connection.ExecuteAsync("""
            insert into household (region, number, township_code, village_code, is_registered, created_at, changed_at)
            select @region, number, township, village, registered, @now, @now
            from unnest(@numbers, @townships, @villages, @registered) as new (number, township, village, registered)
            on conflict do nothing
            """, columns, transaction);
        await connection.ExecuteAsync("""
            update household h set is_registered = true, changed_at = @now
            from unnest(@numbers, @said) as new (number, said)
            where h.region = @region and h.number = new.number and new.said and not h.is_registered
            """, columns, transaction);
        await connection.ExecuteAsync("""
            update household h set township_code = new.township, village_code = new.village, changed_at = @now
            from unnest(@numbers, @townships, @villages, @headed) as new (number, township, village, headed)
            where h.region = @region and h.number = new.number and new.headed
              and (h.township_code, h.village_code) is distinct from (new.township, new.village)
            """, columns, transaction);
    }

    /// <summary>人员类别 of those in the register of poor households.</summary>
    private const string RegisteredPoor = "建档立卡";
}
