using Voucher.Server.Teachers;

namespace Voucher.Server.Institutions.Accrediting;

/// <summary>Writes what an application says.</summary>
public sealed class ApplicationStore(NpgsqlDataSource database, County county)
{
    /// <summary>
    /// A new draft; what the institution's last application said of licence, rooms, places, teachers (but those who have left) and
    /// programmes stands in it already. <c>null</c> when the year has an application, or an accreditation until its end; one that ends before can be followed by another.
    /// </summary>
    public async Task<AccreditationId?> AddAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, InstitutionId institution, int year, AccountId by, DateTimeOffset now)
    {
        var id = await connection.QuerySingleOrDefaultAsync<AccreditationId?>("""
            insert into accreditation (region, institution_id, year, state, licence_no, licence_authority, licence_from, licence_until, capacity, rooms, area_m2, created_by, created_at)
            select i.region, i.id, @year, 1, coalesce(l.licence_no, ''), coalesce(l.licence_authority, ''), l.licence_from, l.licence_until,
                   coalesce(l.capacity, 0), coalesce(l.rooms, 0), coalesce(l.area_m2, 0), @by, @now
            from institution i
            left join lateral (select * from accreditation a where a.institution_id = i.id and not a.is_taken_over order by a.year desc, a.id desc limit 1) l on true
            where i.id = @institution and i.region = @Region
              and not exists (select from accreditation g where g.institution_id = i.id and g.year = @year and g.state in (4, 5)
                              and not g.is_taken_over and g.valid_until = make_date(@year, 12, 31))
            on conflict (institution_id, year) where state in (1, 2, 3) and not is_taken_over do nothing
            returning id
            """, new { institution, year, by, now, county.Region }, transaction);
        if (id is not null) await CopyLastAsync(connection, transaction, institution, id.Value, CountyTime.DayOf(now));
        return id;
    }

    private static async Task CopyLastAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, InstitutionId institution, AccreditationId id, DateOnly today)
    {
        var last = await connection.QuerySingleOrDefaultAsync<AccreditationId?>(
            "select id from accreditation where institution_id = @institution and id < @id order by is_taken_over, year desc, id desc limit 1",
            new { institution, id }, transaction);
        if (last is null) return;
        await connection.ExecuteAsync($"""
            insert into accreditation_place (accreditation_id, number, name, address, places)
            select @id, number, name, address, places from accreditation_place where accreditation_id = @last;
            insert into accreditation_programme (accreditation_id, programme_id, is_requested, is_approved)
            select @id, programme_id, true, false from accreditation_programme where accreditation_id = @last;
            insert into accreditation_teacher (accreditation_id, teacher_id)
            select @id, t.id from accreditation_teacher x join teacher t on t.id = x.teacher_id
            where x.accreditation_id = @last and not {TeacherStore.HasLeft};
            """, new { id, last, today }, transaction);
    }

    /// <summary>Ids among the given ones that the county's pool does not have.</summary>
    public async Task<IReadOnlyList<int>> UnknownTeachersAsync(int[] ids)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<int>("""
            select given.id from unnest(@ids) as given(id)
            where not exists (select from teacher t where t.region = @Region and t.id = given.id)
            """, new { ids, county.Region })).AsList();
    }

    /// <summary>Names of those among the given ones who have left the pool.</summary>
    public async Task<IReadOnlyList<string>> LeftTeachersAsync(int[] ids, DateOnly today)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<string>($"""
            select t.name from teacher t where t.region = @Region and t.id = any(@ids) and {TeacherStore.HasLeft} order by t.name, t.id
            """, new { ids, today, county.Region })).AsList();
    }

    /// <summary>Rewrites a draft. The step's own update has guarded the state.</summary>
    public async Task SaveAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, AccreditationId id, ApplicationEntry entry)
    {
        await connection.ExecuteAsync("""
            update accreditation
            set licence_no = @LicenceNo, licence_authority = @LicenceAuthority, licence_from = @LicenceFrom, licence_until = @LicenceUntil,
                tender_no = @TenderNo, capacity = @Capacity, rooms = @Rooms, area_m2 = @AreaM2
            where id = @id and state = 1
            """,
            new { id, entry.LicenceNo, entry.LicenceAuthority, entry.LicenceFrom, entry.LicenceUntil, entry.TenderNo, entry.Capacity, entry.Rooms, entry.AreaM2 },
            transaction);
        await connection.ExecuteAsync("""
            delete from accreditation_place where accreditation_id = @id;
            insert into accreditation_place (accreditation_id, number, name, address, places)
            select @id, n, name, address, places from unnest(@names, @addresses, @places) with ordinality as given(name, address, places, n);
            delete from accreditation_programme where accreditation_id = @id;
            insert into accreditation_programme (accreditation_id, programme_id, is_requested, is_approved)
            select @id, p.id, true, false from programme p where p.region = @Region and p.code = any(@ProgrammeCodes);
            delete from accreditation_teacher where accreditation_id = @id;
            insert into accreditation_teacher (accreditation_id, teacher_id)
            select @id, t.id from teacher t where t.region = @Region and t.id = any(@TeacherIds);
            """,
            new
            {
                id, county.Region, entry.ProgrammeCodes, entry.TeacherIds, names = entry.Places.Select(place => place.Name).ToArray(),
                addresses = entry.Places.Select(place => place.Address).ToArray(), places = entry.Places.Select(place => place.Places).ToArray(),
            }, transaction);
    }
}
