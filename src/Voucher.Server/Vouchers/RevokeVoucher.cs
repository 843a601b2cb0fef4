using Voucher.Server.Api;
using Voucher.Server.Issuing;
using Voucher.Server.Policies;
using Voucher.Server.Reporting;

namespace Voucher.Server.Vouchers;

/// <summary>作废: takes a voucher out of use, with a reason; its place in a class and its money become free.</summary>
public sealed class RevokeVoucher(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock, LiveFeed live)
{
    public async Task<Outcome<VoucherId>> RunAsync(VoucherId id, string? reason, Actor by)
    {
        if (Reasons.Fault(reason) is { } fault) return fault;
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var (step, unable) = await VoucherStep.TakeAsync(connection, transaction, id, county, policies, clock, needsRule: false);
        if (step is null) return unable!;
        if (await step.DecideAndApplyAsync(new VoucherCommand.Revoke(reason ?? ""), by.Account) is { } refusal) return refusal;
        await VoucherChangeStore.EndEnrolmentAsync(connection, transaction, id);
        await Reservation.ReleaseAsync(connection, transaction, step.Stored, $"revoke:{id.Value}", step.Policy, by.Account, step.Now);
        await AuditTrail.AppendAsync(connection, transaction, step.Now, by.Account, "voucher.revoke", $"voucher:{id.Value}", "",
            Ground.Of(step.Policy.RuleOf(Clause.Voucher)));
        await transaction.CommitAsync();
        await live.PublishAsync(step.Happened(new Words("作废", "Revoked")));
        return id;
    }
}
