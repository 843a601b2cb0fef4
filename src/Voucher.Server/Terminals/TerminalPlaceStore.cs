namespace Voucher.Server.Terminals;

/// <summary>
/// Where each terminal stood, and when. What was scanned at one institution and arrives after the terminal has moved is judged
/// by that institution.
/// </summary>
public sealed class TerminalPlaceStore(NpgsqlDataSource database)
{
    /// <summary>
    /// Joins to a scan <c>x (terminal_id, at)</c> its terminal <c>t</c> and the institution <c>i</c> at which that stood then; before its
    /// first place, that.
    /// </summary>
    public const string JoinTerminalAtItsPlace = """
        join terminal t on t.id = x.terminal_id
        join institution i on i.id = coalesce(
            (select p.institution_id from terminal_place p where p.terminal_id = x.terminal_id and p.from_at <= x.at order by p.from_at desc limit 1),
            (select p.institution_id from terminal_place p where p.terminal_id = x.terminal_id order by p.from_at limit 1),
            t.institution_id)
        """;

    /// <param name="Until"><c>null</c>: the terminal stands there now.</param>
    /// <param name="By">Who moved it there; <c>null</c> of its first place from before this was kept.</param>
    public sealed record Place(InstitutionId InstitutionId, string Institution, DateTimeOffset From, DateTimeOffset? Until, string? By, string Reason);

    /// <summary>
    /// The institution at which the terminal stood at an instant: before its first place that one, after its last (it was revoked)
    /// the last. <c>null</c> when there is no such terminal.
    /// </summary>
    public async Task<InstitutionId?> InstitutionAtAsync(TerminalId terminal, DateTimeOffset instant)
    {
        await using var connection = await database.OpenConnectionAsync();
        return At(await PlacesAsync(connection, null, terminal), instant)
            ?? await connection.ExecuteScalarAsync<InstitutionId?>("select institution_id from terminal where id = @terminal", new { terminal });
    }

    /// <summary>Where the terminal stood from when on, the first first.</summary>
    public static async Task<IReadOnlyList<(DateTimeOffset From, InstitutionId Institution)>> PlacesAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, TerminalId terminal) =>
        [.. await connection.QueryAsync<(DateTimeOffset, InstitutionId)>(
            "select from_at, institution_id from terminal_place where terminal_id = @terminal order by from_at", new { terminal }, transaction)];

    /// <summary>The place at an instant; before the first one, that.</summary>
    public static InstitutionId? At(IReadOnlyList<(DateTimeOffset From, InstitutionId Institution)> places, DateTimeOffset instant)
    {
        if (places.Count == 0) return null;
        var at = places[0].Institution;
        foreach (var place in places.TakeWhile(place => place.From <= instant)) at = place.Institution;
        return at;
    }

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<Place>> ListAsync(TerminalId terminal)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<Place>("""
            select p.institution_id, i.name as institution, p.from_at as "from", p.until_at as until, s.name as by, p.reason
            from terminal_place p
            join institution i on i.id = p.institution_id
            left join account a on a.id = p.by_account
            left join staff s on s.id = a.staff_id
            where p.terminal_id = @terminal
            order by p.from_at desc
            """, new { terminal })).AsList();
    }
}
