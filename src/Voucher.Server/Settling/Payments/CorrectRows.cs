using Voucher.Core.Settling;
using Voucher.Server.Api;
using Voucher.Server.Database;
using Voucher.Server.Policies;
using Voucher.Server.Settling.Payees;

namespace Voucher.Server.Settling.Payments;

/// <summary>
/// What failed is corrected: sent again under the same payment and row, taken out by two persons, or, before anything has gone out,
/// the whole payment is cancelled, by two persons too. Nothing of this is done to a row while an answer of the bank that may say that
/// it was paid is not cleared up.
/// </summary>
public sealed class CorrectRows(NpgsqlDataSource database, PolicyStore policies, TimeProvider clock)
{
    private sealed record Scene(LockedPayment Payment, IReadOnlyList<LockedRow> Rows, Policy Policy, DateTimeOffset Now);

    /// <summary>Failed rows become the next round. Each goes to the account in use today; where that is the one that failed, a reason is needed.</summary>
    public Task<Outcome<Nothing>> ResendAsync(Actor actor, PaymentId id, IReadOnlyCollection<int>? numbers, string? reason) =>
        RunAsync(actor, id, reason, async (connection, transaction, scene) =>
        {
            var (payment, rows, policy, now) = scene;
            List<LockedRow> chosen = [.. rows.Where(row => numbers?.Contains(row.Number) == true)];
            if (chosen.Count == 0) return Refusal.Of(RefusalCode.NotFound);
            var hasWaiting = rows.Any(row => row.Life.State == PaymentRowState.Waiting);
            if (hasWaiting && payment.Status != PaymentStatus.Made) return Refusal.Under(policy, RefusalCode.PaymentRoundOpen);
            if (RefuseRows(chosen, PaymentRowCommand.Resend, policy) is { } wrong) return wrong;
            if (!PaymentMachine.Allows(payment.Status, PaymentCommand.Resend, hasWaiting)) return Refusal.Under(policy, RefusalCode.WrongStep, payment.Status.Name());
            var due = await DueStore.LockOfPaymentsAsync(connection, transaction, [id]);
            if (await RoundDuties.RefuseAsync(connection, transaction, policy, actor, chosen, due) is { } same) return same;
            if (await RefuseAnsweredAsync(connection, transaction, chosen, policy) is { } answered) return answered;
            var ids = chosen.Select(row => row.Id).ToHashSet();
            var today = CountyTime.DayOf(now);
            if (await Payability.RefuseAsync(connection, transaction, [.. due.Where(one => ids.Contains(one.Row!.Value) && one.Share.Open > Fen.Zero).Select(one => one.Id)], policy, today) is { } stop)
                return stop;
            foreach (var row in chosen)
                if (await ResendOneAsync(connection, transaction, row, payment.Bank, reason, policy, actor, today) is { } no) return no;
            await PaymentStore.SetRoundAsync(connection, transaction, id, payment.Round + 1, actor.Staff);
            return await DoneAsync(connection, transaction, actor, id, "payment.resend", $"round {payment.Round + 1}, rows {Numbers(chosen)}: {reason}", policy, now);
        });

    /// <summary>The open round is given back: its rows failed, as before.</summary>
    public Task<Outcome<Nothing>> WithdrawAsync(Actor actor, PaymentId id) =>
        RunAsync(actor, id, null, async (connection, transaction, scene) =>
        {
            var (payment, rows, policy, now) = scene;
            List<LockedRow> waiting = [.. rows.Where(row => row.Life.State == PaymentRowState.Waiting)];
            if (!PaymentMachine.Allows(payment.Status, PaymentCommand.Withdraw, waiting.Count > 0)) return Refusal.Under(policy, RefusalCode.WrongStep, payment.Status.Name());
            var due = await DueStore.LockOfPaymentsAsync(connection, transaction, [id]);
            if (await RoundDuties.RefuseAsync(connection, transaction, policy, actor, waiting, due) is { } same) return same;
            foreach (var row in waiting)
                await PaymentStore.ChangeRowAsync(connection, transaction, row, PaymentRowMachine.Decide(row.Life, PaymentRowCommand.Withdraw)!);
            return await DoneAsync(connection, transaction, actor, id, "payment.withdraw", $"round {payment.Round}, rows {Numbers(waiting)}", policy, now);
        });

