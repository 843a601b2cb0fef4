using Voucher.Core.Settling;

namespace Voucher.Server.Settling.Payments;

/// <summary>An answer that was judged good, for one row.</summary>
/// <param name="Amount">What was paid, or returned; 0 for a failure.</param>
public sealed record GoodAnswer(LockedRow Row, PaymentAnswer Answer, Fen Amount, string Reason);

/// <summary>
/// Books the bank's answers for one payment whose lock is held: its rows, what is owed, the claims, and the ledger, by voucher.
/// </summary>
public static class BookAnswers
{
    /// <param name="returnId">The bank's document that causes it: <c>payment:7:return:3</c>.</param>
    /// <returns>What reached whom, for the live pages.</returns>
    public static async Task<IReadOnlyList<(InstitutionId Institution, Fen Paid)>> ApplyAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, LockedPayment payment, IReadOnlyList<LockedRow> rows, IReadOnlyList<DuePayable> due,
        long returnId, IReadOnlyList<GoodAnswer> answers, Policy policy, Actor actor, DateTimeOffset now)
    {
        await HoldAsync(connection, transaction, answers, due);
        Dictionary<long, PaymentRowState> states = rows.ToDictionary(row => row.Id, row => row.Life.State);
        List<(DuePayable Due, Fen Paid)> paid = [], returned = [];
        foreach (var answer in answers)
        {
            var next = PaymentRowMachine.Decide(answer.Row.Life, CommandOf(answer.Answer), answer.Amount)
                ?? throw new InvalidOperationException($"Row {answer.Row.Id} was judged good and cannot be booked.");
            await PaymentStore.ChangeRowAsync(connection, transaction, answer.Row, next, answer.Reason.Length > 0 ? answer.Reason : null);
            states[answer.Row.Id] = next.State;
            List<DuePayable> owed = [.. due.Where(one => one.Row == answer.Row.Id)];
            if (answer.Answer == PaymentAnswer.Bounced) returned.AddRange(Returned(owed, answer.Amount));
            else paid.AddRange(Paid(owed, next.State == PaymentRowState.Paid ? null : answer.Amount));
        }
        if (paid.Count > 0) await DueStore.SetPaidAsync(connection, transaction, [.. paid.Select(one => (one.Due.Id, one.Due.Paid + one.Paid))]);
        if (returned.Count > 0) await DueStore.SetPaidAsync(connection, transaction, [.. returned.Select(one => (one.Due.Id, one.Due.Paid - one.Paid))]);
        await PaymentStore.SetStatusAsync(connection, transaction, payment.Id, PaymentMachine.StatusOf(states.Values), actor, now);
        await KeptFromPayment.PostAsync(
            connection, transaction, [.. answers.Select(answer => answer.Row.Id).Where(row => states[row] == PaymentRowState.Paid)], policy, actor, now);
        await PostAsync(connection, transaction, LedgerTransactionKind.Pay, $"payment:{payment.Id}:return:{returnId}", paid, policy, actor, now);
        await PostAsync(connection, transaction, LedgerTransactionKind.Bounce, $"payment:{payment.Id}:bounce:{returnId}", returned, policy, actor, now);
        return [.. paid.Where(one => one.Due.Institution is not null).GroupBy(one => one.Due.Institution!.Value)
            .Select(group => (group.Key, group.Aggregate(Fen.Zero, (sum, one) => sum + one.Paid)))];
    }

    /// <summary>
    /// Takes the locks of all that the answers will move, of however many payments: first the recoveries that are kept from them, then the
    /// ledger accounts, each in their one order. Whoever takes them payment by payment waits in a circle with somebody else.
    /// </summary>
    public static async Task HoldAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<GoodAnswer> answers, IReadOnlyCollection<DuePayable> due)
    {
        var rows = answers.Where(answer => answer.Answer != PaymentAnswer.Failed).Select(answer => answer.Row.Id).ToHashSet();
        await KeptFromPayment.HoldAsync(connection, transaction, rows, due.Where(one => one.Row is { } row && rows.Contains(row)).Select(one => one.BudgetLine));
    }

    public static PaymentRowCommand CommandOf(PaymentAnswer answer) => answer switch
    {
        PaymentAnswer.Paid => PaymentRowCommand.AnswerPaid,
        PaymentAnswer.Failed => PaymentRowCommand.AnswerFailed,
        PaymentAnswer.Partly => PaymentRowCommand.AnswerPartly,
        PaymentAnswer.Bounced => PaymentRowCommand.Bounce,
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer, "Unknown answer."),
    };

    /// <summary>What of a sum goes to which payable; <c>null</c> for all that is open, with what is kept for money taken back.</summary>
    public static IEnumerable<(DuePayable Due, Fen Paid)> Paid(IReadOnlyList<DuePayable> owed, Fen? amount)
    {
        var open = owed.Aggregate(Fen.Zero, (sum, one) => sum + one.Share.Open);
        return PaidShares.Of(owed.Select(one => one.Share), amount ?? open).Select(share => (owed.Single(one => one.Id == share.Share.Payable), share.Paid));
    }

    /// <summary>What comes back is taken from the payables that were paid last.</summary>
    private static IEnumerable<(DuePayable Due, Fen Paid)> Returned(IReadOnlyList<DuePayable> owed, Fen amount)
    {
        var left = amount;
        foreach (var one in owed.OrderByDescending(one => one.Id))
        {
            var back = one.Paid < left ? one.Paid : left;
            left -= back;
            if (back > Fen.Zero) yield return (one, back);
        }
        if (left != Fen.Zero) throw new InvalidOperationException("More came back than was paid.");
    }

    public static async Task PostAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, LedgerTransactionKind kind, string cause,
        IReadOnlyCollection<(DuePayable Due, Fen Paid)> shares, Policy policy, Actor actor, DateTimeOffset now)
    {
        if (shares.Count == 0) return;
        var (from, to) = kind == LedgerTransactionKind.Pay ? (LedgerAccountKind.Payable, LedgerAccountKind.Paid) : (LedgerAccountKind.Paid, LedgerAccountKind.Payable);
        List<LedgerMove> moves = [.. shares.Select(share => new LedgerMove(share.Due.BudgetLine, from, to, share.Paid, share.Due.Voucher))];
        var shortage = await LedgerBook.PostAsync(connection, transaction, kind, cause, policy.RuleOf(Clause.Funds), moves, actor.Account, now);
        if (shortage is not null) throw new InvalidOperationException($"{cause}: the ledger holds less than its payables say.");
    }
}
