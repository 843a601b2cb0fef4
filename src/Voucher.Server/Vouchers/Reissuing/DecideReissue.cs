using Voucher.Server.Api;
using Voucher.Server.Policies;
using Voucher.Server.Reporting;
using Voucher.Server.Settling;

namespace Voucher.Server.Vouchers.Reissuing;

/// <summary>Another person approves a further reissue, which is made at once, or turns it down with a reason.</summary>
public sealed class DecideReissue(
    NpgsqlDataSource database, PolicyStore policies, ReplaceVoucher replace, County county, TimeProvider clock, LiveFeed live)
{
    /// <returns>The new voucher's number.</returns>
    public async Task<Outcome<VoucherId>> ApproveAsync(long id, Actor by)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var (request, refused) = await TakeAsync(connection, transaction, id, by);
        if (refused is not null) return refused;
        var (step, unable) = await VoucherStep.TakeAsync(connection, transaction, request!.VoucherId, county, policies, clock);
        if (step is null) return unable!;
        var outcome = await replace.ReplaceAsync(connection, transaction, step, request.Reason, by);
        if (outcome is not Outcome<VoucherId>.Done(var successor)) return outcome;
        await ReissueStore.DecideAsync(connection, transaction, id, successor, null, by, step.Now);
        await AuditTrail.AppendAsync(connection, transaction, step.Now, by.Account, "reissue.approve", $"voucher:{request.VoucherId.Value}", $"request:{id}",
            Ground.Of(step.Policy.RuleOf(Clause.Voucher)));
        await transaction.CommitAsync();
        await live.PublishAsync(step.Happened(ReplaceVoucher.Replaced));
        return successor;
    }

    /// <returns>The voucher that stays as it is.</returns>
    public async Task<Outcome<VoucherId>> RefuseAsync(long id, string? reason, Actor by)
    {
        if (Reasons.Fault(reason) is { } fault) return fault;
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var (request, refused) = await TakeAsync(connection, transaction, id, by);
        if (refused is not null) return refused;
        var now = clock.GetUtcNow();
        if (string.IsNullOrWhiteSpace(reason)) return Refusal.Under(await policies.InForceOrLastAsync(CountyTime.DayOf(now)), RefusalCode.ReasonMissing);
        await ReissueStore.DecideAsync(connection, transaction, id, null, reason.Trim(), by, now);
        await AuditTrail.AppendAsync(connection, transaction, now, by.Account, "reissue.refuse", $"voucher:{request!.VoucherId.Value}", $"request:{id}",
            Ground.Under(Permission.ApproveBatch));
        await transaction.CommitAsync();
        return request.VoucherId;
    }

    private async Task<(ReissueRequest? Request, Refusal? Refused)> TakeAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long id, Actor by)
    {
        if (await ReissueStore.LockAsync(connection, transaction, county.Region, id) is not { } request) return (null, Refusal.Of(RefusalCode.NotFound));
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(clock.GetUtcNow()));
        if (request.Decision is not null) return (null, Refusal.Under(policy, RefusalCode.ReissueWrongStep));
        return (request, Duties.Refuse(policy, by.Staff, [(Duties.ReissueRequest, request.RequestedByStaff)]));
    }
}