    /// <summary>Asked by one, and by another done: what the row was to pay is open again.</summary>
    public Task<Outcome<Nothing>> TakeOutAsync(Actor actor, PaymentId id, int number, string? reason) =>
        RunAsync(actor, id, reason, async (connection, transaction, scene) =>
        {
            var (payment, rows, policy, now) = scene;
            if (rows.FirstOrDefault(row => row.Number == number) is not { } row) return Refusal.Of(RefusalCode.NotFound);
            if (RefuseRows([row], PaymentRowCommand.TakeOut, policy) is { } wrong) return wrong;
            if (!PaymentMachine.Allows(payment.Status, PaymentCommand.TakeOut, hasWaiting: false)) return Refusal.Under(policy, RefusalCode.WrongStep, payment.Status.Name());
            var due = await DueStore.LockOfPaymentsAsync(connection, transaction, [id]);
            if (due.Any(one => one.Row == row.Id && one.Paid > Fen.Zero)) return Refusal.Under(policy, RefusalCode.PaymentRowWrongStep, number, row.Life.State.Name());
            if (await RoundDuties.RefuseAsync(connection, transaction, policy, actor, rows, due) is { } same) return same;
            if (await RefuseAnsweredAsync(connection, transaction, [row], policy) is { } answered) return answered;
            if (row.TakeOutBy is null)
            {
                if (string.IsNullOrWhiteSpace(reason)) return Refusal.Under(policy, RefusalCode.ReasonMissing);
                await PaymentStore.AskTakeOutAsync(connection, transaction, row.Id, reason.Trim(), actor);
                return await DoneAsync(connection, transaction, actor, id, "payment.take-out-ask", $"row {number}: {reason.Trim()}", policy, now);
            }
            if (Duties.Refuse(policy, actor.Staff, [(AskedTakeOut, row.TakeOutBy)]) is { } asked) return asked;
            await PaymentStore.ChangeRowAsync(connection, transaction, row, PaymentRowMachine.Decide(row.Life, PaymentRowCommand.TakeOut)!);
            await PaymentStore.TakeOutAsync(connection, transaction, row, actor);
            await KeptFromPayment.FreeAsync(connection, transaction, [row.Id], policy, actor, now);
            await PaymentStore.SetStatusAsync(
                connection, transaction, id, PaymentMachine.StatusOf([.. rows.Select(one => one.Id == row.Id ? PaymentRowState.TakenOut : one.Life.State)]), actor, now);
            return await DoneAsync(connection, transaction, actor, id, "payment.take-out", $"row {number}", policy, now);
        });

    /// <summary>A payment that has not gone out is given up: asked by one person, done by another; all that it was to pay is open again.</summary>
    public Task<Outcome<Nothing>> CancelAsync(Actor actor, PaymentId id, string? reason) =>
        RunAsync(actor, id, reason, async (connection, transaction, scene) =>
        {
            var (payment, rows, policy, now) = scene;
            if (!PaymentMachine.Allows(payment.Status, PaymentCommand.Cancel, hasWaiting: true)) return Refusal.Under(policy, RefusalCode.WrongStep, payment.Status.Name());
            var due = await DueStore.LockOfPaymentsAsync(connection, transaction, [id]);
            if (await RoundDuties.RefuseAsync(connection, transaction, policy, actor, rows, due) is { } same) return same;
            if (await RefuseAnsweredAsync(connection, transaction, rows, policy) is { } answered) return answered;
            if (payment.CancelAskedBy is null)
            {
                if (string.IsNullOrWhiteSpace(reason)) return Refusal.Under(policy, RefusalCode.ReasonMissing);
                await PaymentStore.AskCancelAsync(connection, transaction, id, reason.Trim(), actor);
                return await DoneAsync(connection, transaction, actor, id, "payment.cancel-ask", reason.Trim(), policy, now);
            }
            if (Duties.Refuse(policy, actor.Staff, [(AskedCancel, payment.CancelAskedBy)]) is { } asked) return asked;
            await PaymentStore.CancelAsync(connection, transaction, id, [.. rows.Select(row => row.Id)], actor, now);
            await KeptFromPayment.FreeAsync(connection, transaction, [.. rows.Select(row => row.Id)], policy, actor, now);
            return await DoneAsync(connection, transaction, actor, id, "payment.cancel", payment.CancelReason!, policy, now);
        });

