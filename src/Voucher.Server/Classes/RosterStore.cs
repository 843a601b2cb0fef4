namespace Voucher.Server.Classes;

/// <summary>One trainee of a class: enrolled by scan, and what is recorded of them.</summary>
/// <param name="IsActive">False after withdrawal or revocation.</param>
public sealed record Trainee(
    long EnrolmentId, VoucherId Voucher, VoucherState State, string Name, string IdNumberMasked, DateTimeOffset EnrolledAt, bool IsActive,
    int? TheoryScore, int? PracticeScore, bool? HasPassed)
{
    /// <summary>A result may be recorded or changed until the voucher is completed or out of use.</summary>
    public bool IsOpen => IsActive && State == VoucherState.Enrolled;
}

/// <summary>One trainee as the official roster (花名册) lists them. Sealed values stay sealed until somebody gives a ground.</summary>
public sealed record RosterRow(
    long Ordinal, VoucherId Voucher, VoucherState State, string Name, bool IsMale, DateOnly BirthDate, string Education, string IdNumberMasked,
    byte[] IdNumberSealed, string PhoneMasked, byte[]? PhoneSealed, string HouseholdPlace, string HouseholdKind, string PledgedEmployer,
    DateTimeOffset EnrolledAt);

/// <summary>One trainee at one session, as scanned.</summary>
public sealed record AttendanceScan(long EnrolmentId, SessionId SessionId, DateTimeOffset CheckedInAt, DateTimeOffset? CheckedOutAt);

/// <summary>The roster of a class, its attendance from scans, and assessment results.</summary>
public sealed class RosterStore(NpgsqlDataSource database)
{
    /// <summary>
    /// How many sessions the enrolment <c>n</c> has attended, within a larger query: those that were checked out of. The same rule
    /// as <see cref="AttendanceMark.Present"/> in <see cref="AttendanceSheet"/>.
    /// </summary>
    public const string AttendedSessions = "(select count(*)::int from attendance a where a.enrolment_id = n.id and a.checked_out_at is not null)";

    /// <summary>Active trainees first, each group in order of enrolment.</summary>
    public async Task<IReadOnlyList<Trainee>> ListAsync(ClassId id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await ListAsync(connection, null, id);
    }

    public static async Task<IReadOnlyList<Trainee>> ListAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, ClassId id)
    {
        var rows = await connection.QueryAsync<Trainee>("""
            select n.id as enrolment_id, n.voucher_id as voucher, v.state, p.name, p.id_number_masked, n.enrolled_at, n.is_active,
                   a.theory_score::int as theory_score, a.practice_score::int as practice_score, a.has_passed
            from enrolment n
            join voucher v on v.id = n.voucher_id
            join person p on p.id = n.person_id
            left join assessment a on a.enrolment_id = n.id
            where n.class_id = @id
            order by n.is_active desc, n.id
            """, new { id }, transaction);
        return rows.AsList();
    }

    /// <summary>The same trainees in the same order as <see cref="ListAsync(ClassId)"/>, with what the register says of each.</summary>
    public async Task<IReadOnlyList<RosterRow>> SheetAsync(ClassId id)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<RosterRow>("""
            select row_number() over (order by n.is_active desc, n.id) as ordinal, n.voucher_id as voucher, v.state, p.name, p.is_male, p.birth_date,
                   p.education, p.id_number_masked, p.id_number_sealed, p.phone_masked, p.phone_sealed, p.household_place, p.household_kind,
                   p.pledged_employer, n.enrolled_at
            from enrolment n
            join voucher v on v.id = n.voucher_id
            join person p on p.id = n.person_id
            where n.class_id = @id
            order by n.is_active desc, n.id
            """, new { id });
        return rows.AsList();
    }

    public async Task<IReadOnlyList<AttendanceScan>> AttendanceAsync(ClassId id)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<AttendanceScan>("""
            select a.enrolment_id, a.session_id, a.checked_in_at, a.checked_out_at
            from attendance a join enrolment n on n.id = a.enrolment_id
            where n.class_id = @id
            """, new { id });
        return rows.AsList();
    }

    /// <summary>Locks the vouchers in order, so that no completion or withdrawal comes between reading and writing.</summary>
    public static Task LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IEnumerable<VoucherId> vouchers) =>
        connection.ExecuteAsync(
            "select from voucher where id = any(@ids) order by id for update", new { ids = vouchers.Select(id => id.Value).ToArray() }, transaction);

    public static Task SaveAssessmentAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long enrolment, AssessmentEntry entry, AccountId by, DateTimeOffset now) =>
        connection.ExecuteAsync("""
            insert into assessment (enrolment_id, theory_score, practice_score, has_passed, recorded_by, recorded_at)
            values (@enrolment, @TheoryScore, @PracticeScore, @HasPassed, @by, @now)
            on conflict (enrolment_id) do update
            set theory_score = excluded.theory_score, practice_score = excluded.practice_score, has_passed = excluded.has_passed,
                recorded_by = excluded.recorded_by, recorded_at = excluded.recorded_at
            """, new { enrolment, entry.TheoryScore, entry.PracticeScore, entry.HasPassed, by, now }, transaction);

    public static Task<bool> HasEverHeldAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, ClassId id, VoucherId voucher) =>
        connection.ExecuteScalarAsync<bool>(
            "select exists (select from enrolment where class_id = @id and voucher_id = @voucher)", new { id, voucher }, transaction);

    /// <summary>The trainee leaves the roster; money and event are the caller's.</summary>
    public static async Task RemoveAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, ClassId id, VoucherId voucher)
    {
        var changed = await connection.ExecuteAsync(
            "update enrolment set is_active = false where class_id = @id and voucher_id = @voucher and is_active", new { id, voucher }, transaction);
        if (changed != 1) throw new InvalidOperationException($"Enrolment of {voucher} changed under its lock.");
    }
}
