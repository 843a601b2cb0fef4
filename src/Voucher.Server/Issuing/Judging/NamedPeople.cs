using Voucher.Server.Api;
using Voucher.Server.Register;

namespace Voucher.Server.Issuing.Judging;

/// <summary>Turns a pasted list of identity numbers into people of the register, by keyed hash: the numbers themselves are kept nowhere.</summary>
public static class NamedPeople
{
    /// <summary>Places in the list that a fault names; more help nobody.</summary>
    private const int MostPlaces = 10;

    /// <returns>The selection with the people in it, or the fault that names the places of the numbers that nobody has.</returns>
    public static async Task<(PeopleSelection Found, FieldError? Missing)> FindAsync(
        NpgsqlConnection connection, RegionCode region, PersonalData secrets, PeopleSelection selection)
    {
        if (selection.Numbers.Count == 0) return (selection, null);
        var people = await NamedPeopleStore.FindAsync(connection, region, [.. selection.Numbers.Select(secrets.LookupHash)]);
        var missing = people.Select((person, index) => (person, Place: index + 1)).Where(entry => entry.person is null).Select(entry => entry.Place).ToList();
        if (missing.Count > 0) return (selection, Fault(missing));
        return (selection with { Numbers = [], People = [.. people.Select(person => person!.Value.Value).Distinct()] }, null);
    }

    private static FieldError Fault(List<int> missing)
    {
        var places = string.Join("、", missing.Take(MostPlaces)) + (missing.Count > MostPlaces ? "…" : "");
        return new("people.idNumbers", new(
            $"台账中没有其中 {missing.Count} 个号码（第 {places} 个）；先导入这些人，或从名单中删去",
            $"The register has nobody with {missing.Count} of the numbers (place {places}); import these people first, or leave them out"));
    }
}

public static class NamedPeopleStore
{
    /// <summary>In the order of the hashes; <c>null</c> where the register has nobody. A number that was merged into another means the other.</summary>
    public static async Task<IReadOnlyList<PersonId?>> FindAsync(NpgsqlConnection connection, RegionCode region, byte[][] hashes) =>
        [.. (await connection.QueryAsync<long?>("""
            select coalesce(p.merged_into, p.id)
            from unnest(@hashes) with ordinality as h (hash, place)
            left join person p on p.region = @region and p.id_number_hash = h.hash and not p.is_bait
            order by h.place
            """, new { region, hashes })).Select(id => id is { } value ? new PersonId(value) : (PersonId?)null)];
}
