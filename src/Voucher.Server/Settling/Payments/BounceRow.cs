using Voucher.Core.Settling;
using Voucher.Server.Database;
using Voucher.Server.Policies;

namespace Voucher.Server.Settling.Payments;

/// <summary>退汇: the bank returns what it had paid for a row, as its document says; it is owed again.</summary>
public sealed class BounceRow(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock)
{
    /// <param name="amountYuan">As the document says; must be what the row was paid.</param>
    public Task<Outcome<Nothing>> RunAsync(Actor actor, PaymentId id, int number, string? amountYuan, string? document, DateOnly? on) =>
        Deadlock.RunAsync(() => OnceAsync(actor, id, number, amountYuan, document, on));

    private async Task<Outcome<Nothing>> OnceAsync(Actor actor, PaymentId id, int number, string? amountYuan, string? document, DateOnly? on)
    {
        if (!actor.IsCounty || !actor.May(Permission.Pay)) return Refusal.Of(RefusalCode.NotFound);
        var now = clock.GetUtcNow();
        var today = CountyTime.DayOf(now);
        var reference = document?.Trim() ?? "";
        var policy = await policies.InForceOrLastAsync(today);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await StandingRoles.RefuseAsync(connection, transaction, actor, Permission.Pay, policy) is { } gone) return gone;
        if (await PaymentStore.LockAsync(connection, transaction, id) is not { } payment) return Refusal.Of(RefusalCode.NotFound);
        var errors = MarkPaid.Check(reference, on ?? today, CountyTime.DayOf(payment.CreatedAt), today);
        if (!Fen.TryParseYuan(amountYuan, out var amount)) errors.Add(new("amountYuan", new("请填写金额（元）", "Give the amount in yuan")));
        if (errors.Count > 0) return errors;
        var rows = await PaymentStore.RowsAsync(connection, transaction, id);
        if (rows.FirstOrDefault(row => row.Number == number) is not { } bounced) return Refusal.Of(RefusalCode.NotFound);
        if (PaymentRowMachine.Decide(bounced.Life, PaymentRowCommand.Bounce) is null)
            return Refusal.Under(policy, RefusalCode.PaymentRowWrongStep, number, bounced.Life.State.Name());
        if (amount != bounced.Life.Paid) return Refusal.Under(policy, RefusalCode.PaymentNotReturned, amount.ToGroupedYuan(), bounced.Life.Paid.ToGroupedYuan());
        var due = await DueStore.LockOfPaymentsAsync(connection, transaction, [id]);
        if ((await DueStore.TakenBackAsync(connection, transaction, [.. due.Where(one => one.Row == bounced.Id).Select(one => one.Id)])).Count > 0)
            return Refusal.Under(policy, RefusalCode.PaymentRowWrongStep, number, ReturnFinding.TakenBack.Name());
        if (await RoundDuties.RefuseAsync(connection, transaction, policy, actor, rows, due) is { } same) return same;

        var returned = await ReturnStore.InsertAsync(
            connection, transaction, county.Region, new NewReturn(ReturnKind.Bounced, null, null, null, reference, on ?? today, 1, 1, 0), actor, now);
        var answer = new GoodAnswer(bounced, PaymentAnswer.Bounced, amount, "退汇");
        await ReturnStore.InsertRowsAsync(connection, transaction, returned, [NewReturnRow.ByHand(1, id, answer)]);
        await BookAnswers.ApplyAsync(connection, transaction, payment, rows, due, returned, [answer], policy, actor, now);
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "payment.bounce", $"payment:{id}", $"row {number}, return {returned}",
            Ground.Of(policy.RuleOf(Clause.Payment), reference));
        await transaction.CommitAsync();
        return Nothing.Value;
    }
}
