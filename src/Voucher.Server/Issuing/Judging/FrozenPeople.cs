using Voucher.Core.Issuing;
using Voucher.Server.Issuing.LeavingOut;

namespace Voucher.Server.Issuing.Judging;

/// <summary>
/// Judges those of a batch who have no voucher of it yet once more, before any is written: between the freezing of the list and
/// its approval, or during a pause, somebody may have died, been matched or got a voucher.
/// </summary>
public static class FrozenPeople
{
    /// <summary>All of them who may no longer have a voucher.</summary>
    public static async Task<IneligibleList> ReadAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, RegionCode region, Batch batch, Policy policy, DateOnly today) =>
        new(await JudgementStore.IneligibleAsync(connection, JudgementQuestion.Of(region, batch, policy, today), transaction));

    /// <summary>Why nothing may be written for them now; <c>null</c> when nothing stands against it.</summary>
    public static async Task<Refusal?> RefuseAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, Batch batch, Policy policy, DateOnly today)
    {
        if (batch.ValidUntil < today) return Refusal.Under(policy, RefusalCode.BatchExpired, CountyTime.Show(batch.ValidUntil));
        var (_, reasons) = await JudgementStore.CountAsync(connection, JudgementQuestion.Of(region, batch, policy, today), transaction);
        if (reasons.Count == 0) return null;
        string Told(Func<Words, string> language) => string.Join("、", reasons.Select(count => $"{language(count.Reason.Name(policy.Parameters))} {count.People}"));
        return Refusal.Under(policy, RefusalCode.NoLongerEligible, reasons.Sum(count => count.First), new Words(Told(words => words.Zh), Told(words => words.En)));
    }
}
