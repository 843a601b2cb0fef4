using Voucher.Core.Settling;
using Voucher.Server.Policies;
using Voucher.Server.Register;
using Voucher.Server.Settling.Reviewing;

namespace Voucher.Server.Settling.Publishing;

/// <summary>接收异议: what is said against lines of a list is recorded and freezes them at once.</summary>
public sealed class TakeObjection(NpgsqlDataSource database, PolicyStore policies, HolidayStore holidays, County county, PersonalData secrets, TimeProvider clock)
{
    /// <summary>Working days from its coming to its decision.</summary>
    public const int DecisionWorkingDays = 5;

    /// <summary>Objections that the public pages take in 24 hours, together.</summary>
    public const int MostPublicADay = 200;

    /// <summary>Of one list in 24 hours.</summary>
    public const int MostPublicOfList = 30;

    /// <summary>Of one list's lines in 24 hours, in percent: an idle hand cannot freeze a whole list.</summary>
    public const int MostPublicPercent = 10;

    /// <summary>Lines of a short list, of which so few percent would be none; never more than half of it.</summary>
    public const int FewPublicLines = 3;

    private const short OpenPayable = 1;

    /// <summary>By the desk: told by telephone, in person or by letter.</summary>
    public Task<Outcome<long>> AtDeskAsync(Actor actor, long publication, ObjectionForm form) =>
        actor.IsCounty ? RunAsync(actor, publication, form with { Channel = form.Channel == ObjectionChannel.PublicPage ? null : form.Channel })
            : Task.FromResult<Outcome<long>>(Refusal.Of(RefusalCode.NotAllowed));

    /// <summary>By anybody, on the public page; while the period runs.</summary>
    public async Task<Outcome<long>> InPublicAsync(long publication, ObjectionForm form)
    {
        // Who may leave out a name is not found by the address that the trail would keep.
        Whereabouts.LeaveOut();
        return await RunAsync(null, publication, form with { Channel = ObjectionChannel.PublicPage, ClassId = null });
    }

    /// <summary>Of a list of so many lines, how many the public page freezes in 24 hours.</summary>
    public static int MostPublicLines(int lines) => Math.Min((lines + 1) / 2, Math.Max(FewPublicLines, lines * MostPublicPercent / 100));

    private async Task<Outcome<long>> RunAsync(Actor? actor, long publication, ObjectionForm given)
    {
        var now = clock.GetUtcNow();
        var today = CountyTime.DayOf(now);
        var (form, positions, errors) = given.Check();
        if (errors.Count > 0) return errors;
        // Objections are taken on any day; the last pack is cited on one that none covers.
        var policy = await policies.InForceOrLastAsync(today);
        var calendar = await holidays.CalendarAsync();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await NoticeStore.PeriodAsync(connection, transaction, county.Region, publication) is not { } period) return Refusal.Of(RefusalCode.NotFound);
        if (actor is null && await RefusePublicAsync(connection, transaction, publication, period, policy, now) is { } refusal) return refusal;
        var lines = await ObjectionStore.LockLinesAsync(connection, transaction, publication, positions, form.ClassId);
        if (lines.Count < Math.Max(positions.Count, 1))
            return new List<FieldError> { new(form.ClassId is null ? "lines" : "classId", new("名单里没有这一行或这个班级", "The list has no such line or class")) };
        var open = form.ClassId is null ? lines : [.. lines.Where(line => Refuse(line, policy) is null)];
        if ((open.Count == 0 ? lines : open).Select(line => Refuse(line, policy)).FirstOrDefault(found => found is not null) is { } against) return against;
        List<long> payables = [.. open.Select(line => line.Payable)];
        if (actor is null && await RefuseManyAsync(connection, transaction, publication, payables, policy, now) is { } many) return many;

        var due = PublicationPeriod.Of(today, DecisionWorkingDays, calendar.IsWorking).Until;
        var objector = form.Objector!.Length > 0 ? secrets.Seal(form.Objector) : null;
        var id = await ObjectionStore.InsertAsync(
            connection, transaction, county.Region, publication, form, objector, payables, due, actor, now);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor?.Account, "objection.take", $"objection:{id}", $"publication:{publication}, {open.Count} lines, {form.Channel}",
            Ground.Of(policy.RuleOf(Clause.Publication)));
        await transaction.CommitAsync();
        return id;
    }

    /// <summary>In public a list that does not run is not there; and nobody floods it.</summary>
    private async Task<Refusal?> RefusePublicAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long publication, PublicationPeriod period, Policy policy, DateTimeOffset now)
    {
        if (!period.IsRunningOn(CountyTime.DayOf(now))) return Refusal.Of(RefusalCode.NotFound);
        await NoticeStore.OneAtATimeAsync(connection, transaction);
        var (all, ofList) = await ObjectionStore.CountPublicAsync(connection, transaction, county.Region, publication, now.AddDays(-1));
        return all >= MostPublicADay || ofList >= MostPublicOfList ? Refusal.Under(policy, RefusalCode.TooManyObjections) : null;
    }

    /// <summary>By the public page only a part of a list is frozen; whoever has more to say comes to the desk.</summary>
    private static async Task<Refusal?> RefuseManyAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long publication, IReadOnlyList<long> payables, Policy policy, DateTimeOffset now)
    {
        var (lines, frozen) = await ObjectionStore.PublicLinesAsync(connection, transaction, publication, now.AddDays(-1));
        return frozen.Union(payables).Count() > MostPublicLines(lines) ? Refusal.Under(policy, RefusalCode.TooManyObjections) : null;
    }

    private static Refusal? Refuse(LockedPublicationLine line, Policy policy)
    {
        if (PublicationMachine.Decide(line.State, new PublicationCommand.Object(), policy) is Outcome<PublicationState>.Refused(var refusal)) return refusal;
        return line.PayableState == OpenPayable ? null : Refusal.Under(policy, RefusalCode.ObjectionTooLate, line.Position);
    }
}
