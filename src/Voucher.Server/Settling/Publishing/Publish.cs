using Voucher.Core.Settling;
using Voucher.Server.Api;
using Voucher.Server.Policies;
using Voucher.Server.Settling.Reviewing;

namespace Voucher.Server.Settling.Publishing;

/// <summary>
/// 发布公示: what is owed and not yet published is put up, masked, for the working days that the pack says. What is stopped (held,
/// matched, in conflict …) stays back until it may go on: public has no say in it yet.
/// </summary>
public sealed class Publish(NpgsqlDataSource database, PolicyStore policies, HolidayStore holidays, County county, Notices notices, TimeProvider clock)
{
    public async Task<Outcome<long>> RunAsync(Actor actor, PublicationForm given)
    {
        var now = clock.GetUtcNow();
        var today = CountyTime.DayOf(now);
        if (!actor.IsCounty) return Refusal.Of(RefusalCode.NotAllowed);
        if (await policies.InForceOnAsync(today) is not { } policy) return Refusal.Of(RefusalCode.NoRuleInForce);
        var calendar = await holidays.CalendarAsync();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var packDays = await PublicationReading.LongestOfPacksAsync(connection, transaction, given, policy);
        var (form, errors) = given.Check(today, packDays);
        if (errors.Count > 0) return errors;
        var waiting = await PublicationStore.LockWaitingAsync(connection, transaction, county.Region, form, PublicationForm.MostLines);
        if (waiting.Count == 0) return new List<FieldError> { new("claimId", new("没有等待公示的款项", "Nothing waits to be published")) };
        List<long> payables = [.. waiting.Select(line => line.Payable)];
        var stopped = await PayableStops.StoppedAsync(connection, transaction, payables, policy);
        List<UnpublishedLine> lines = [.. waiting.Where(line => !stopped.Contains(line.Payable))];
        if (lines.Count == 0)
            return await PayableStops.AmongAsync(connection, transaction, payables, policy) ?? throw new InvalidOperationException("All are stopped, and nothing stops them.");

        var period = PublicationPeriod.Of(form.From!.Value, form.WorkingDays!.Value, calendar.IsWorking);
        var id = await PublicationStore.InsertAsync(connection, transaction, county.Region, form, period, policy, lines, actor, now);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "publication.publish", $"publication:{id}",
            $"{lines.Count} lines, {CountyTime.Show(period.From)} to {CountyTime.Show(period.Until)}, {stopped.Count} kept back",
            Ground.Of(policy.RuleOf(Clause.Publication)));
        await transaction.CommitAsync();
        notices.Forget();
        return id;
    }
}