    private static readonly Words AskedTakeOut = new("申请移出付款行", "asked to take the row out");
    private static readonly Words AskedCancel = new("申请取消批次", "asked to cancel the payment");

    private static async Task<Refusal?> ResendOneAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, LockedRow row, string bank, string? reason, Policy policy, Actor actor, DateOnly today)
    {
        if (await PayeeStore.UsableAsync(connection, transaction, row.Owner, today) is not { } payee)
            return Refusal.Under(policy, RefusalCode.PayeeMissing, await NewPayment.ShownNameAsync(connection, transaction, row.Owner));
        if (!payee.Bank.Contains(bank, StringComparison.Ordinal))
            return Refusal.Under(policy, RefusalCode.PaymentRowWrongStep, row.Number, new Words($"在用账户不在本批次的“{bank}”", $"the account in use is not at “{bank}”, where the payment goes"));
        if (Duties.Refuse(policy, actor.Staff, [(PayeeWords.Proposal, payee.ProposedBy), (PayeeWords.Verification, payee.VerifiedBy)]) is { } same) return same;
        if (payee.Id == row.PayeeAccountId && string.IsNullOrWhiteSpace(reason)) return Refusal.Under(policy, RefusalCode.ReasonMissing);
        await PaymentStore.ChangeRowAsync(connection, transaction, row, PaymentRowMachine.Decide(row.Life, PaymentRowCommand.Resend)!);
        await PaymentStore.SetPayeeAsync(connection, transaction, row.Id, payee, string.IsNullOrWhiteSpace(reason) ? null : reason.Trim());
        return null;
    }

    private static async Task<Refusal?> RefuseAnsweredAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IEnumerable<LockedRow> rows, Policy policy) =>
        await ReturnStore.OpenAnswerAsync(connection, transaction, [.. rows.Select(row => row.Id)]) is var (number, said)
            ? Refusal.Under(policy, RefusalCode.PaymentAnswerOpen, number, said)
            : null;

    private static Refusal? RefuseRows(IEnumerable<LockedRow> rows, PaymentRowCommand command, Policy policy) =>
        rows.FirstOrDefault(row => PaymentRowMachine.Decide(row.Life, command) is null) is { } wrong
            ? Refusal.Under(policy, RefusalCode.PaymentRowWrongStep, wrong.Number, wrong.Life.State.Name())
            : null;

    private Task<Outcome<Nothing>> RunAsync(
        Actor actor, PaymentId id, string? reason, Func<NpgsqlConnection, NpgsqlTransaction, Scene, Task<Outcome<Nothing>>> act) =>
        Deadlock.RunAsync(() => OnceAsync(actor, id, reason, act));

    private async Task<Outcome<Nothing>> OnceAsync(
        Actor actor, PaymentId id, string? reason, Func<NpgsqlConnection, NpgsqlTransaction, Scene, Task<Outcome<Nothing>>> act)
    {
        if (!actor.IsCounty || !actor.May(Permission.Pay)) return Refusal.Of(RefusalCode.NotFound);
        if (Reasons.Fault(reason) is { } errors) return errors;
        var now = clock.GetUtcNow();
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await StandingRoles.RefuseAsync(connection, transaction, actor, Permission.Pay, policy) is { } gone) return gone;
        if (await PaymentStore.LockAsync(connection, transaction, id) is not { } payment) return Refusal.Of(RefusalCode.NotFound);
        var outcome = await act(connection, transaction, new Scene(payment, await PaymentStore.RowsAsync(connection, transaction, id), policy, now));
        if (outcome is Outcome<Nothing>.Done) await transaction.CommitAsync();
        return outcome;
    }

    private static async Task<Outcome<Nothing>> DoneAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Actor actor, PaymentId id, string action, string detail, Policy policy, DateTimeOffset now)
    {
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, action, $"payment:{id}", detail, Ground.Of(policy.RuleOf(Clause.Payment)));
        return Nothing.Value;
    }

    private static string Numbers(IEnumerable<LockedRow> rows) => string.Join(' ', rows.Select(row => row.Number));
}
