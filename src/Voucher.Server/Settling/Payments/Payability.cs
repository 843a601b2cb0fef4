using Voucher.Server.Institutions.Consequences;
using Voucher.Server.Settling.Publishing;

namespace Voucher.Server.Settling.Payments;

/// <summary>Whether payables may be paid now: nothing stops them. Asked when a payment is made, when its file is made, and at every resend.</summary>
public static class Payability
{
    /// <summary>The first reason why not all of them may be paid, or <c>null</c>.</summary>
    public static async Task<Refusal?> RefuseAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> payables, Policy policy, DateOnly today) =>
        await PayableStops.AmongAsync(connection, transaction, payables, policy)
        ?? await PublicationStore.NotYetPayableAsync(connection, transaction, payables, policy, today)
        ?? await BlockedAsync(connection, transaction, payables, policy, today);

    /// <summary>An institution stands on a rung of consequences that stops its payments.</summary>
    private static async Task<Refusal?> BlockedAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> payables, Policy policy, DateOnly today)
    {
        var institutions = await connection.QueryAsync<InstitutionId>(
            "select distinct institution_id from payable where id = any(@ids) and institution_id is not null order by institution_id",
            new { ids = payables.ToArray() }, transaction);
        foreach (var institution in institutions)
            if (await ConsequenceStore.BlocksAsync(connection, transaction, institution, Blocked.Payments, today, policy) is { } blocked) return blocked;
        return null;
    }

    /// <summary>
    /// Those that may be paid now. Asked by halves: where most may, few questions are needed, and what is stopped is left out alone.
    /// </summary>
    public static async Task<IReadOnlyList<long>> AmongAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<long> payables, Policy policy, DateOnly today)
    {
        if (payables.Count == 0 || await RefuseAsync(connection, transaction, payables, policy, today) is null) return payables;
        if (payables.Count == 1) return [];
        var half = payables.Count / 2;
        return
        [
            .. await AmongAsync(connection, transaction, [.. payables.Take(half)], policy, today),
            .. await AmongAsync(connection, transaction, [.. payables.Skip(half)], policy, today),
        ];
    }
}
