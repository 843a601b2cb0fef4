using Voucher.Server.Institutions;
using Voucher.Server.Institutions.Consequences;
using Voucher.Server.Policies;
using Voucher.Server.Programmes;

namespace Voucher.Server.Classes;

/// <summary>An institution hands in a class for approval, or hands in a refused one again after changing it.</summary>
public sealed class OpenClass(
    NpgsqlDataSource database, ClassStore classes, InstitutionStore institutions, ProgrammeStore programmes, PolicyStore policies, TimeProvider clock)
{
    private static readonly List<FieldError> NameTaken = [new("name", new("本机构已有同名班级", "The institution has a class of this name"))];

    public async Task<Outcome<ClassId>> RunAsync(ClassForm form, Actor actor)
    {
        if (actor.Institution is not { } institution) return Refusal.Of(RefusalCode.NotAllowed);
        switch (await CheckAsync(institution, form))
        {
            case Outcome<(ClassEntry Entry, ProgrammeId Programme)>.Refused(var refusal): return refusal;
            case Outcome<(ClassEntry Entry, ProgrammeId Programme)>.BadInput(var errors): return errors.ToList();
            case Outcome<(ClassEntry Entry, ProgrammeId Programme)>.Done(var (entry, programme)):
                return await AddAsync(institution, programme, entry, actor);
            default: throw new InvalidOperationException();
        }
    }

    /// <summary>Only a refused class may be changed: what lies with the county for approval must stay as it was handed in.</summary>
    public async Task<Outcome<ClassId>> ResubmitAsync(ClassId id, ClassForm form, Actor actor)
    {
        if (await classes.FindAsync(id, actor) is not { } known) return Refusal.Of(RefusalCode.NotFound);
        switch (await CheckAsync(known.InstitutionId, form))
        {
            case Outcome<(ClassEntry Entry, ProgrammeId Programme)>.Refused(var refusal): return refusal;
            case Outcome<(ClassEntry Entry, ProgrammeId Programme)>.BadInput(var errors): return errors.ToList();
            case Outcome<(ClassEntry Entry, ProgrammeId Programme)>.Done(var (entry, programme)):
                return await ChangeAsync(id, programme, entry, actor);
            default: throw new InvalidOperationException();
        }
    }

    private async Task<Outcome<(ClassEntry Entry, ProgrammeId Programme)>> CheckAsync(InstitutionId id, ClassForm form)
    {
        var today = CountyTime.DayOf(clock.GetUtcNow());
        var (entry, errors) = form.Read(today);
        var programme = await programmes.FindAsync(entry.ProgrammeCode);
        if (form.ProgrammeCode is not null && programme is not { IsOpen: true })
            errors.Add(new("programmeCode", new("项目目录中没有这个项目，或已停开", "Not on the menu, or closed")));
        if (errors.Count > 0) return errors;
        var institution = await institutions.FindAsync(id);
        var terms = await institutions.TermsOnAsync(id, entry.ProgrammeCode, entry.StartsOn);
        if (await policies.InForceOnAsync(today) is not { } policy) return Refusal.Of(RefusalCode.NoRuleInForce);
        var refusal = ClassRules.Refuse(policy, institution!, terms, entry.StartsOn, entry.EndsOn, entry.Capacity, entry.Sessions.Count)
            ?? WorkTrainingRule.Refuse(policy, programme!.Kind, entry.StartsOn, entry.EndsOn) ?? ProgrammeTerms.Of(programme).Refuse(policy);
        refusal ??= await BlockedAsync(id, today, policy);
        return refusal is null ? (entry, programme!.Id) : refusal;
    }

    private async Task<Refusal?> BlockedAsync(InstitutionId id, DateOnly today, Policy policy)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await ConsequenceStore.BlocksAsync(connection, null, id, Blocked.Classes, today, policy);
    }

    private async Task<Outcome<ClassId>> AddAsync(InstitutionId institution, ProgrammeId programme, ClassEntry entry, Actor actor)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await classes.AddAsync(connection, transaction, institution, programme, entry, actor.Account, now) is not { } id) return NameTaken;
        await FinishAsync(connection, transaction, "class.open", id, entry, actor, now);
        return id;
    }

    private async Task<Outcome<ClassId>> ChangeAsync(ClassId id, ProgrammeId programme, ClassEntry entry, Actor actor)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var known = await classes.FindForUpdateAsync(connection, transaction, id, actor);
        if (known!.Status != ClassStatus.Refused)
            return Refusal.Under(await policies.InForceOrLastAsync(CountyTime.DayOf(now)), RefusalCode.WrongStep, known.Status.Name());
        try
        {
            await ClassStore.ResubmitAsync(connection, transaction, id, programme, entry, actor.Account, now);
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return NameTaken;
        }
        await FinishAsync(connection, transaction, "class.resubmit", id, entry, actor, now);
        return id;
    }

    private static async Task FinishAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string action, ClassId id, ClassEntry entry, Actor actor, DateTimeOffset now)
    {
        await ClassStore.SetSessionsAsync(connection, transaction, id, entry.Sessions);
        var detail = $"programme {entry.ProgrammeCode}, capacity {entry.Capacity}, {entry.Sessions.Count} sessions";
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, action, $"class:{id}", detail, Ground.Under(Permission.OpenClass));
        await transaction.CommitAsync();
    }
}
