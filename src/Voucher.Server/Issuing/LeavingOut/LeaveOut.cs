using Voucher.Server.Issuing.Judging;
using Voucher.Server.Settling;
using Voucher.Server.Vouchers;

namespace Voucher.Server.Issuing.LeavingOut;

/// <summary>
/// Takes those out of a batch who may no longer have a voucher, in the transaction of whoever decides it: exactly the people of
/// the list that was read. Money that is reserved for them is free again.
/// </summary>
public static class LeaveOut
{
    /// <param name="request">What a clerk asked for; <c>null</c> with the approval of the batch.</param>
    /// <param name="mark">Of the list that the one who decides has read.</param>
    /// <returns>Why not; then the caller rolls back.</returns>
    public static async Task<Refusal?> RunAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, Batch batch, Policy policy,
        LeaveOutRequest? request, string? mark, Actor by, DateTimeOffset now)
    {
        var list = await FrozenPeople.ReadAsync(connection, transaction, region, batch, policy, CountyTime.DayOf(now));
        if (Refuse(list, batch, policy, mark) is { } refusal) return refusal;
        var id = await LeaveOutStore.DecideAsync(connection, transaction, batch.Id, request, list, by, now);
        await LeaveOutStore.MoveAsync(connection, transaction, batch, id, list, policy, now);
        if (batch.Status == BatchStatus.Approved)
        {
            LedgerMove[] moves = [new(batch.BudgetLineId, LedgerAccountKind.Reserved, LedgerAccountKind.Unreserved, batch.FaceValueFen * list.People.Count)];
            await Reservation.PostAsync(connection, transaction, $"batch-leave-out:{id}", moves, policy, by.Account, now);
        }
        // Of an approved batch everybody else may have a voucher already: then it is issued by this.
        var issued = batch.Status == BatchStatus.Approved && batch.Written == batch.People - list.People.Count ? " issued" : "";
        await AuditTrail.AppendAsync(
            connection, transaction, now, by.Account, "batch.leave-out", $"batch:{batch.Id}", $"request:{id} people:{list.People.Count}{issued}",
            Ground.Of(policy.RuleOf(Clause.Eligibility)));
        return null;
    }

    /// <summary>Why these people cannot be left out: the list is another than was read, or nobody would remain.</summary>
    public static Refusal? Refuse(IneligibleList list, Batch batch, Policy policy, string? mark)
    {
        if (list.People.Count == 0 || list.Mark != mark) return Refusal.Under(policy, RefusalCode.LeaveOutListChanged, list.People.Count);
        return list.People.Count == batch.People ? Refusal.Under(policy, RefusalCode.NobodyWouldRemain) : null;
    }
}
