using Voucher.Core.Classes;
using Voucher.Server.Api;
using Voucher.Server.Policies;

namespace Voucher.Server.Classes.Certificates;

/// <summary>
/// 颁证: the institution numbers the completion certificates of a class in one go, for everybody who has passed and has none yet.
/// </summary>
public sealed class IssueCertificates(NpgsqlDataSource database, ClassStore classes, PolicyStore policies, County county, TimeProvider clock)
{
    /// <param name="issuedOn">From the class's first day until today; today unless given.</param>
    /// <returns>How many certificates were numbered.</returns>
    public async Task<Outcome<int>> RunAsync(ClassId id, DateOnly? issuedOn, Actor actor)
    {
        var now = clock.GetUtcNow();
        var today = CountyTime.DayOf(now);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        // Two who press at once: the second waits, and finds everybody numbered.
        if (await classes.FindForUpdateAsync(connection, transaction, id, actor) is not { } known) return Refusal.Of(RefusalCode.NotFound);
        var day = issuedOn ?? today;
        if (day < known.StartsOn || day > today)
            return (List<FieldError>)[new("issuedOn", new(
                $"发证日期应在 {CountyTime.Show(known.StartsOn)} 至 {CountyTime.Show(today)} 之间", $"Give a day from {CountyTime.Show(known.StartsOn)} to {CountyTime.Show(today)}"))];
        var roster = await CertificateStore.RosterAsync(connection, transaction, id);
        var lacking = roster.GroupBy(row => row.EnrolmentId)
            .Where(rows => rows.First().HasPassed == true && rows.All(row => row.Kind != CertificateKind.Completion))
            .Select(rows => rows.Key).ToList();
        if (lacking.Count == 0)
            return Refusal.Under(await policies.InForceOrLastAsync(today), RefusalCode.NobodyToCertify);
        var first = await CertificateStore.TakeSerialsAsync(connection, transaction, known.InstitutionId, day.Year, lacking.Count);
        await CertificateStore.AddAsync(
            connection, transaction, county.Region, known.InstitutionId,
            [.. lacking.Select((enrolment, at) => new NewCertificate(
                enrolment, CertificateKind.Completion, Core.Classes.Certificates.NumberOf(known.InstitutionId, day.Year, first + at), known.Institution, day))],
            actor, now);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "certificate.issue", $"class:{id}", $"{lacking.Count} completion certificates",
            Ground.Under(Permission.RecordAssessment));
        await transaction.CommitAsync();
        return lacking.Count;
    }
}
