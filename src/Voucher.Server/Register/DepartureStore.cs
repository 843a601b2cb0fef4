using Voucher.Server.Register.Changes;

namespace Voucher.Server.Register;

/// <summary>
/// Who leaves the register and who comes back. Nobody is ever deleted: a person who has left keeps their history and is in no
/// selection any more.
/// </summary>
public static class DepartureStore
{
    /// <summary>As the history of a person says it, before and after.</summary>
    public const string Here = "在册";
    private const string Gone = "已退出";

    /// <summary>Those of the people who had left, by the hash of their number in hex; and whether they were merged into another.</summary>
    public static async Task<Dictionary<string, (PersonId Id, bool IsMerged)>> GoneAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, byte[][] hashes)
    {
        var gone = await connection.QueryAsync<(long Id, byte[] Hash, bool IsMerged)>("""
            select id, id_number_hash, merged_into is not null from person
            where region = @region and id_number_hash = any(@hashes) and withdrawn_at is not null
            """, new { region, hashes }, transaction);
        return gone.ToDictionary(person => Convert.ToHexString(person.Hash), person => (new PersonId(person.Id), person.IsMerged));
    }

    /// <returns>How many had still been there.</returns>
    public static async Task<int> WithdrawAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, IEnumerable<PersonId> people, PersonId? mergedInto,
        ChangeCause cause, DateTimeOffset now)
    {
        var left = (await connection.QueryAsync<(long Id, int Changes)>("""
            update person set withdrawn_at = @now, merged_into = @mergedInto, changes = changes + 1
            where region = @region and id = any(@ids) and withdrawn_at is null returning id, changes
            """, new { region, ids = Ids(people), mergedInto = mergedInto?.Value, now }, transaction)).ToList();
        await NoteAsync(connection, transaction, region, left, Here, Gone, cause, now);
        return left.Count;
    }

    /// <summary>People who had left without being merged are back.</summary>
    public static async Task ReturnAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, IEnumerable<PersonId> people, ChangeCause cause, DateTimeOffset now)
    {
        var back = (await connection.QueryAsync<(long Id, int Changes)>("""
            update person set withdrawn_at = null, changes = changes + 1
            where region = @region and id = any(@ids) and withdrawn_at is not null and merged_into is null returning id, changes
            """, new { region, ids = Ids(people) }, transaction)).ToList();
        await NoteAsync(connection, transaction, region, back, Gone, Here, cause, now);
    }

    private static long[] Ids(IEnumerable<PersonId> people) => [.. people.Select(person => person.Value)];

    private static Task NoteAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, List<(long Id, int Changes)> people, string before, string after,
        ChangeCause cause, DateTimeOffset now) => PersonChangeStore.AppendAsync(
            connection, transaction, region,
            [.. people.Select(person => (person.Id, new PersonChange(person.Changes, PersonField.Standing, before, after)))], cause, now);
}
