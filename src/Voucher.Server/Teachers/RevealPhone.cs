namespace Voucher.Server.Teachers;

/// <summary>Shows a teacher's phone to a clerk who has to call; that it was shown goes to the audit trail.</summary>
public sealed class RevealPhone(NpgsqlDataSource database, TeacherStore teachers, TimeProvider clock)
{
    /// <returns>Empty when none is recorded.</returns>
    public async Task<string> RunAsync(TeacherId id, Actor actor)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var phone = await teachers.PhoneAsync(connection, transaction, id);
        if (phone.Length == 0) return "";
        await AuditTrail.AppendAsync(connection, transaction, clock.GetUtcNow(), actor.Account, "teacher.phone", $"teacher:{id}", "",
            Ground.Under(Permission.EditTeachers));
        await transaction.CommitAsync();
        return phone;
    }
}
