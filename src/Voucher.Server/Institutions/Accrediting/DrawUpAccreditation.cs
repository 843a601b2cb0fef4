using System.Globalization;
using Voucher.Server.Api;
using Voucher.Server.Policies;

namespace Voucher.Server.Institutions.Accrediting;

/// <summary>The institution, or a clerk for it, draws up the application of a year, hands it in, or takes it back.</summary>
public sealed class DrawUpAccreditation(
    NpgsqlDataSource database, InstitutionStore institutions, ApplicationStore applications, TakeStep steps, PolicyStore policies, TimeProvider clock)
{
    /// <summary>How many years ahead of the present one may be applied for.</summary>
    public const int YearsAhead = 1;

    public async Task<Outcome<AccreditationId>> StartAsync(InstitutionId institution, int? year, Actor actor)
    {
        var now = clock.GetUtcNow();
        var today = CountyTime.DayOf(now);
        var read = new FieldReader();
        var asked = read.Number("year", year, today.Year, today.Year + YearsAhead);
        if (read.Errors.Count > 0) return read.Errors;
        if (!actor.MayActFor(institution) || await institutions.FindAsync(institution) is null) return Refusal.Of(RefusalCode.NotFound);
        var policy = await policies.InForceOrLastAsync(today);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await applications.AddAsync(connection, transaction, institution, asked, actor.Account, now) is not { } id)
            return Refusal.Under(policy, RefusalCode.AccreditationYearTaken, asked.ToString(CultureInfo.InvariantCulture));
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "accreditation.start", $"accreditation:{id}", $"institution:{institution} {asked}",
            Ground.Under(Permission.DrawUpAccreditation));
        await transaction.CommitAsync();
        return id;
    }

    /// <summary>A draft may be saved with gaps; what is there must be right.</summary>
    public async Task<Outcome<Nothing>> SaveAsync(AccreditationId id, ApplicationForm form, Actor actor)
    {
        var (entry, errors) = form.Read();
        if (errors.Count == 0) errors.AddRange(await UnknownAsync(entry));
        if (errors.Count > 0) return errors;
        return await steps.RunAsync(id, AccreditationCommand.Change, actor, "", async step =>
        {
            await AccreditationStepStore.MoveAsync(step);
            await applications.SaveAsync(step.Connection, step.Transaction, id, entry);
        });
    }

    /// <summary>Refused while something is missing, naming all of it.</summary>
    public Task<Outcome<Nothing>> SubmitAsync(AccreditationId id, Actor actor) =>
        steps.RunAsync(id, AccreditationCommand.Submit, actor, "", async step =>
        {
            if (step.Known.Dossier.Missing() is { Count: > 0 } missing)
                return Refusal.Under(await policies.InForceOrLastAsync(step.Today), RefusalCode.AccreditationIncomplete, Listed(missing));
            await AccreditationStepStore.SubmitAsync(step);
            return null;
        });

    public Task<Outcome<Nothing>> TakeBackAsync(AccreditationId id, Actor actor) =>
        steps.RunAsync(id, AccreditationCommand.TakeBack, actor, "", AccreditationStepStore.MoveAsync);

    private async Task<List<FieldError>> UnknownAsync(ApplicationEntry entry)
    {
        List<FieldError> errors = [];
        if (await institutions.UnknownCodesAsync(entry.ProgrammeCodes) is { Count: > 0 } codes)
            errors.Add(new("programmeCodes", new($"项目目录中没有：{Some(codes)}", $"Not on the menu: {Some(codes)}")));
        if (await applications.UnknownTeachersAsync(entry.TeacherIds) is { Count: > 0 } teachers)
            errors.Add(new("teacherIds", new($"师资库中没有：{Some(teachers)}", $"Not in the pool: {Some(teachers)}")));
        if (await applications.LeftTeachersAsync(entry.TeacherIds, CountyTime.DayOf(clock.GetUtcNow())) is { Count: > 0 } left)
            errors.Add(new("teacherIds", new($"已出库：{Some(left)}", $"No longer in the pool: {Some(left)}")));
        return errors;
    }

    private static string Some<T>(IReadOnlyList<T> all) => string.Join(", ", all.Take(5));

    private static Words Listed(IReadOnlyList<Words> missing) => new(
        string.Join("、", missing.Select(one => one.Zh)), string.Join("; ", missing.Select(one => one.En)));
}
