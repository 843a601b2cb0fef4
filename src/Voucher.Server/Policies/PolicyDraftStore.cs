using System.Text.Json;

namespace Voucher.Server.Policies;

/// <summary>Drafts of packs. Nothing here is a rule yet: <see cref="PolicyStore"/> does not look here.</summary>
public sealed class PolicyDraftStore(NpgsqlDataSource database, County county)
{
    /// <summary>Drafts on the list: the open ones and the newest of the others.</summary>
    public const int MostShown = 50;

    private sealed record Row(
        int Id, short Status, string DocumentNo, string Title, int Version, DateOnly EffectiveFrom, DateOnly? EffectiveUntil, string Parameters,
        string Clauses, StaffId DraftedByStaff, string DraftedBy, DateTimeOffset DraftedAt, DateTimeOffset ChangedAt, string? DecidedBy,
        DateTimeOffset? DecidedAt, string? Reason, PolicyId? PackId);

    private const string Select = """
        select d.id, d.status, d.document_no, d.title, d.version, d.effective_from, d.effective_until, d.parameters::text, d.clauses::text,
               d.drafted_by_staff, drafter.name as drafted_by, d.drafted_at, d.changed_at, decider.name as decided_by, d.decided_at, d.reason, d.pack_id
        from policy_draft d
        join staff drafter on drafter.id = d.drafted_by_staff
        left join staff decider on decider.id = d.decided_by_staff
        where d.region = @Region
        """;

    public async Task<IReadOnlyList<PolicyDraft>> ListAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<Row>($"{Select} order by d.status > 2, d.id desc limit {MostShown}", new { county.Region });
        return [.. rows.Select(Read)];
    }

    public async Task<PolicyDraft?> FindAsync(int id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<Row>($"{Select} and d.id = @id", new { county.Region, id }) is { } row ? Read(row) : null;
    }

    /// <summary>Locks the draft until the transaction ends, then reads it as it stands after any wait.</summary>
    public async Task<PolicyDraft?> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, int id)
    {
        await connection.ExecuteAsync("select from policy_draft where id = @id for update", new { id }, transaction);
        return await connection.QuerySingleOrDefaultAsync<Row>($"{Select} and d.id = @id", new { county.Region, id }, transaction) is { } row ? Read(row) : null;
    }

    public Task<int> AddAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Policy pack, Actor by, DateTimeOffset now) =>
        connection.QuerySingleAsync<int>("""
            insert into policy_draft (region, document_no, title, version, effective_from, effective_until, parameters, clauses,
                                      drafted_by, drafted_by_staff, drafted_at, changed_at)
            values (@Region, @DocumentNo, @Title, @Version, @EffectiveFrom, @EffectiveUntil, @parameters::jsonb, @clauses::jsonb,
                    @Account, @Staff, @now, @now)
            returning id
            """,
            new
            {
                county.Region, pack.DocumentNo, pack.Title, pack.Version, pack.EffectiveFrom, pack.EffectiveUntil,
                parameters = Json(pack.Parameters), clauses = Json(pack.Clauses), by.Account, by.Staff, now,
            }, transaction);

    /// <summary>Guarded by state and drafter.</summary>
    public static Task ChangeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, int id, Policy pack, Actor by, DateTimeOffset now) =>
        OneAsync(connection, transaction, """
            update policy_draft
            set document_no = @DocumentNo, title = @Title, version = @Version, effective_from = @EffectiveFrom, effective_until = @EffectiveUntil,
                parameters = @parameters::jsonb, clauses = @clauses::jsonb, changed_at = @now
            where id = @id and status = 1 and drafted_by_staff = @Staff
            """,
            new
            {
                id, pack.DocumentNo, pack.Title, pack.Version, pack.EffectiveFrom, pack.EffectiveUntil,
                parameters = Json(pack.Parameters), clauses = Json(pack.Clauses), by.Staff, now,
            });

    /// <summary>The drafter hands it in, or takes it back for good. Guarded by state and drafter.</summary>
    public static Task MoveAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, int id, PolicyDraftStatus to, Actor by, DateTimeOffset now) =>
        OneAsync(connection, transaction, """
            update policy_draft set status = @to, changed_at = @now
            where id = @id and drafted_by_staff = @Staff and (status = 1 or status = 2 and @to = 5)
            """, new { id, to = (short)to, by.Staff, now });

    /// <summary>Another person's decision. Guarded by state and person.</summary>
    /// <param name="pack">The rule that it has become; <c>null</c> when it is refused.</param>
    public static Task DecideAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, int id, PolicyId? pack, string? reason, Actor by, DateTimeOffset now) =>
        OneAsync(connection, transaction, """
            update policy_draft
            set status = case when @pack::int is null then 4 else 3 end, pack_id = @pack, reason = @reason,
                decided_by = @Account, decided_by_staff = @Staff, decided_at = @now
            where id = @id and status = 2 and drafted_by_staff <> @Staff
            """, new { id, pack, reason, by.Account, by.Staff, now });

    private static async Task OneAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string sql, object parameters)
    {
        if (await connection.ExecuteAsync(sql, parameters, transaction) != 1) throw new InvalidOperationException("A policy draft changed under its lock.");
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, PolicyJson.Kept);

    private PolicyDraft Read(Row row) => new(
        row.Id, (PolicyDraftStatus)row.Status,
        new Policy(
            row.PackId ?? new PolicyId(0), county.Region, row.DocumentNo, row.Title, row.Version, row.EffectiveFrom, row.EffectiveUntil,
            JsonSerializer.Deserialize<PolicyParameters>(row.Parameters, PolicyJson.Kept)!,
            JsonSerializer.Deserialize<Dictionary<Clause, string>>(row.Clauses, PolicyJson.Kept)!),
        row.DraftedByStaff, row.DraftedBy, row.DraftedAt, row.ChangedAt, row.DecidedBy, row.DecidedAt, row.Reason, row.PackId);
}
