namespace Voucher.Server.Settling.Payments;

/// <summary>Who has done anything for what a payment pays, or for where it goes, has no hand in paying it.</summary>
public static class RoundDuties
{
    public static async Task<Refusal?> RefuseAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Policy policy, Actor actor, IReadOnlyList<LockedRow> rows, IReadOnlyList<DuePayable> due)
    {
        int[] accounts = [.. rows.Where(row => row.PayeeAccountId is not null).Select(row => row.PayeeAccountId!.Value).Distinct()];
        return Duties.Refuse(policy, actor.Staff, 
        [
            .. await SettlementDuties.BeforePaymentAsync(connection, transaction, [.. due.Select(one => one.Id)]),
            .. await DueStore.PayeeDutiesAsync(connection, transaction, accounts),
        ]);
    }
}
