using Voucher.Server.Api;
using Voucher.Server.Policies;
using Voucher.Server.Reporting;
using Voucher.Server.Vouchers;

namespace Voucher.Server.Classes;

/// <summary>
/// A trainee leaves the class (退学): the voucher is spent, the place in the class is free, and the money that the voucher
/// reserved goes back to its budget line; all in one transaction.
/// </summary>
public sealed class WithdrawTrainee(NpgsqlDataSource database, ClassStore classes, PolicyStore policies, LiveFeed live, TimeProvider clock)
{
    public async Task<Outcome<Nothing>> RunAsync(ClassId id, string? voucherNumber, string? reason, Actor actor)
    {
        if (await classes.FindAsync(id, actor) is not { } known) return Refusal.Of(RefusalCode.NotFound);
        var read = new FieldReader();
        if (!VoucherId.TryParse(voucherNumber, out var voucher)) read.Fault("voucherNumber", new("请选择学员（券号不对）", "Choose a trainee: not a voucher number"));
        var text = read.Text("reason", reason, Reasons.Longest);
        if (read.Errors.Count > 0) return read.Errors;
        return await WithdrawAsync(known, voucher, text, actor);
    }

    private async Task<Outcome<Nothing>> WithdrawAsync(TrainingClass known, VoucherId voucher, string reason, Actor actor)
    {
        var now = clock.GetUtcNow();
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var stored = await VoucherStore.LoadForUpdateAsync(connection, transaction, voucher);
        // A voucher of another class and one that does not exist get the same answer.
        if (stored is null || !await RosterStore.HasEverHeldAsync(connection, transaction, known.Id, voucher)) return Refusal.Of(RefusalCode.NotFound);
        var decision = VoucherMachine.Decide(stored.Voucher, new VoucherCommand.Withdraw(reason), now, policy);
        if (decision is Decision.Refused(var refusal)) return refusal;
        var accepted = (Decision.Accepted)decision;
        await VoucherStore.ApplyAsync(connection, transaction, stored, accepted, new EventCause(actor.Account));
        await RosterStore.RemoveAsync(connection, transaction, known.Id, voucher);
        await Reservation.ReleaseAsync(connection, transaction, stored, $"withdraw:{voucher.Value}", policy, actor.Account, now);
        // The reason is in the event: free text about a person does not belong in the trail.
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "voucher.withdraw", $"voucher:{voucher.Value}", $"class {known.Id}",
            Ground.Of(policy.RuleOf(Clause.Voucher)));
        await transaction.CommitAsync();
        await live.PublishAsync(new LiveEvent(
            LiveEventKind.Voucher, now, VoucherEventKind.Withdrawn.Name(), known.InstitutionId, voucher.ToString(),
            PersonName.Masked(stored.Holder), known.Institution, known.Name));
        return Nothing.Value;
    }
}
