using System.Text.Json;

namespace Voucher.Server.Policies;

/// <summary>Policy packs: rules as data, by version and date.</summary>
public sealed class PolicyStore(NpgsqlDataSource database, County county)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private sealed record Row(
        PolicyId Id, string DocumentNo, string Title, int Version, DateOnly EffectiveFrom, DateOnly? EffectiveUntil, string Parameters, string Clauses);

    private IReadOnlyList<Policy>? _packs;

    /// <summary>The pack in force on the day; of several, the one that came into force last.</summary>
    /// <exception cref="InvalidOperationException">No pack covers the day: the county must always have a rule.</exception>
    public async Task<Policy> InForceOnAsync(DateOnly day) =>
        (await PacksAsync()).Where(pack => pack.IsInForceOn(day)).MaxBy(pack => (pack.EffectiveFrom, pack.Version))
        ?? throw new InvalidOperationException($"No policy pack is in force on {day:O}.");

    public async Task<Policy> GetAsync(PolicyId id) => (await PacksAsync()).Single(pack => pack.Id == id);

    /// <summary>Packs are few and never change once written; a new one is read after a restart or <see cref="AddAsync"/>.</summary>
    private async Task<IReadOnlyList<Policy>> PacksAsync()
    {
        if (_packs is { } known) return known;
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<Row>("""
            select id, document_no, title, version, effective_from, effective_until, parameters::text, clauses::text
            from policy_pack where region = @Region
            """, new { county.Region });
        return _packs = [.. rows.Select(Read)];
    }

    /// <summary>Adds a pack; the same document and version again changes nothing.</summary>
    public async Task AddAsync(Policy pack)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            insert into policy_pack (region, document_no, title, version, effective_from, effective_until, parameters, clauses)
            values (@Region, @DocumentNo, @Title, @Version, @EffectiveFrom, @EffectiveUntil, @parameters::jsonb, @clauses::jsonb)
            on conflict do nothing
            """,
            new
            {
                pack.Region, pack.DocumentNo, pack.Title, pack.Version, pack.EffectiveFrom, pack.EffectiveUntil,
                parameters = JsonSerializer.Serialize(pack.Parameters, Json),
                clauses = JsonSerializer.Serialize(pack.Clauses, Json),
            });
        _packs = null;
    }

    private Policy Read(Row row) => new(
        row.Id, county.Region, row.DocumentNo, row.Title, row.Version, row.EffectiveFrom, row.EffectiveUntil,
        JsonSerializer.Deserialize<PolicyParameters>(row.Parameters, Json)!,
        JsonSerializer.Deserialize<Dictionary<Clause, string>>(row.Clauses, Json)!);
}
