using Voucher.Server.Api;
using Voucher.Server.Policies;

namespace Voucher.Server.Vouchers.Reissuing;

/// <summary>
/// A voucher that was replaced as often as the pack lets one person decide: the clerk says why it is to be replaced again, and
/// another person reviews that.
/// </summary>
public sealed class RequestReissue(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock)
{
    /// <returns>The request's number.</returns>
    public async Task<Outcome<long>> RunAsync(VoucherId id, string? reason, Actor by)
    {
        if (Reasons.Fault(reason) is { } fault) return fault;
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var (step, unable) = await VoucherStep.TakeAsync(connection, transaction, id, county, policies, clock);
        if (step is null) return unable!;
        var number = await ReissueStore.NextNumberAsync(connection, transaction, id);
        // The successor's number is not known yet, and the machine asks nothing of it.
        var command = new VoucherCommand.Replace(id, reason ?? "");
        if (VoucherMachine.Decide(step.Stored.Voucher, command, step.Now, step.Policy) is Decision.Refused(var refusal)) return refusal;
        if (number < step.Policy.Parameters.ReissueReviewFrom) return Refusal.Under(step.Policy, RefusalCode.ReissueNotDue, number);
        if (await ReissueStore.OpenOfAsync(connection, county.Region, id, transaction) is not null)
            return Refusal.Under(step.Policy, RefusalCode.ReissueRequestOpen);
        var request = await ReissueStore.InsertAsync(connection, transaction, county.Region, id, number, reason!.Trim(), by, step.Now);
        await AuditTrail.AppendAsync(connection, transaction, step.Now, by.Account, "reissue.request", $"voucher:{id.Value}", $"number:{number}",
            Ground.Of(step.Policy.RuleOf(Clause.Voucher)));
        await transaction.CommitAsync();
        return request;
    }
}
