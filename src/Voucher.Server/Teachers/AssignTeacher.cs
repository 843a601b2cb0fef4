using Voucher.Server.Api;
using Voucher.Server.Classes;
using Voucher.Server.Policies;

namespace Voucher.Server.Teachers;

/// <summary>
/// Gives a class, or some of its sessions, a teacher of the pool. Nobody teaches in two rooms at once, whosever they are
/// (text 004, 四（四）: 统筹调配使用师资力量).
/// </summary>
public sealed class AssignTeacher(NpgsqlDataSource database, AssignmentStore assignments, ClassStore classes, PolicyStore policies, TimeProvider clock)
{
    /// <param name="sessionIds">Of the class; none: all of it.</param>
    public async Task<Outcome<int>> RunAsync(ClassId id, int? teacherId, long[]? sessionIds, Actor actor)
    {
        var read = new FieldReader();
        var teacher = new TeacherId(read.Number("teacherId", teacherId, 1, int.MaxValue));
        var only = (sessionIds ?? []).Distinct().ToArray();
        if (only.Length > SessionPlan.MostSessions) read.Fault("sessionIds", new($"最多 {SessionPlan.MostSessions} 个课次", $"At most {SessionPlan.MostSessions} sessions"));
        if (read.Errors.Count > 0) return read.Errors;
        var now = clock.GetUtcNow();
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await classes.FindForUpdateAsync(connection, transaction, id, actor) is not { } known) return Refusal.Of(RefusalCode.NotFound);
        if (known.Status == ClassStatus.Refused) return Refusal.Under(policy, RefusalCode.WrongStep, known.Status.Name());
        var sessions = await AssignmentStore.SessionsAsync(connection, transaction, id, only);
        if (sessions.Count == 0 || only.Length > 0 && sessions.Count < only.Length)
            return new List<FieldError> { new("sessionIds", new("本班没有这个课次", "The class has no such session")) };
        var outcome = await AssignAsync(connection, transaction, teacher, id, sessions, policy);
        if (outcome is not Outcome<int>.Done(var assigned)) return outcome;
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "class.teacher", $"class:{id}", $"teacher:{teacher}, {assigned} sessions",
            Ground.Under(Permission.AssignTeachers));
        await transaction.CommitAsync();
        return assigned;
    }

    /// <summary>The teacher's row is locked, so that nobody else assigns meanwhile; the table's constraint holds against hands in psql.</summary>
    private async Task<Outcome<int>> AssignAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, TeacherId teacher, ClassId id, IReadOnlyList<ClassSession> sessions, Policy policy)
    {
        if (await assignments.LockTeacherAsync(connection, transaction, teacher) is not { } engaged)
            return new List<FieldError> { new("teacherId", new("师资库中没有这位老师", "The pool has no such teacher")) };
        if (sessions.FirstOrDefault(s => s.HeldOn < engaged.From || s.HeldOn > engaged.Until) is { } outside)
            return Refusal.Under(policy, RefusalCode.TeacherNotEngaged, engaged.Name, CountyTime.Show(outside.HeldOn));
        long[] wanted = [.. sessions.Select(session => session.Id.Value)];
        if (await AssignmentStore.BusyAsync(connection, transaction, teacher, id, wanted) is { } busy)
            return Refusal.Under(policy, RefusalCode.TeacherBusy, engaged.Name, BusyWords.Place(busy), BusyWords.Time(busy));
        await AssignmentStore.AssignAsync(connection, transaction, teacher, id, wanted);
        return wanted.Length;
    }

    /// <summary>Takes the teacher out of the sessions from today on; what was taught stays on record.</summary>
    public async Task<Outcome<Nothing>> RemoveAsync(ClassId id, int? teacherId, Actor actor)
    {
        var read = new FieldReader();
        var teacher = new TeacherId(read.Number("teacherId", teacherId, 1, int.MaxValue));
        if (read.Errors.Count > 0) return read.Errors;
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await classes.FindForUpdateAsync(connection, transaction, id, actor) is null) return Refusal.Of(RefusalCode.NotFound);
        var removed = await AssignmentStore.RemoveAsync(connection, transaction, teacher, id, CountyTime.DayOf(now));
        if (removed == 0) return new List<FieldError> { new("teacherId", new("这位老师在本班没有未上的课", "The teacher has no session to come in this class")) };
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "class.teacher-out", $"class:{id}", $"teacher:{teacher}, {removed} sessions",
            Ground.Under(Permission.AssignTeachers));
        await transaction.CommitAsync();
        return Nothing.Value;
    }
}
