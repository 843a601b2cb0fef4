using Voucher.Server.Register;

namespace Voucher.Server.Issuing;

/// <summary>A township or village that was chosen and has ended since.</summary>
/// <param name="Successor">The place in force where its people are now; <c>null</c> when none was named.</param>
public sealed record PastPlace(long Code, string Name, long? Successor, string? SuccessorName)
{
    public Words Shown => SuccessorName is null
        ? new($"{Name}（已撤销）", $"{Name} (ended)")
        : new($"{Name}（已撤销，后续 {SuccessorName}）", $"{Name} (ended, followed by {SuccessorName})");
}

/// <summary>
/// What a form has chosen and <see cref="Choices"/> no longer offers: it stays on the form until the clerk takes it off. Left out
/// unseen, what remains would choose more people than were meant.
/// </summary>
/// <param name="Categories">That nobody carries now.</param>
/// <param name="Programme">The closed programme that the voucher is for.</param>
public sealed record PastChoices(
    IReadOnlyList<PastPlace> Townships, IReadOnlyList<PastPlace> Villages, IReadOnlyList<string> Categories, (int Code, string Name)? Programme)
{
    /// <summary>Offered beside the places that they follow, and so not once more in their own list.</summary>
    public bool IsSuccessor(long code) => Townships.Concat(Villages).Any(place => place.Successor == code);
}

public static class PastChoiceStore
{
    public static async Task<PastChoices> ReadAsync(NpgsqlConnection connection, RegionCode region, NewBatchModel.BatchForm form, Choices offered)
    {
        int[] townships = [.. form.Townships.Distinct().Except(offered.Townships.Select(place => place.Code)).Order()];
        long[] villages = [.. form.Villages.Distinct().Except(offered.Villages.Select(place => place.Code))];
        var closed = await connection.QueryAsync<(int Code, string Name)>(
            "select code, name from programme where region = @region and code = @Scope and not is_open", new { region, form.Scope });
        return new(
            townships.Length == 0 ? [] : Townships(townships, await TownshipCodeStore.ReadAsync(connection, region)),
            villages.Length == 0 ? [] : await VillagesAsync(connection, region, villages),
            [.. form.Categories.Distinct(StringComparer.Ordinal).Except(offered.Categories, StringComparer.Ordinal).Where(category => category is { Length: > 0 })],
            closed.Select(programme => ((int, string)?)programme).FirstOrDefault());
    }

    private static IReadOnlyList<PastPlace> Townships(int[] codes, TownshipCodes known) =>
        [.. codes.Select(code => known.Ended.FirstOrDefault(ended => ended.Code == code) is { } past
            ? new PastPlace(code, past.Name, past.Next?.Code, past.Next?.Name)
            : new PastPlace(code, $"{code}", null, null))];

    /// <remarks>A successor that has ended, too, is followed to the one in force.</remarks>
    private static async Task<IReadOnlyList<PastPlace>> VillagesAsync(NpgsqlConnection connection, RegionCode region, long[] codes) =>
        [.. await connection.QueryAsync<PastPlace>("""
            with recursive place as (
                select v.code, t.name || ' ' || v.name as name, v.region, v.effective_until, v.successor
                from village v join township t on t.code = v.township_code
            ),
            following (code, next) as (
                select code, successor from place where region = @region and code = any(@codes)
                union
                select f.code, p.successor from following f join place p on p.code = f.next where p.effective_until is not null
            )
            select c.code, coalesce(p.name, c.code::text) as name, s.code as successor, s.name as successor_name
            from unnest(@codes) as c (code)
            left join place p on p.code = c.code and p.region = @region
            left join lateral (
                select n.code, n.name from following f join place n on n.code = f.next and n.effective_until is null where f.code = c.code
            ) s on true
            order by c.code
            """, new { region, codes })];
}

/// <summary>Ended places on the form, each with its successor to take instead.</summary>
/// <param name="Field">Name of the form's field.</param>
/// <param name="Chosen">Codes that the form has chosen.</param>
public sealed record PastPlacesModel(string Field, IReadOnlyList<PastPlace> Places, IReadOnlyCollection<long> Chosen);
