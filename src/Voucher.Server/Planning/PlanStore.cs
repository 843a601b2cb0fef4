using Voucher.Core.Planning;

namespace Voucher.Server.Planning;

/// <summary>Reads plans and moves them from step to step.</summary>
public sealed class PlanStore(NpgsqlDataSource database, County county)
{
    private const string Select = """
        select p.id, p.document_no, p.title, p.version, p.first_year, p.last_year, p.status, t.people,
               d.name as drafted_by, p.drafted_by_staff, p.drafted_at, a.name as approved_by, p.approved_at
        from plan p
        join plan_target t on t.plan_id = p.id and t.parent_id is null
        join staff d on d.id = p.drafted_by_staff
        left join staff a on a.id = p.approved_by_staff

        """;

    /// <summary>Plans in force and drafts first, then the newest.</summary>
    public async Task<IReadOnlyList<Plan>> ListAsync(int skip, int take)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<Plan>(
            $"{Select} where p.region = @Region order by p.status > 2, p.id desc offset @skip limit @take", new { county.Region, skip, take })];
    }

    /// <summary>Plans in force that have a part in the year.</summary>
    public async Task<IReadOnlyList<Plan>> InForceAsync(int year)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<Plan>($"""
            {Select} where p.region = @Region and p.status = 2 and @year between p.first_year and p.last_year order by p.id desc limit 20
            """, new { county.Region, year })];
    }

    public async Task<Plan?> FindAsync(PlanId id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await FindAsync(connection, null, id);
    }

    public async Task<TargetTree> TreeAsync(PlanId id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return new TargetTree(await TargetStore.ListAsync(connection, null, id));
    }

    /// <summary>Locks the plan, so that nobody else changes it or its targets by a use case until the transaction ends.</summary>
    public async Task<Plan?> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PlanId id)
    {
        await connection.ExecuteAsync("select from plan where id = @id and region = @Region for no key update", new { id, county.Region }, transaction);
        return await FindAsync(connection, transaction, id);
    }

    /// <summary>A draft with its whole; <c>null</c> when the document has a draft already.</summary>
    /// <param name="version">The document's next.</param>
    public async Task<PlanId?> InsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string documentNo, string title, int firstYear, int lastYear, Actor by, DateTimeOffset now) =>
        await connection.QuerySingleOrDefaultAsync<PlanId?>("""
            insert into plan (region, document_no, title, version, first_year, last_year, status, drafted_by, drafted_by_staff, drafted_at)
            select @Region, @documentNo, @title, 1 + coalesce(max(version), 0), @firstYear, @lastYear, 1, @Account, @Staff, @now
            from plan where region = @Region and document_no = @documentNo
            on conflict do nothing returning id
            """, new { county.Region, documentNo, title, firstYear, lastYear, by.Account, by.Staff, now }, transaction);

    /// <summary>Remembers that the person changed the draft, and so is none of those who may approve it.</summary>
    public static Task EditedAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PlanId plan, Actor by) =>
        connection.ExecuteAsync("insert into plan_editor (plan_id, staff_id) values (@plan, @Staff) on conflict do nothing", new { plan, by.Staff }, transaction);

    /// <summary>Whoever changed the draft.</summary>
    public static async Task<IReadOnlyList<StaffId>> EditorsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PlanId plan) =>
        [.. await connection.QueryAsync<StaffId>("select staff_id from plan_editor where plan_id = @plan order by 1", new { plan }, transaction)];

    /// <summary>The draft comes into force, in the place of the version before it.</summary>
    public async Task ApproveAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Plan plan, Actor by, DateTimeOffset now)
    {
        await connection.ExecuteAsync(
            "update plan set status = 3 where region = @Region and document_no = @DocumentNo and status = 2", new { county.Region, plan.DocumentNo }, transaction);
        var changed = await connection.ExecuteAsync("""
            update plan set status = 2, approved_by = @Account, approved_by_staff = @Staff, approved_at = @now
            where id = @Id and status = 1 and drafted_by_staff <> @Staff
              and not exists (select from plan_editor where plan_id = @Id and staff_id = @Staff)
            """, new { plan.Id, by.Account, by.Staff, now }, transaction);
        if (changed != 1) throw new InvalidOperationException($"Plan {plan.Id} changed under its lock.");
    }

    public static Task DiscardAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PlanId plan) =>
        connection.ExecuteAsync("update plan set status = 4 where id = @plan and status = 1", new { plan }, transaction);

    private Task<Plan?> FindAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, PlanId id) =>
        connection.QuerySingleOrDefaultAsync<Plan?>($"{Select} where p.region = @Region and p.id = @id", new { county.Region, id }, transaction);
}
