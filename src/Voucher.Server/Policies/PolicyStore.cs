using System.Text.Json;
using Voucher.Server.Database;

namespace Voucher.Server.Policies;

/// <summary>Policy packs: rules as data, by version and date.</summary>
public sealed class PolicyStore(NpgsqlDataSource database, County county, TimeProvider clock)
{
    /// <summary>How soon a pack that another server or an operator has added is seen.</summary>
    public static readonly TimeSpan KeepPacks = TimeSpan.FromSeconds(30);

    private sealed record Row(
        PolicyId Id, string DocumentNo, string Title, int Version, DateOnly EffectiveFrom, DateOnly? EffectiveUntil, string Parameters, string Clauses);

    private sealed record Packs(IReadOnlyList<Policy> All, DateTimeOffset ReadAt);

    private volatile Packs? _packs;
    private int _isReading;

    /// <summary>
    /// The pack in force on the day, for whoever decides under it; <c>null</c> on a day that no pack covers, which is refused
    /// (<see cref="RefusalCode.NoRuleInForce"/>).
    /// </summary>
    public async Task<Policy?> InForceOnAsync(DateOnly day) => PolicyCalendar.InForceOn(await PacksAsync(), day);

    /// <summary>
    /// The pack of the day, also of one that no pack covers (<see cref="PolicyCalendar.InForceOrLast"/>): for pages, for what a
    /// "no" cites, and for what was decided or scanned before and is only carried out.
    /// </summary>
    public async Task<Policy> InForceOrLastAsync(DateOnly day) =>
        PolicyCalendar.InForceOrLast(await PacksAsync(), day) ?? throw new InvalidOperationException("The county has no policy pack.");

    /// <summary>The pack with this number, also when another server has added it a moment ago.</summary>
    public async Task<Policy> GetAsync(PolicyId id) =>
        (await PacksAsync()).SingleOrDefault(pack => pack.Id == id) ?? (await ReadAsync()).Single(pack => pack.Id == id);

    /// <summary>All packs there are, by the day on which they come into force; as the database has them now.</summary>
    public async Task<IReadOnlyList<Policy>> ListAsync() =>
        [.. (await ReadAsync()).OrderByDescending(pack => pack.EffectiveFrom).ThenByDescending(pack => pack.Id.Value)];

    /// <summary>
    /// Packs are few and never change once written: known ones serve all callers but the one who looks for new ones, and
    /// all of them while the database is away.
    /// </summary>
    private async Task<IReadOnlyList<Policy>> PacksAsync()
    {
        var known = _packs;
        if (known is not null && (clock.GetUtcNow() - known.ReadAt).Duration() < KeepPacks) return known.All;
        if (known is null) return await ReadAsync();
        if (Interlocked.CompareExchange(ref _isReading, 1, 0) != 0) return known.All;
        try
        {
            return await ReadAsync();
        }
        catch (Exception fault) when (BrokenRead.CauseOf(fault) is NpgsqlException or TimeoutException)
        {
            return known.All;
        }
        finally
        {
            Volatile.Write(ref _isReading, 0);
        }
    }

    private async Task<IReadOnlyList<Policy>> ReadAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<Row>("""
            select id, document_no, title, version, effective_from, effective_until, parameters::text, clauses::text
            from policy_pack where region = @Region
            """, new { county.Region });
        var packs = new Packs([.. rows.Select(Read)], clock.GetUtcNow());
        _packs = packs;
        return packs.All;
    }

    /// <summary>Adds a pack; the same document and version again changes nothing.</summary>
    public async Task AddAsync(Policy pack)
    {
        await using var connection = await database.OpenConnectionAsync();
        await InsertAsync(connection, null, pack);
        Forget();
    }

    /// <summary>The number of the new pack, or <c>null</c> when this version of the document is there already.</summary>
    public static Task<PolicyId?> InsertAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, Policy pack) =>
        connection.QuerySingleOrDefaultAsync<PolicyId?>("""
            insert into policy_pack (region, document_no, title, version, effective_from, effective_until, parameters, clauses)
            values (@Region, @DocumentNo, @Title, @Version, @EffectiveFrom, @EffectiveUntil, @parameters::jsonb, @clauses::jsonb)
            on conflict do nothing
            returning id
            """,
            new
            {
                pack.Region, pack.DocumentNo, pack.Title, pack.Version, pack.EffectiveFrom, pack.EffectiveUntil,
                parameters = JsonSerializer.Serialize(pack.Parameters, PolicyJson.Kept),
                clauses = JsonSerializer.Serialize(pack.Clauses, PolicyJson.Kept),
            }, transaction);

    /// <summary>After a pack was added: the next caller reads anew. Other servers see it within <see cref="KeepPacks"/>.</summary>
    public void Forget() => _packs = null;

    private Policy Read(Row row) => new(
        row.Id, county.Region, row.DocumentNo, row.Title, row.Version, row.EffectiveFrom, row.EffectiveUntil,
        JsonSerializer.Deserialize<PolicyParameters>(row.Parameters, PolicyJson.Kept)!,
        JsonSerializer.Deserialize<Dictionary<Clause, string>>(row.Clauses, PolicyJson.Kept)!);
}
