using Voucher.Core.Classes;

namespace Voucher.Server.Classes.Certificates;

/// <summary>One line of the 颁证花名册: a trainee and one certificate of theirs, or the trainee alone.</summary>
/// <param name="IsClaimed">The voucher stands in a claim that has not been sent back: its certificates no longer change.</param>
public sealed record CertificateRow(
    long EnrolmentId, VoucherId Voucher, string Name, bool IsMale, DateOnly BirthDate, string IdNumberMasked,
    int? TheoryScore, int? PracticeScore, bool? HasPassed, bool IsClaimed,
    long? CertificateId, CertificateKind? Kind, string? Number, string? Issuer, DateOnly? IssuedOn);

/// <summary>A certificate to be written.</summary>
public sealed record NewCertificate(long EnrolmentId, CertificateKind Kind, string Number, string Issuer, DateOnly IssuedOn);

/// <summary>Certificates of trainees. What is written stays; what was wrong is made void.</summary>
public sealed class CertificateStore(NpgsqlDataSource database)
{
    /// <summary>The last guards: see the migration.</summary>
    public const string OnceAKind = "certificate_once_a_kind";

    public const string NumberOnce = "certificate_number_once";

    /// <summary>Those who are in the class, in order of enrolment, with their certificates that are not void.</summary>
    public async Task<IReadOnlyList<CertificateRow>> RosterAsync(ClassId id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await RosterAsync(connection, null, id);
    }

    public static async Task<IReadOnlyList<CertificateRow>> RosterAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, ClassId id)
    {
        var rows = await connection.QueryAsync<CertificateRow>("""
            select n.id as enrolment_id, n.voucher_id as voucher, p.name, p.is_male, p.birth_date, p.id_number_masked,
                   a.theory_score::int as theory_score, a.practice_score::int as practice_score, a.has_passed,
                   exists (select from live_claim_line l where l.voucher_id = n.voucher_id and l.state <> 8) as is_claimed,
                   f.id as certificate_id, f.kind, f.number, f.issuer, f.issued_on
            from enrolment n
            join person p on p.id = n.person_id
            left join assessment a on a.enrolment_id = n.id
            left join certificate f on f.enrolment_id = n.id and f.voided_at is null
            where n.class_id = @id and n.is_active
            order by n.id, f.kind
            """, new { id }, transaction);
        return rows.AsList();
    }

    /// <summary>
    /// Takes so many numbers of the institution's year, in one stroke, and holds the count until the transaction ends.
    /// </summary>
    /// <returns>The first of them.</returns>
    public static async Task<int> TakeSerialsAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, InstitutionId institution, int year, int count) =>
        1 - count + await connection.QuerySingleAsync<int>("""
            insert into certificate_serial (institution_id, year, last) values (@institution, @year, @count)
            on conflict (institution_id, year) do update set last = certificate_serial.last + @count returning last
            """, new { institution, year, count }, transaction);

    /// <exception cref="PostgresException">Unique violation: a number, or a kind for somebody, is there already.</exception>
    public static Task AddAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, InstitutionId institution,
        IReadOnlyCollection<NewCertificate> certificates, Actor by, DateTimeOffset now) =>
        connection.ExecuteAsync("""
            insert into certificate (region, institution_id, enrolment_id, kind, number, issuer, issued_on, recorded_by, recorded_by_staff, recorded_at)
            select @region, @institution, entry.enrolment, entry.kind, entry.number, entry.issuer, entry.issued_on, @Account, @Staff, @now
            from unnest(@enrolments, @kinds, @numbers, @issuers, @days) with ordinality as entry (enrolment, kind, number, issuer, issued_on, place)
            order by entry.place
            """,
            new
            {
                region, institution, by.Account, by.Staff, now,
                enrolments = certificates.Select(one => one.EnrolmentId).ToArray(),
                kinds = certificates.Select(one => (short)one.Kind).ToArray(),
                numbers = certificates.Select(one => one.Number).ToArray(),
                issuers = certificates.Select(one => one.Issuer).ToArray(),
                days = certificates.Select(one => one.IssuedOn).ToArray(),
            }, transaction);

    /// <summary>Those of these numbers, each with its issuer, that somebody has already.</summary>
    public static async Task<IReadOnlySet<(string Issuer, string Number)>> TakenAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, IReadOnlyCollection<(string Issuer, string Number)> numbers)
    {
        var rows = await connection.QueryAsync<(string Issuer, string Number)>("""
            select f.issuer, f.number from unnest(@issuers, @numbers) as asked (issuer, number)
            join certificate f on f.region = @region and f.issuer = asked.issuer and f.number = asked.number and f.voided_at is null
            """,
            new { region, issuers = numbers.Select(one => one.Issuer).ToArray(), numbers = numbers.Select(one => one.Number).ToArray() }, transaction);
        return rows.ToHashSet();
    }

    /// <summary>Makes one of the class's certificates void; <c>false</c> when it is no more there.</summary>
    public static async Task<bool> VoidAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long certificate, string reason, Actor by, DateTimeOffset now) =>
        await connection.ExecuteAsync("""
            update certificate set voided_by = @Account, voided_by_staff = @Staff, voided_at = @now, void_reason = @reason
            where id = @certificate and voided_at is null
            """, new { certificate, by.Account, by.Staff, now, reason }, transaction) == 1;

    /// <summary>The claim that holds the voucher and was not sent back to be completed.</summary>
    public static Task<ClaimId?> ClaimOfAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, VoucherId voucher) =>
        connection.QuerySingleOrDefaultAsync<ClaimId?>(
            "select claim_id from live_claim_line where voucher_id = @voucher and state <> 8", new { voucher }, transaction);
}
