using Voucher.Server.Register;

namespace Voucher.Server.Teachers;

/// <summary>The pool of teachers.</summary>
public sealed class TeacherStore(NpgsqlDataSource database, County county, PersonalData secrets)
{
    /// <summary>The index by which nobody is in the pool twice.</summary>
    public const string Once = "teacher_once";

    /// <summary>Whether teacher <c>t</c> has left on <c>@today</c>; never null. As <see cref="Teacher.HasLeftOn"/>.</summary>
    public const string HasLeft =
        "(coalesce(t.engaged_until, 'infinity') < @today or coalesce(t.engaged_until, 'infinity') = @today and t.left_reason <> '')";

    private const string Select = """
        select t.id, t.name, t.source, t.qualification, t.employer, t.phone_masked, t.id_number_masked, t.engaged_from, t.engaged_until, t.left_reason,
               coalesce((select string_agg(d.name, '、' order by d.code) from teacher_trade k join trade d on d.code = k.trade_code where k.teacher_id = t.id), '') as trades,
               (select count(*)::int from session_teacher s where s.teacher_id = t.id and upper(s.during) >= @localNow) as sessions
        from teacher t
        where t.region = @Region
        """;

    /// <summary>One page by name; one row more than <paramref name="pageSize"/> when there are further ones.</summary>
    public async Task<IReadOnlyList<Teacher>> ListAsync(TeacherFilter filter, int pageSize, DateTimeOffset now, int? skip = null)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<Teacher>($"""
            {Select}
            and (@source::int is null or t.source = @source)
            and (@TradeCode::int is null or exists (select from teacher_trade k where k.teacher_id = t.id and k.trade_code = @TradeCode))
            and (not @EngagedOnly or @today between t.engaged_from and coalesce(t.engaged_until, 'infinity'))
            and (@Name::text is null or t.name = @Name)
            order by t.name, t.id limit @limit offset @offset
            """,
            new
            {
                county.Region, localNow = LocalOf(now), today = CountyTime.DayOf(now), source = (short?)filter.Source, filter.TradeCode, filter.EngagedOnly, filter.Name,
                limit = pageSize + 1, offset = skip ?? (filter.Page - 1) * pageSize,
            })).AsList();
    }

    public async Task<Teacher?> FindAsync(TeacherId id, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<Teacher>($"{Select} and t.id = @id", new { county.Region, id, localNow = LocalOf(now) });
    }

    public async Task<IReadOnlyList<int>> TradeCodesAsync(TeacherId id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<int>("select trade_code from teacher_trade where teacher_id = @id order by 1", new { id })).AsList();
    }

    public async Task<IReadOnlyList<TeacherChange>> ChangesAsync(TeacherId id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<TeacherChange>("""
            select c.kind, c.at, f.name as by, c.reason from teacher_change c left join staff f on f.id = c.staff_id
            where c.teacher_id = @id order by c.id desc limit 100
            """, new { id })).AsList();
    }

    /// <summary>Sessions to come, the next first.</summary>
    public async Task<IReadOnlyList<TeacherSession>> SessionsAsync(TeacherId id, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<TeacherSession>("""
            select c.id as class_id, c.name as class, i.name as institution, s.held_on, s.starts_at, s.ends_at
            from session_teacher x join class_session s on s.id = x.session_id join training_class c on c.id = x.class_id
            join institution i on i.id = c.institution_id
            where x.teacher_id = @id and upper(x.during) >= @localNow order by x.during limit 50
            """, new { id, localNow = LocalOf(now) })).AsList();
    }

    /// <summary>The sealed phone, opened; empty when none is recorded.</summary>
    public async Task<string> PhoneAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, TeacherId id)
    {
        var closed = await connection.QuerySingleOrDefaultAsync<byte[]?>(
            "select phone_sealed from teacher where id = @id and region = @Region", new { id, county.Region }, transaction);
        return closed is null ? "" : secrets.Open(closed);
    }

    /// <exception cref="PostgresException">Unique violation of <see cref="Once"/>: the identity number is in the pool.</exception>
    public async Task<TeacherId> AddAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, TeacherEntry entry, StaffId by, DateTimeOffset now)
    {
        var id = await connection.QuerySingleAsync<TeacherId>("""
            insert into teacher (region, name, source, qualification, employer, phone_sealed, phone_masked, id_number_hash, id_number_sealed, id_number_masked, engaged_from, engaged_until)
            values (@Region, @Name, @source, @Qualification, @Employer, @phone, @phoneMasked, @hash, @number, @numberMasked, @EngagedFrom, @EngagedUntil)
            returning id
            """, Parameters(entry), transaction);
        await SetTradesAsync(connection, transaction, id, entry.TradeCodes);
        await AppendAsync(connection, transaction, id, kind: 1, entry.Reason, by, now);
        return id;
    }

    /// <summary>An empty phone and identity number stay as recorded. False when there is no such teacher.</summary>
    /// <exception cref="PostgresException">As <see cref="AddAsync"/>.</exception>
    public async Task<bool> ChangeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, TeacherId id, TeacherEntry entry, StaffId by, DateTimeOffset now)
    {
        var parameters = Parameters(entry);
        parameters.Add("id", id);
        var changed = await connection.ExecuteAsync("""
            update teacher set name = @Name, source = @source, qualification = @Qualification, employer = @Employer,
                phone_sealed = coalesce(@phone, phone_sealed), phone_masked = case when @phone::bytea is null then phone_masked else @phoneMasked end,
                id_number_hash = coalesce(@hash, id_number_hash), id_number_sealed = coalesce(@number, id_number_sealed),
                id_number_masked = case when @number::bytea is null then id_number_masked else @numberMasked end,
                engaged_from = @EngagedFrom, engaged_until = @EngagedUntil, left_reason = ''
            where id = @id and region = @Region
            """, parameters, transaction);
        if (changed == 0) return false;
        await SetTradesAsync(connection, transaction, id, entry.TradeCodes);
        await AppendAsync(connection, transaction, id, kind: 2, entry.Reason, by, now);
        return true;
    }

    /// <summary>Ends the engagement. Assignments after the last day are the caller's to refuse. False when there is no such teacher.</summary>
    public async Task<bool> LeaveAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, TeacherId id, DateOnly last, string reason, StaffId by, DateTimeOffset now)
    {
        var changed = await connection.ExecuteAsync("""
            update teacher set engaged_until = greatest(@last, engaged_from), left_reason = @reason where id = @id and region = @Region
            """, new { id, last, reason, county.Region }, transaction);
        if (changed == 1) await AppendAsync(connection, transaction, id, kind: 3, reason, by, now);
        return changed == 1;
    }

    /// <summary>The first assignment after the day, if any.</summary>
    public static Task<TeacherSession?> AssignedAfterAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, TeacherId id, DateOnly? day) =>
        connection.QueryFirstOrDefaultAsync<TeacherSession?>("""
            select c.id as class_id, c.name as class, i.name as institution, s.held_on, s.starts_at, s.ends_at
            from session_teacher x join class_session s on s.id = x.session_id join training_class c on c.id = x.class_id
            join institution i on i.id = c.institution_id
            where x.teacher_id = @id and s.held_on > @day order by x.during limit 1
            """, new { id, day }, transaction);

    /// <summary>Held until the transaction ends, so that nobody is assigned while the engagement changes.</summary>
    public static Task LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, TeacherId id) =>
        connection.ExecuteAsync("select from teacher where id = @id for update", new { id }, transaction);

    private static Task SetTradesAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, TeacherId id, int[] codes) =>
        connection.ExecuteAsync("""
            delete from teacher_trade where teacher_id = @id;
            insert into teacher_trade (teacher_id, trade_code) select @id, unnest(@codes);
            """, new { id, codes }, transaction);

    private static Task AppendAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, TeacherId id, short kind, string reason, StaffId by, DateTimeOffset now) =>
        connection.ExecuteAsync(
            "insert into teacher_change (teacher_id, kind, at, staff_id, reason) values (@id, @kind, @now, @by, @reason)", new { id, kind, now, by, reason }, transaction);

    private DynamicParameters Parameters(TeacherEntry entry) => new(new
    {
        county.Region, entry.Name, source = (short)entry.Source, entry.Qualification, entry.Employer, entry.EngagedFrom, entry.EngagedUntil,
        phone = entry.Phone.Length == 0 ? null : secrets.Seal(entry.Phone), phoneMasked = PhoneNumber.Masked(entry.Phone),
        hash = entry.IdNumber is { } number ? secrets.LookupHash(number) : null,
        number = entry.IdNumber is { } plain ? secrets.Seal(plain.Reveal()) : null, numberMasked = entry.IdNumber?.Masked() ?? "",
    });

    /// <summary>As sessions are kept: the county's time of day, without a zone.</summary>
    private static DateTime LocalOf(DateTimeOffset now) => DateTime.SpecifyKind(CountyTime.ToLocal(now).DateTime, DateTimeKind.Unspecified);
}
