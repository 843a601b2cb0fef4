using Voucher.Server.Teachers;

namespace Voucher.Server.Institutions.Accrediting;

/// <summary>Which accreditations a list shows.</summary>
/// <param name="Only">Set for people of an institution: nothing else exists for them.</param>
/// <param name="TradeCode">Those that were asked for or allowed a programme of the trade.</param>
/// <param name="Waits">Only those that wait for somebody of the county.</param>
public sealed record AccreditationFilter(
    InstitutionId? Only, AccreditationState? State, int? Year, int? TradeCode, InstitutionId? Institution, bool Waits, int Page);

/// <summary>Reads accreditations.</summary>
public sealed class AccreditationStore(NpgsqlDataSource database, County county, TimeProvider clock)
{
    /// <summary>Who of its teachers has left is read of drafts only: what was handed in stays as it was.</summary>
    private const string Select = $"""
        select a.id, a.institution_id, i.name as institution, i.uscc, a.year, a.is_taken_over, a.state, a.proposal,
               a.licence_no, a.licence_authority, a.licence_from, a.licence_until, a.tender_no, a.capacity, a.rooms, a.area_m2,
               (select count(*)::int from accreditation_place p where p.accreditation_id = a.id) as practice_places,
               (select count(*)::int from accreditation_teacher t where t.accreditation_id = a.id) as teachers,
               coalesce(gone.number, 0) as teachers_left, coalesce(gone.names, '') as names_left,
               (select count(*)::int from accreditation_programme p where p.accreditation_id = a.id and p.is_requested) as programmes,
               a.submitted_staff, a.submitted_at, a.inspected_on, a.finding, a.approved_capacity, a.valid_from, a.valid_until,
               a.verdict_proposed_staff, a.verdict_reason, a.suspended_staff, a.suspended_at, a.suspended_until, a.suspension_reason,
               a.suspension_confirmed_staff, a.withdrawal_proposed_staff, a.withdrawal_proposed_at, a.withdrawal_reason
        from accreditation a join institution i on i.id = a.institution_id
        left join lateral (
            select count(*)::int as number, string_agg(t.name, '、' order by t.name, t.id) as names
            from accreditation_teacher x join teacher t on t.id = x.teacher_id
            where x.accreditation_id = a.id and a.state = 1 and {TeacherStore.HasLeft}) gone on true
        where a.region = @Region
        """;

    private DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());

    /// <summary>One page, newest first; one row more than <paramref name="pageSize"/> when there are further ones.</summary>
    public async Task<IReadOnlyList<AccreditationRecord>> ListAsync(AccreditationFilter filter, int pageSize, int? skip = null)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<AccreditationRecord>($"""
            {Select}
            and (@Only::int is null or a.institution_id = @Only)
            and (@Institution::int is null or a.institution_id = @Institution)
            and (@state::int is null or a.state = @state)
            and (@Year::int is null or a.year = @Year)
            and (not @Waits or a.state in (2, 3) or a.proposal <> 0)
            and (@TradeCode::int is null or exists (
                select from accreditation_programme x join programme p on p.id = x.programme_id where x.accreditation_id = a.id and p.trade_code = @TradeCode))
            order by a.year desc, i.name, a.id desc
            limit @limit offset @offset
            """,
            new
            {
                county.Region, today = Today, filter.Only, filter.Institution, state = (short?)filter.State, filter.Year, filter.Waits, filter.TradeCode,
                limit = pageSize + 1, offset = skip ?? (filter.Page - 1) * pageSize,
            });
        return rows.AsList();
    }

    /// <summary>The accreditation, or <c>null</c> when there is none or it is another institution's.</summary>
    public async Task<AccreditationRecord?> FindAsync(AccreditationId id, Actor actor)
    {
        await using var connection = await database.OpenConnectionAsync();
        var found = await connection.QuerySingleOrDefaultAsync<AccreditationRecord>($"{Select} and a.id = @id", new { county.Region, today = Today, id });
        return found is not null && actor.MayActFor(found.InstitutionId) ? found : null;
    }

    public async Task<AccreditationDetail?> DetailAsync(AccreditationId id, Actor actor)
    {
        if (await FindAsync(id, actor) is not { } record) return null;
        await using var connection = await database.OpenConnectionAsync();
        var places = await connection.QueryAsync<PracticePlace>(
            "select name, address, places from accreditation_place where accreditation_id = @id order by number", new { id });
        var programmes = await connection.QueryAsync<AccreditedProgramme>("""
            select p.code, p.name, t.name as trade, x.is_requested, x.is_approved
            from accreditation_programme x join programme p on p.id = x.programme_id join trade t on t.code = p.trade_code
            where x.accreditation_id = @id order by p.code
            """, new { id });
        var teachers = await connection.QueryAsync<NamedTeacher>($"""
            select t.id, t.name, t.source, t.qualification,
                   coalesce((select string_agg(d.name, '、' order by d.code) from teacher_trade k join trade d on d.code = k.trade_code where k.teacher_id = t.id), '') as trades,
                   {TeacherStore.HasLeft} as has_left
            from accreditation_teacher x join teacher t on t.id = x.teacher_id where x.accreditation_id = @id order by t.name
            """, new { id, today = Today });
        var steps = await connection.QueryAsync<AccreditationStep>("""
            select s.number, s.command, s.from_state, s.to_state, s.at, f.name as by, s.reason, s.rule
            from accreditation_step s left join staff f on f.id = s.staff_id where s.accreditation_id = @id order by s.number
            """, new { id });
        return new AccreditationDetail(record, places.AsList(), programmes.AsList(), teachers.AsList(), steps.AsList());
    }

    /// <summary>Locks institution and accreditation until the transaction ends; <c>null</c> as in <see cref="FindAsync"/>.</summary>
    public async Task<AccreditationRecord?> FindForUpdateAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, AccreditationId id, Actor? actor)
    {
        await connection.ExecuteAsync("""
            select from institution where id = (select institution_id from accreditation where id = @id) for update;
            select from accreditation where id = @id for update;
            """, new { id }, transaction);
        var found = await connection.QuerySingleOrDefaultAsync<AccreditationRecord>(
            $"{Select} and a.id = @id", new { county.Region, today = Today, id }, transaction);
        return found is not null && actor?.MayActFor(found.InstitutionId) != false ? found : null;
    }

    /// <summary>The last day of what the institution is accredited for in the year; <c>null</c> when it is not. What was taken over does not count: it gives way.</summary>
    public async Task<DateOnly?> LastDayAsync(InstitutionId institution, int year)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<DateOnly?>("""
            select max(valid_until) from accreditation where institution_id = @institution and year = @year and state in (4, 5) and not is_taken_over
            """, new { institution, year });
    }

    /// <summary>Suspensions whose time is over, or that were not confirmed in time.</summary>
    public async Task<IReadOnlyList<AccreditationId>> LapsedAsync(DateOnly today, DateTimeOffset confirmedSince)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<AccreditationId>("""
            select id from accreditation
            where region = @Region and state = 5
              and (proposal = 0 and suspended_until < @today
                   or proposal = 3 and (suspended_until < @today or suspended_at < @confirmedSince)
                   or proposal = 4 and withdrawal_proposed_at < @confirmedSince)
            order by id limit 100
            """, new { county.Region, today, confirmedSince })).AsList();
    }
}
