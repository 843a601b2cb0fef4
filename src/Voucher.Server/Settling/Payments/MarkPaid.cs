using Voucher.Server.Policies;
using Voucher.Server.Settling.Claims;

namespace Voucher.Server.Settling.Payments;

/// <summary>The bank has paid: lines and claims are closed and the ledger moves from payable to paid, once.</summary>
public sealed class MarkPaid(NpgsqlDataSource database, PolicyStore policies, SettlingNews news, TimeProvider clock)
{
    public const int LongestBankReference = 60;

    /// <param name="paidOn">The day on the bank's receipt; today when not given.</param>
    public async Task<Outcome<Nothing>> RunAsync(Actor actor, PaymentId id, string? bankReference, DateOnly? paidOn)
    {
        var now = clock.GetUtcNow();
        var today = CountyTime.DayOf(now);
        var reference = bankReference?.Trim() ?? "";
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (!actor.IsCounty || await PaymentStore.LockAsync(connection, transaction, id) is not { } payment) return Refusal.Of(RefusalCode.NotFound);
        if (Check(reference, paidOn ?? today, CountyTime.DayOf(payment.CreatedAt), today) is { Count: > 0 } errors) return errors;
        // What the bank has done is noted on any day.
        var policy = await policies.InForceOrLastAsync(today);
        if (payment.Status != PaymentStatus.WithBank) return Refusal.Under(policy, RefusalCode.WrongStep, payment.Status.Name());
        var lines = await LockLinesAsync(connection, transaction, id);
        if (Duties.Refuse(policy, actor.Staff, lines.SelectMany(line => line.Duties())) is { } refusal) return refusal;

        await PaymentStore.MarkPaidAsync(connection, transaction, id, lines, reference, paidOn ?? today, actor, now);
        await PostAsync(connection, transaction, payment, lines, policy, actor, now);
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "payment.paid", $"payment:{id}", $"{lines.Count} vouchers",
            ground: policy.RuleOf(Clause.Payment).ToString());
        await transaction.CommitAsync();
        await news.PaidAsync(id, lines);
        return Nothing.Value;
    }

    private static List<FieldError> Check(string reference, DateOnly paidOn, DateOnly madeOn, DateOnly today)
    {
        List<FieldError> errors = [];
        if (reference.Length is 0 or > LongestBankReference || reference.Any(char.IsControl))
            errors.Add(new("bankReference", new($"请填写银行回单号（最多{LongestBankReference}字）", $"Give the bank's reference, at most {LongestBankReference} characters")));
        if (paidOn > today || paidOn < madeOn)
            errors.Add(new("paidOn", new("支付日期应在制单日至今天之间", "The day lies between the making of the payment and today")));
        return errors;
    }

    /// <summary>Locks the claims of the payment, then reads its lines.</summary>
    private static async Task<IReadOnlyList<DueLine>> LockLinesAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PaymentId payment)
    {
        var before = await PaymentStore.LinesOfAsync(connection, transaction, payment);
        await ClaimStore.LockAsync(connection, transaction, [.. before.Select(line => new ClaimId(line.ClaimId)).Distinct()]);
        return await PaymentStore.LinesOfAsync(connection, transaction, payment);
    }

    private static async Task PostAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction,
        LockedPayment payment, IReadOnlyList<DueLine> lines, Policy policy, Actor actor, DateTimeOffset now)
    {
        if (lines.Aggregate(Fen.Zero, (sum, line) => sum + line.Amount) != payment.Total)
            throw new InvalidOperationException($"Payment {payment.Id} is not the sum of its lines.");
        var moves = lines
            .Select(line => new LedgerMove(line.BudgetLine, LedgerAccountKind.Payable, LedgerAccountKind.Paid, line.Amount, line.Voucher))
            .ToList();
        var shortage = await LedgerBook.PostAsync(
            connection, transaction, LedgerTransactionKind.Pay, $"payment:{payment.Id}", policy.RuleOf(Clause.Funds), moves, actor.Account, now);
        if (shortage is not null) throw new InvalidOperationException($"Payment {payment.Id}: less is payable than its lines say.");
    }
}
