namespace Voucher.Server.Institutions.Accrediting;

/// <summary>
/// Writes the standing that redemption, classes and lists read (<c>institution.capacity</c>, <c>accredited_from</c>,
/// <c>accredited_until</c>, <c>is_suspended</c> and <c>institution_programme</c>) from the accreditations.
/// </summary>
public sealed class InstitutionStandingStore(NpgsqlDataSource database, County county)
{
    /// <summary>
    /// Live accreditations in runs without a gap; the one in force, or else the next, is the one whose terms hold. Its whole run
    /// is the period, so that a class may go over the turn of a year that is accredited on both sides.
    /// </summary>
    private const string Chosen = """
        with live as (
            select id, institution_id, state, approved_capacity, valid_from, valid_until,
                   valid_from > lag(valid_until) over (partition by institution_id order by valid_from) + 1 as after_gap
            from accreditation where region = @Region and state in (4, 5) and valid_until >= valid_from and (@id::int is null or institution_id = @id)),
        run as (
            select *, count(*) filter (where after_gap) over (partition by institution_id order by valid_from) as number from live),
        chosen as (
            select distinct on (institution_id) * from run where valid_until >= @today order by institution_id, valid_from)
        """;

    /// <summary>Of whatever year: what stopped an institution stops it on 1 January too, until it is lifted or its time is over.</summary>
    private const string IsSuspended = "exists (select from accreditation s where s.institution_id = i.id and s.state = 5)";

    /// <summary>Nothing is in force or to come: the last period ends yesterday at the latest.</summary>
    private const string End = $"""
        update institution i
        set accredited_from = least(accredited_from, @today), accredited_until = least(accredited_until, @today - 1),
            is_suspended = {IsSuspended}, accreditation_id = null
        where id = @id
        """;

    /// <summary>Brings the institution's standing up to its accreditations and returns the one whose terms hold. Its row is locked by the caller.</summary>
    public async Task<AccreditationId?> ProjectAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, InstitutionId id, DateOnly today)
    {
        var chosen = await connection.QuerySingleOrDefaultAsync<AccreditationId?>($"""
            {Chosen}
            update institution i
            set accreditation_id = c.id, capacity = c.approved_capacity,
                accredited_from = (select min(valid_from) from run r where r.number = c.number),
                accredited_until = (select max(valid_until) from run r where r.number = c.number),
                is_suspended = {IsSuspended}
            from chosen c where i.id = c.institution_id
            returning c.id
            """, new { county.Region, id, today }, transaction);
        if (chosen is not { } accreditation)
        {
            await connection.ExecuteAsync(End, new { id, today }, transaction);
            return null;
        }
        await connection.ExecuteAsync("""
            delete from institution_programme where institution_id = @id;
            insert into institution_programme (institution_id, programme_id)
            select @id, programme_id from accreditation_programme where accreditation_id = @accreditation and is_approved;
            """, new { id, accreditation }, transaction);
        return accreditation;
    }

    /// <summary>Institutions whose standing shows another accreditation than the one that holds today: a new year has begun.</summary>
    public async Task<IReadOnlyList<InstitutionId>> TurnedAsync(DateOnly today)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<InstitutionId>($"""
            {Chosen}
            select i.id from institution i left join chosen c on c.institution_id = i.id
            where i.region = @Region and i.accreditation_id is distinct from c.id order by i.id limit 100
            """, new { county.Region, id = (int?)null, today })).AsList();
    }

    /// <summary>Locks the institution and returns the accreditation that its standing shows.</summary>
    public static Task<AccreditationId?> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, InstitutionId id) =>
        connection.QuerySingleAsync<AccreditationId?>("select accreditation_id from institution where id = @id for update", new { id }, transaction);
}
