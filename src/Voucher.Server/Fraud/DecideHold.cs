using Voucher.Core.Fraud;
using Voucher.Server.Api;
using Voucher.Server.Policies;

namespace Voucher.Server.Fraud;

/// <summary>A person decides on a hold, by name and with a reason. Decisions are only ever added: a confirmed hold may still be released.</summary>
public sealed class DecideHold(NpgsqlDataSource database, PolicyStore policies, County county, HoldNews news, TimeProvider clock)
{
    public async Task<Outcome<Nothing>> RunAsync(long id, HoldVerdict? verdict, string? reason, Actor by)
    {
        var (why, errors) = Read(verdict, reason);
        if (errors.Count > 0) return errors;
        var now = clock.GetUtcNow();
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await HoldDecisionStore.LockAsync(connection, transaction, county.Region, id) is not { } hold) return Refusal.Of(RefusalCode.NotFound);
        if (hold.Against(verdict!.Value) is { } state) return Refusal.Under(policy, RefusalCode.HoldWrongStep, state);
        await HoldDecisionStore.DecideAsync(connection, transaction, id, verdict.Value, why, by, now);
        await AuditTrail.AppendAsync(
            connection, transaction, now, by.Account, verdict == HoldVerdict.Release ? "fraud.release" : "fraud.confirm", $"hold:{id}", $"{hold.Reason}; voucher:{hold.VoucherId.Value}",
            Ground.Of(policy.RuleOf(Clause.Responsibility)));
        await transaction.CommitAsync();
        await news.DecidedAsync(VoucherHold.NumberOf(id), verdict.Value, hold.VoucherId);
        return Nothing.Value;
    }

    private static (string Reason, List<FieldError> Errors) Read(HoldVerdict? verdict, string? reason)
    {
        var read = new FieldReader();
        var why = read.Text("reason", reason, Reasons.Longest);
        if (verdict is null) read.Fault("verdict", new("请选择 release（放行）或 confirm（确认）", "Choose release or confirm"));
        return (why, read.Errors);
    }
}
