using Voucher.Core.Settling;
using Voucher.Server.Api;
using Voucher.Server.Policies;

namespace Voucher.Server.Settling.Publishing;

/// <summary>发布公示: what is owed and not yet published is put up, masked, for the working days that the pack says.</summary>
public sealed class Publish(NpgsqlDataSource database, PolicyStore policies, County county, Notices notices, TimeProvider clock)
{
    public async Task<Outcome<long>> RunAsync(Actor actor, PublicationForm given)
    {
        var now = clock.GetUtcNow();
        var today = CountyTime.DayOf(now);
        if (!actor.IsCounty) return Refusal.Of(RefusalCode.NotAllowed);
        if (await policies.InForceOnAsync(today) is not { } policy) return Refusal.Of(RefusalCode.NoRuleInForce);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var packDays = await PublicationReading.LongestOfPacksAsync(connection, transaction, given, policy);
        var (form, errors) = given.Check(today, packDays);
        if (errors.Count > 0) return errors;
        var lines = await PublicationStore.LockWaitingAsync(connection, transaction, county.Region, form, PublicationForm.MostLines);
        if (lines.Count == 0) return new List<FieldError> { new("claimId", new("没有等待公示的款项", "Nothing waits to be published")) };

        var period = PublicationPeriod.Of(form.From!.Value, form.WorkingDays!.Value, PublicationPeriod.IsWeekday);
        var id = await PublicationStore.InsertAsync(connection, transaction, county.Region, form, period, policy, lines, actor, now);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "publication.publish", $"publication:{id}",
            $"{lines.Count} lines, {CountyTime.Show(period.From)} to {CountyTime.Show(period.Until)}", Ground.Of(policy.RuleOf(Clause.Publication)));
        await transaction.CommitAsync();
        notices.Forget();
        return id;
    }
}
