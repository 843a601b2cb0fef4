using Voucher.Server.Settling;

namespace Voucher.Server.Vouchers;

/// <summary>The money that a voucher keeps set aside on its budget line.</summary>
public static class Reservation
{
    /// <summary>
    /// Gives the money back; does nothing for a voucher that keeps none. The cause is unique, so that nothing is released
    /// twice.
    /// </summary>
    public static async Task ReleaseAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, StoredVoucher voucher, string cause, Policy policy, AccountId? by, DateTimeOffset now)
    {
        if (!voucher.IsReserved) return;
        await VoucherChangeStore.ReleaseAsync(connection, transaction, voucher.Voucher.Id);
        LedgerMove[] moves = [new(voucher.BudgetLine, LedgerAccountKind.Reserved, LedgerAccountKind.Unreserved, voucher.FaceValue, voucher.Voucher.Id)];
        await PostAsync(connection, transaction, cause, moves, policy, by, now);
    }

    /// <summary>Posts a release; too little reserved means that the books and the vouchers disagree.</summary>
    public static async Task PostAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string cause, IReadOnlyCollection<LedgerMove> moves,
        Policy policy, AccountId? by, DateTimeOffset now)
    {
        var shortage = await LedgerBook.PostAsync(
            connection, transaction, LedgerTransactionKind.Release, cause, policy.RuleOf(Clause.Funds), moves, by, now);
        if (shortage is not null) throw new InvalidOperationException($"Less is reserved than {cause} would release.");
    }
}
