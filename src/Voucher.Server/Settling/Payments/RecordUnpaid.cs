using Voucher.Server.Api;
using Voucher.Server.Database;
using Voucher.Server.Policies;

namespace Voucher.Server.Settling.Payments;

/// <summary>
/// 登记未付: a round was handed over, and the bank has not paid some of it and sends no answer that could be booked – it never got the
/// file, or its return names no attempt. One person says so, another confirms it; only then has the row failed. While an answer that may
/// say the opposite is open, nobody can.
/// </summary>
public sealed class RecordUnpaid(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock)
{
    private static readonly Words Saying = new("申请登记银行未付", "said that the bank has not paid");

    /// <param name="numbers">Of rows that are with the bank. Those that nobody has asked for yet are asked for; else all are confirmed.</param>
    public Task<Outcome<Nothing>> RunAsync(Actor actor, PaymentId id, IReadOnlyCollection<int>? numbers, string? reason) =>
        Deadlock.RunAsync(() => OnceAsync(actor, id, numbers, reason));

    private async Task<Outcome<Nothing>> OnceAsync(Actor actor, PaymentId id, IReadOnlyCollection<int>? numbers, string? reason)
    {
        if (!actor.IsCounty || !actor.May(Permission.Pay)) return Refusal.Of(RefusalCode.NotFound);
        if (Reasons.Fault(reason) is { } errors) return errors;
        var now = clock.GetUtcNow();
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await StandingRoles.RefuseAsync(connection, transaction, actor, Permission.Pay, policy) is { } gone) return gone;
        if (await PaymentStore.LockAsync(connection, transaction, id) is not { } payment) return Refusal.Of(RefusalCode.NotFound);
        var rows = await PaymentStore.RowsAsync(connection, transaction, id);
        List<LockedRow> chosen = [.. rows.Where(row => numbers?.Contains(row.Number) == true)];
        if (chosen.Count == 0) return Refusal.Of(RefusalCode.NotFound);
        if (chosen.Find(row => PaymentRowMachine.Decide(row.Life, PaymentRowCommand.AnswerFailed) is null) is { } wrong)
            return Refusal.Under(policy, RefusalCode.PaymentRowWrongStep, wrong.Number, wrong.Life.State.Name());
        var due = await DueStore.LockOfPaymentsAsync(connection, transaction, [id]);
        if (await RoundDuties.RefuseAsync(connection, transaction, policy, actor, rows, due) is { } same) return same;
        if (await ReturnStore.OpenAnswerAsync(connection, transaction, [.. chosen.Select(row => row.Id)]) is var (number, said))
            return Refusal.Under(policy, RefusalCode.PaymentAnswerOpen, number, said);
        if (chosen.Exists(row => row.UnpaidBy is null))
        {
            if (string.IsNullOrWhiteSpace(reason)) return Refusal.Under(policy, RefusalCode.ReasonMissing);
            await PaymentStore.AskUnpaidAsync(connection, transaction, [.. chosen.Select(row => row.Id)], reason.Trim(), actor);
        }
        else if (Duties.Refuse(policy, actor.Staff, chosen.Select(row => (Saying, row.UnpaidBy))) is { } asked)
        {
            return asked;
        }
        else
        {
            await FailAsync(connection, transaction, payment, rows, chosen, due, policy, actor, now);
        }
        var action = chosen.Exists(row => row.UnpaidBy is null) ? "payment.unpaid-ask" : "payment.unpaid";
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, action, $"payment:{id}",
            $"rows {string.Join(' ', chosen.Select(row => row.Number))}: {reason?.Trim()}", ground: policy.RuleOf(Clause.Payment).ToString());
        await transaction.CommitAsync();
        return Nothing.Value;
    }

    /// <summary>A return of its own, so that the row's failure rests on an answer like any other, and a late word of the bank is a difference.</summary>
    private async Task FailAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, LockedPayment payment, IReadOnlyList<LockedRow> rows, List<LockedRow> chosen,
        IReadOnlyList<DuePayable> due, Policy policy, Actor actor, DateTimeOffset now)
    {
        var number = await ReturnStore.InsertAsync(
            connection, transaction, county.Region, new NewReturn(ReturnKind.NotPaid, null, null, null, null, CountyTime.DayOf(now), chosen.Count, chosen.Count, 0), actor, now);
        List<GoodAnswer> answers = [.. chosen.Select(row => new GoodAnswer(row, PaymentAnswer.Failed, Fen.Zero, row.UnpaidReason!))];
        await ReturnStore.InsertRowsAsync(connection, transaction, number, [.. answers.Select((answer, index) => NewReturnRow.ByHand(index + 1, payment.Id, answer))]);
        await BookAnswers.ApplyAsync(connection, transaction, payment, rows, due, number, answers, policy, actor, now);
    }
}
