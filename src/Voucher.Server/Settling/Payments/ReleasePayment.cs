using Voucher.Core.Settling;
using Voucher.Server.Policies;

namespace Voucher.Server.Settling.Payments;

/// <summary>
/// A second person hands the round's file to the bank: whoever made the round does not send it, so that no one person moves money.
/// </summary>
public sealed class ReleasePayment(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock)
{
    public async Task<Outcome<Nothing>> RunAsync(Actor actor, PaymentId id)
    {
        if (!actor.IsCounty || !actor.May(Permission.Pay)) return Refusal.Of(RefusalCode.NotFound);
        var now = clock.GetUtcNow();
        var today = CountyTime.DayOf(now);
        if (await policies.InForceOnAsync(today) is not { } policy) return Refusal.Of(RefusalCode.NoRuleInForce);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await PaymentStore.LockAsync(connection, transaction, id) is not { } payment) return Refusal.Of(RefusalCode.NotFound);
        var rows = await PaymentStore.RowsAsync(connection, transaction, id);
        List<LockedRow> waiting = [.. rows.Where(row => row.Life.State == PaymentRowState.Waiting)];
        if (!PaymentMachine.Allows(payment.Status, PaymentCommand.Release, waiting.Count > 0)) return Refusal.Under(policy, RefusalCode.WrongStep, payment.Status.Name());
        var due = await DueStore.LockOfPaymentsAsync(connection, transaction, [id]);
        if (Duties.Refuse(policy, actor.Staff, [(PaymentWords.Making, payment.RoundBy)]) is { } maker) return maker;
        if (await RoundDuties.RefuseAsync(connection, transaction, policy, actor, rows, due) is { } same) return same;
        if (waiting.Exists(row => row.Life.Outstanding > Fen.Zero) && !await MakeFile.IsMadeAsync(connection, transaction, id, payment.Round))
            return Refusal.Under(policy, RefusalCode.PaymentFileNotMade);
        var ids = waiting.Select(row => row.Id).ToHashSet();
        if (await Payability.RefuseAsync(connection, transaction, [.. due.Where(one => one.Row is { } row && ids.Contains(row)).Select(one => one.Id)], policy, today) is { } stop)
            return stop;

        await PaymentStore.ReleaseAsync(connection, transaction, id, [.. ids], actor, now);
        foreach (var row in waiting) await PaymentStore.ChangeRowAsync(connection, transaction, row, PaymentRowMachine.Decide(row.Life, PaymentRowCommand.Send)!);
        var states = rows.Select(row => ids.Contains(row.Id) ? PaymentRowMachine.Decide(row.Life, PaymentRowCommand.Send)!.State : row.Life.State).ToList();
        await PaymentStore.SetStatusAsync(connection, transaction, id, PaymentMachine.StatusOf(states), today, null, actor, now);
        await SettleWithoutBankAsync(connection, transaction, payment, waiting, due, policy, actor, now);
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "payment.release", $"payment:{id}", $"round {payment.Round}, {waiting.Count} rows",
            Ground.Of(policy.RuleOf(Clause.Payment)));
        await transaction.CommitAsync();
        return Nothing.Value;
    }

    /// <summary>Rows of which everything is kept for money taken back are settled here: the bank has nothing to do.</summary>
    private async Task SettleWithoutBankAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, LockedPayment payment, List<LockedRow> waiting, IReadOnlyList<DuePayable> due,
        Policy policy, Actor actor, DateTimeOffset now)
    {
        List<LockedRow> settled = [.. waiting.Where(row => row.Life.Outstanding == Fen.Zero)];
        if (settled.Count == 0) return;
        var number = await ReturnStore.InsertAsync(
            connection, transaction, county.Region, new NewReturn(ReturnKind.WithoutBank, null, null, null, null, CountyTime.DayOf(now), settled.Count, settled.Count, 0), actor, now);
        List<(DuePayable Due, Fen Paid)> paid = [.. settled.SelectMany(row => BookAnswers.Paid([.. due.Where(one => one.Row == row.Id)], null))];
        await DueStore.SetPaidAsync(connection, transaction, [.. paid.Select(one => (one.Due.Id, one.Due.Paid + one.Paid))]);
        await KeptFromPayment.PostAsync(
            connection, transaction, [.. settled.Select(row => row.Id)], paid.Select(one => one.Due.BudgetLine), policy, actor, now);
        await BookAnswers.PostAsync(connection, transaction, LedgerTransactionKind.Pay, $"payment:{payment.Id}:return:{number}", paid, policy, actor, now);
    }
}
