using Voucher.Server.Api;
using Voucher.Server.Policies;
using Voucher.Server.Programmes;

namespace Voucher.Server.Teachers;

/// <summary>A clerk takes a teacher into the pool, changes what is recorded, or lets one go (动态调整).</summary>
public sealed class SaveTeacher(NpgsqlDataSource database, TeacherStore teachers, ProgrammeStore programmes, PolicyStore policies, TimeProvider clock)
{
    private static readonly List<FieldError> Known = [new("idNumber", new("师资库中已有这个人", "This person is in the pool already"))];

    public async Task<Outcome<TeacherId>> AddAsync(TeacherForm form, Actor actor)
    {
        var (entry, errors) = form.Read(await programmes.TradesAsync());
        if (errors.Count > 0) return errors;
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        try
        {
            var id = await teachers.AddAsync(connection, transaction, entry, actor.Staff, now);
            await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "teacher.add", $"teacher:{id}", entry.Source.ToString(),
                Ground.Under(Permission.EditTeachers));
            await transaction.CommitAsync();
            return id;
        }
        catch (PostgresException fault) when (IsKnown(fault))
        {
            return Known;
        }
    }

    public async Task<Outcome<TeacherId>> ChangeAsync(TeacherId id, TeacherForm form, Actor actor)
    {
        var (entry, errors) = form.Read(await programmes.TradesAsync());
        if (errors.Count > 0) return errors;
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await TeacherStore.LockAsync(connection, transaction, id);
        if (await RefuseAssignedAsync(connection, transaction, id, entry.Name, entry.EngagedUntil) is { } refusal) return refusal;
        try
        {
            if (!await teachers.ChangeAsync(connection, transaction, id, entry, actor.Staff, now)) return Refusal.Of(RefusalCode.NotFound);
            await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "teacher.change", $"teacher:{id}", "", Ground.Under(Permission.EditTeachers));
            await transaction.CommitAsync();
            return id;
        }
        catch (PostgresException fault) when (IsKnown(fault))
        {
            return Known;
        }
    }

    /// <param name="last">Last day; left out, today.</param>
    public async Task<Outcome<Nothing>> LeaveAsync(TeacherId id, DateOnly? last, string? reason, Actor actor)
    {
        var read = new FieldReader();
        var now = clock.GetUtcNow();
        var day = last is null ? CountyTime.DayOf(now) : read.Day("last", last);
        var why = read.Text("reason", reason, Reasons.Longest);
        if (read.Errors.Count > 0) return read.Errors;
        if (await teachers.FindAsync(id, now) is not { } known) return Refusal.Of(RefusalCode.NotFound);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await TeacherStore.LockAsync(connection, transaction, id);
        if (await RefuseAssignedAsync(connection, transaction, id, known.Name, day) is { } refusal) return refusal;
        await teachers.LeaveAsync(connection, transaction, id, day, why, actor.Staff, now);
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "teacher.leave", $"teacher:{id}", "", why);
        await transaction.CommitAsync();
        return Nothing.Value;
    }

    /// <summary>Nobody leaves a session without its teacher: the assignment is changed first.</summary>
    private async Task<Refusal?> RefuseAssignedAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, TeacherId id, string name, DateOnly? last)
    {
        if (last is null || await TeacherStore.AssignedAfterAsync(connection, transaction, id, last) is not { } session) return null;
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(clock.GetUtcNow()));
        return Refusal.Under(policy, RefusalCode.TeacherStillAssigned, name, BusyWords.Place(session), BusyWords.Time(session));
    }

    private static bool IsKnown(PostgresException fault) =>
        fault is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: TeacherStore.Once };
}
