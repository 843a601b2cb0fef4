using Voucher.Core.Settling;
using Voucher.Server.Database;
using Voucher.Server.Policies;

namespace Voucher.Server.Settling.Payments;

/// <summary>The bank has paid all that is with it, as a receipt says: for banks that send no return file.</summary>
public sealed class MarkPaid(NpgsqlDataSource database, PolicyStore policies, SettlingNews news, County county, TimeProvider clock)
{
    public const int LongestBankReference = 60;

    /// <param name="paidOn">The day on the bank's receipt; today when not given.</param>
    public Task<Outcome<Nothing>> RunAsync(Actor actor, PaymentId id, string? bankReference, DateOnly? paidOn) =>
        Deadlock.RunAsync(() => OnceAsync(actor, id, bankReference, paidOn));

    private async Task<Outcome<Nothing>> OnceAsync(Actor actor, PaymentId id, string? bankReference, DateOnly? paidOn)
    {
        var now = clock.GetUtcNow();
        var today = CountyTime.DayOf(now);
        var reference = bankReference?.Trim() ?? "";
        // What the bank has done is noted on any day.
        var policy = await policies.InForceOrLastAsync(today);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await StandingRoles.RefuseAsync(connection, transaction, actor, Permission.Pay, policy) is { } gone) return gone;
        if (!actor.IsCounty || await PaymentStore.LockAsync(connection, transaction, id) is not { } payment) return Refusal.Of(RefusalCode.NotFound);
        if (Check(reference, paidOn ?? today, CountyTime.DayOf(payment.CreatedAt), today) is { Count: > 0 } errors) return errors;
        var rows = await PaymentStore.RowsAsync(connection, transaction, id);
        List<LockedRow> sent = [.. rows.Where(row => row.Life.State == PaymentRowState.Sent)];
        if (!PaymentMachine.Allows(payment.Status, PaymentCommand.Answer, sent.Count > 0) || sent.Count == 0)
            return Refusal.Under(policy, RefusalCode.WrongStep, payment.Status.Name());
        var due = await DueStore.LockOfPaymentsAsync(connection, transaction, [id]);
        if (await RoundDuties.RefuseAsync(connection, transaction, policy, actor, rows, due) is { } refusal) return refusal;

        var number = await ReturnStore.InsertAsync(
            connection, transaction, county.Region, new NewReturn(ReturnKind.Receipt, null, null, null, reference, paidOn ?? today, sent.Count, sent.Count, 0), actor, now);
        List<GoodAnswer> answers = [.. sent.Select(row => new GoodAnswer(row, PaymentAnswer.Paid, row.Life.Outstanding, ""))];
        await ReturnStore.InsertRowsAsync(connection, transaction, number, [.. answers.Select((answer, index) => NewReturnRow.ByHand(index + 1, id, answer))]);
        var told = await BookAnswers.ApplyAsync(connection, transaction, payment, rows, due, number, answers, policy, actor, now);
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "payment.paid", $"payment:{id}", $"{sent.Count} rows, return {number}",
            ground: policy.RuleOf(Clause.Payment).ToString());
        await transaction.CommitAsync();
        await news.PaidAsync(id, told);
        return Nothing.Value;
    }

    internal static List<FieldError> Check(string reference, DateOnly paidOn, DateOnly madeOn, DateOnly today)
    {
        List<FieldError> errors = [];
        if (reference.Length is 0 or > LongestBankReference || reference.Any(char.IsControl))
            errors.Add(new("bankReference", new($"请填写银行回单号（最多{LongestBankReference}字）", $"Give the bank's reference, at most {LongestBankReference} characters")));
        if (paidOn > today || paidOn < madeOn)
            errors.Add(new("paidOn", new("支付日期应在制单日至今天之间", "The day lies between the making of the payment and today")));
        return errors;
    }
}
