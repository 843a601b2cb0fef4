using Voucher.Server.Classes;

namespace Voucher.Server.Teachers;

/// <summary>A teacher of a class, and in how many of its sessions.</summary>
public sealed record ClassTeacher(TeacherId Id, string Name, TeacherSource Source, string Trades, int Sessions);

/// <summary>A teacher who may be assigned.</summary>
/// <param name="Fits">The speciality covers the class's trade.</param>
public sealed record TeacherChoice(TeacherId Id, string Name, TeacherSource Source, string Trades, bool Fits);

/// <summary>Who teaches which session. The table's exclusion constraint is the last guard against one teacher in two rooms.</summary>
public sealed class AssignmentStore(NpgsqlDataSource database, County county)
{
    /// <summary>The constraint by which a teacher is in one place at a time.</summary>
    public const string Elsewhere = "session_teacher_elsewhere";

    /// <summary>More could not be chosen from at once; narrower choices come first.</summary>
    private const int MostChoices = 300;

    public async Task<IReadOnlyList<ClassTeacher>> OfClassAsync(ClassId id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<ClassTeacher>("""
            select t.id, t.name, t.source,
                   coalesce((select string_agg(d.name, '、' order by d.code) from teacher_trade k join trade d on d.code = k.trade_code where k.teacher_id = t.id), '') as trades,
                   count(*)::int as sessions
            from session_teacher x join teacher t on t.id = x.teacher_id where x.class_id = @id group by t.id order by t.name, t.id
            """, new { id })).AsList();
    }

    /// <summary>The sessions of the class with their teachers' names.</summary>
    public async Task<IReadOnlyDictionary<SessionId, string>> BySessionAsync(ClassId id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<(SessionId Session, string Names)>("""
            select x.session_id, string_agg(t.name, '、' order by t.name) from session_teacher x join teacher t on t.id = x.teacher_id
            where x.class_id = @id group by x.session_id
            """, new { id })).ToDictionary(row => row.Session, row => row.Names);
    }

    /// <summary>Teachers engaged over all days of the class; those of its trade, and of the institution's own accreditation, first.</summary>
    public async Task<IReadOnlyList<TeacherChoice>> ChoicesAsync(TrainingClass known)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<TeacherChoice>("""
            select t.id, t.name, t.source,
                   coalesce((select string_agg(d.name, '、' order by d.code) from teacher_trade k join trade d on d.code = k.trade_code where k.teacher_id = t.id), '') as trades,
                   exists (select from teacher_trade k join programme p on p.trade_code = k.trade_code where k.teacher_id = t.id and p.id = @ProgrammeId) as fits
            from teacher t
            where t.region = @Region and t.engaged_from <= @StartsOn and coalesce(t.engaged_until, 'infinity') >= @EndsOn
            order by fits desc,
                     exists (select from accreditation_teacher a join institution i on i.accreditation_id = a.accreditation_id where a.teacher_id = t.id and i.id = @InstitutionId) desc,
                     t.name, t.id
            limit @MostChoices
            """, new { county.Region, known.ProgrammeId, known.StartsOn, known.EndsOn, known.InstitutionId, MostChoices })).AsList();
    }

    /// <summary>The teacher, locked against a change of the engagement; <c>null</c> when the pool has none.</summary>
    public Task<(string Name, DateOnly From, DateOnly? Until)?> LockTeacherAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, TeacherId id) =>
        connection.QuerySingleOrDefaultAsync<(string, DateOnly, DateOnly?)?>(
            "select name, engaged_from, engaged_until from teacher where id = @id and region = @Region for update", new { id, county.Region }, transaction);

    /// <summary>The sessions of the class that are meant: all when none is named.</summary>
    public static async Task<IReadOnlyList<ClassSession>> SessionsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, ClassId id, long[] only) =>
        (await connection.QueryAsync<ClassSession>("""
            select id, held_on, starts_at, ends_at, is_practice, hours from class_session
            where class_id = @id and (cardinality(@only) = 0 or id = any(@only)) order by held_on, starts_at
            """, new { id, only }, transaction)).AsList();

    /// <summary>The first session elsewhere that overlaps one of the given ones.</summary>
    public static Task<TeacherSession?> BusyAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, TeacherId teacher, ClassId id, long[] sessions) =>
        connection.QueryFirstOrDefaultAsync<TeacherSession?>("""
            select c.id as class_id, c.name as class, i.name as institution, s.held_on, s.starts_at, s.ends_at
            from class_session w
            join session_teacher x on x.teacher_id = @teacher and x.session_id <> w.id and x.during && tsrange(w.held_on + w.starts_at, w.held_on + w.ends_at)
            join class_session s on s.id = x.session_id join training_class c on c.id = x.class_id join institution i on i.id = c.institution_id
            where w.class_id = @id and w.id = any(@sessions)
            order by x.during limit 1
            """, new { teacher, id, sessions }, transaction);

    /// <exception cref="PostgresException">Exclusion violation of <see cref="Elsewhere"/>.</exception>
    public static Task AssignAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, TeacherId teacher, ClassId id, long[] sessions) =>
        connection.ExecuteAsync("""
            insert into session_teacher (session_id, teacher_id, class_id, during)
            select s.id, @teacher, s.class_id, tsrange(s.held_on + s.starts_at, s.held_on + s.ends_at)
            from class_session s where s.class_id = @id and s.id = any(@sessions)
            on conflict (session_id, teacher_id) do nothing
            """, new { teacher, id, sessions }, transaction);

    public static Task<int> RemoveAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, TeacherId teacher, ClassId id, DateOnly from) =>
        connection.ExecuteAsync("""
            delete from session_teacher x using class_session s
            where s.id = x.session_id and x.teacher_id = @teacher and x.class_id = @id and s.held_on >= @from
            """, new { teacher, id, from }, transaction);
}
