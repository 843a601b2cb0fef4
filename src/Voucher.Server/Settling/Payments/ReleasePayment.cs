using Voucher.Core.Settling;
using Voucher.Server.Database;
using Voucher.Server.Policies;

namespace Voucher.Server.Settling.Payments;

/// <summary>
/// A second person hands the round to the bank: whoever made the round does not send it, so that no one person moves money. The bank's
/// file comes to be with this and not before; from here on only the bank's answer, or two persons who say that it has not paid, make a
/// row free again.
/// </summary>
public sealed class ReleasePayment(NpgsqlDataSource database, PolicyStore policies, MakeFile files, County county, TimeProvider clock)
{
    public Task<Outcome<Nothing>> RunAsync(Actor actor, PaymentId id) => Deadlock.RunAsync(() => OnceAsync(actor, id));

    private async Task<Outcome<Nothing>> OnceAsync(Actor actor, PaymentId id)
    {
        if (!actor.IsCounty || !actor.May(Permission.Pay)) return Refusal.Of(RefusalCode.NotFound);
        var now = clock.GetUtcNow();
        var today = CountyTime.DayOf(now);
        if (await policies.InForceOnAsync(today) is not { } policy) return Refusal.Of(RefusalCode.NoRuleInForce);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await StandingRoles.RefuseAsync(connection, transaction, actor, Permission.Pay, policy) is { } gone) return gone;
        if (await PaymentStore.LockAsync(connection, transaction, id) is not { } payment) return Refusal.Of(RefusalCode.NotFound);
        var rows = await PaymentStore.RowsAsync(connection, transaction, id);
        List<LockedRow> waiting = [.. rows.Where(row => row.Life.State == PaymentRowState.Waiting)];
        if (!PaymentMachine.Allows(payment.Status, PaymentCommand.Release, waiting.Count > 0)) return Refusal.Under(policy, RefusalCode.WrongStep, payment.Status.Name());
        var due = await DueStore.LockOfPaymentsAsync(connection, transaction, [id]);
        if (Duties.Refuse(policy, actor.Staff, [(PaymentWords.Making, payment.RoundBy)]) is { } maker) return maker;
        if (await RoundDuties.RefuseAsync(connection, transaction, policy, actor, rows, due) is { } same) return same;
        var ids = waiting.Select(row => row.Id).ToHashSet();
        if (await ReturnStore.OpenAnswerAsync(connection, transaction, ids) is var (answered, said))
            return Refusal.Under(policy, RefusalCode.PaymentAnswerOpen, answered, said);
        if (await PaymentStore.AccountNotInUseAsync(connection, transaction, ids, today) is var (ended, account))
            return Refusal.Under(policy, RefusalCode.PaymentAccountNotInUse, ended, account);
        List<long> unpaid = [.. due.Where(one => ids.Contains(one.Row!.Value) && one.Share.Open > Fen.Zero).Select(one => one.Id)];
        if (await Payability.RefuseAsync(connection, transaction, unpaid, policy, today) is { } stop) return stop;

        if (await files.WithinAsync(connection, transaction, payment, actor, now) is { } no) return no;
        await PaymentStore.ReleaseAsync(connection, transaction, id, [.. ids], actor, now);
        foreach (var row in waiting) await PaymentStore.ChangeRowAsync(connection, transaction, row, PaymentRowMachine.Decide(row.Life, PaymentRowCommand.Send)!);
        var states = rows.Select(row => ids.Contains(row.Id) ? PaymentRowMachine.Decide(row.Life, PaymentRowCommand.Send)!.State : row.Life.State).ToList();
        await PaymentStore.SetStatusAsync(connection, transaction, id, PaymentMachine.StatusOf(states), actor, now);
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
        long[] rows = [.. settled.Select(row => row.Id)];
        await KeptFromPayment.HoldAsync(connection, transaction, rows, paid.Select(one => one.Due.BudgetLine));
        await KeptFromPayment.PostAsync(connection, transaction, rows, policy, actor, now);
        await BookAnswers.PostAsync(connection, transaction, LedgerTransactionKind.Pay, $"payment:{payment.Id}:return:{number}", paid, policy, actor, now);
    }
}
