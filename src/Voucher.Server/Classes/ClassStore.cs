namespace Voucher.Server.Classes;

/// <summary>Classes and their sessions.</summary>
public sealed class ClassStore(NpgsqlDataSource database, County county)
{
    private const string Select = """
        select c.id, c.institution_id, i.name as institution, c.programme_id, p.code as programme_code, p.name as programme,
               p.theory_hours, p.practice_hours, c.name, c.site, c.starts_on, c.ends_on, c.capacity,
               c.status, c.rate_fen, creator.name as created_by, c.created_at,
               approver.name as approved_by, c.approved_at, refuser.name as refused_by, c.refused_reason,
               c.enrolled,
               (select count(*)::int from spot_check s where s.class_id = c.id) as spot_checks
        from training_class c
        join institution i on i.id = c.institution_id
        join programme p on p.id = c.programme_id
        join account ca on ca.id = c.created_by join staff creator on creator.id = ca.staff_id
        left join account aa on aa.id = c.approved_by left join staff approver on approver.id = aa.staff_id
        left join account ra on ra.id = c.refused_by left join staff refuser on refuser.id = ra.staff_id
        where c.region = @Region
        """;

    /// <summary>One page of classes, newest first; one row more than <paramref name="pageSize"/> when there are further ones.</summary>
    /// <param name="skip">In the place of the filter's page.</param>
    public async Task<IReadOnlyList<TrainingClass>> ListAsync(ClassFilter filter, int pageSize, DateOnly today, int? skip = null)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<TrainingClass>($"""
            {Select}
            and (@Only::int is null or c.institution_id = @Only)
            and (@Institution::int is null or c.institution_id = @Institution)
            and (@status::int is null or c.status = @status)
            and (not @LacksSpotCheck or c.status = 2 and c.starts_on <= @today
                 and not exists (select from spot_check s where s.class_id = c.id))
            order by c.starts_on desc, c.id desc
            limit @limit offset @offset
            """,
            new
            {
                county.Region, filter.Only, filter.Institution, status = (short?)filter.Status, filter.LacksSpotCheck, today,
                limit = pageSize + 1, offset = skip ?? (filter.Page - 1) * pageSize,
            });
        return rows.AsList();
    }

    /// <summary>The class, or <c>null</c> when there is none or it is another institution's.</summary>
    public async Task<TrainingClass?> FindAsync(ClassId id, Actor actor)
    {
        await using var connection = await database.OpenConnectionAsync();
        var found = await connection.QuerySingleOrDefaultAsync<TrainingClass>($"{Select} and c.id = @id", new { county.Region, id });
        return found is not null && actor.MayActFor(found.InstitutionId) ? found : null;
    }

    /// <summary>Locks the class until the transaction ends, then reads it as it stands after any wait; <c>null</c> as in <see cref="FindAsync"/>.</summary>
    public async Task<TrainingClass?> FindForUpdateAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, ClassId id, Actor actor)
    {
        await connection.ExecuteAsync("select from training_class where id = @id for update", new { id }, transaction);
        var found = await connection.QuerySingleOrDefaultAsync<TrainingClass>($"{Select} and c.id = @id", new { county.Region, id }, transaction);
        return found is not null && actor.MayActFor(found.InstitutionId) ? found : null;
    }

    public async Task<IReadOnlyList<ClassSession>> SessionsAsync(ClassId id)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<ClassSession>("""
            select id, held_on, starts_at, ends_at, is_practice, hours from class_session
            where class_id = @id order by held_on, starts_at
            """, new { id });
        return rows.AsList();
    }

    /// <summary>Adds the class as submitted, without sessions; <c>null</c> when the institution has one of that name.</summary>
    public Task<ClassId?> AddAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, InstitutionId institution, ProgrammeId programme, ClassEntry entry,
        AccountId by, DateTimeOffset now) =>
        connection.QuerySingleOrDefaultAsync<ClassId?>("""
            insert into training_class (
                region, institution_id, programme_id, name, site, starts_on, ends_on, capacity, status, created_by, created_at)
            values (@Region, @institution, @programme, @Name, @Site, @StartsOn, @EndsOn, @Capacity, 1, @by, @now)
            on conflict (institution_id, name) do nothing returning id
            """,
            new { county.Region, institution, programme, entry.Name, entry.Site, entry.StartsOn, entry.EndsOn, entry.Capacity, by, now },
            transaction);

    /// <summary>Rewrites a refused class and hands it in again. Guarded by the state.</summary>
    /// <exception cref="PostgresException">Unique violation: the institution has another class of that name.</exception>
    public static async Task ResubmitAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, ClassId id, ProgrammeId programme, ClassEntry entry, AccountId by, DateTimeOffset now)
    {
        var changed = await connection.ExecuteAsync("""
            update training_class
            set programme_id = @programme, name = @Name, site = @Site, starts_on = @StartsOn, ends_on = @EndsOn, capacity = @Capacity,
                status = 1, created_by = @by, created_at = @now, refused_by = null, refused_at = null, refused_reason = null
            where id = @id and status = 3
            """,
            new { id, programme, entry.Name, entry.Site, entry.StartsOn, entry.EndsOn, entry.Capacity, by, now }, transaction);
        if (changed != 1) throw new InvalidOperationException($"Class {id} changed under its lock.");
    }

    /// <summary>Only for classes without enrolment: attendance points at sessions.</summary>
    public static Task SetSessionsAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, ClassId id, IReadOnlyList<PlannedSession> sessions) =>
        connection.ExecuteAsync("""
            delete from class_session where class_id = @id;
            insert into class_session (class_id, held_on, starts_at, ends_at, is_practice, hours)
            select @id, * from unnest(@days, @starts, @ends, @practice, @hours);
            """,
            new
            {
                id, days = sessions.Select(s => s.HeldOn).ToArray(), starts = sessions.Select(s => s.StartsAt).ToArray(),
                ends = sessions.Select(s => s.EndsAt).ToArray(), practice = sessions.Select(s => s.IsPractice).ToArray(),
                hours = sessions.Select(s => s.Hours).ToArray(),
            }, transaction);

    /// <summary>Freezes the subsidy of the pack as the class's rate. Guarded by the state.</summary>
    public static async Task ApproveAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, ClassId id, PolicyId policy, Subsidy subsidy, AccountId by, DateTimeOffset now)
    {
        var changed = await connection.ExecuteAsync("""
            update training_class
            set status = 2, rate_fen = @Amount, rate_policy_id = @policy, standard_fen = @Standard, uplift_percent = @UpliftPercent,
                approved_by = @by, approved_at = @now
            where id = @id and status = 1
            """, new { id, policy, subsidy.Amount, subsidy.Standard, subsidy.UpliftPercent, by, now }, transaction);
        if (changed != 1) throw new InvalidOperationException($"Class {id} changed under its lock.");
    }

    public static async Task RefuseAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, ClassId id, string reason, AccountId by, DateTimeOffset now)
    {
        var changed = await connection.ExecuteAsync("""
            update training_class set status = 3, refused_by = @by, refused_at = @now, refused_reason = @reason
            where id = @id and status = 1
            """, new { id, by, now, reason }, transaction);
        if (changed != 1) throw new InvalidOperationException($"Class {id} changed under its lock.");
    }

    /// <summary>The staff member who handed the class in.</summary>
    public static Task<StaffId> CreatorAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, ClassId id) =>
        connection.QuerySingleAsync<StaffId>(
            "select a.staff_id from training_class c join account a on a.id = c.created_by where c.id = @id", new { id }, transaction);
}
