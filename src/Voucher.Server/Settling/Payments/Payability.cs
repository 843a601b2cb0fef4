using Voucher.Server.Institutions.Consequences;
using Voucher.Server.Settling.Publishing;

namespace Voucher.Server.Settling.Payments;

/// <summary>Whether payables may be paid now: nothing stops them. Asked when a payment is made, when it is handed to the bank, and at every resend.</summary>
public static class Payability
{
    /// <summary>The first reason why not all of them may be paid, or <c>null</c>.</summary>
    public static async Task<Refusal?> RefuseAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> payables, Policy policy, DateOnly today) =>
        await PayableStops.AmongAsync(connection, transaction, payables, policy)
        ?? await PublicationStore.NotYetPayableAsync(connection, transaction, payables, policy, today)
        ?? await BlockedAsync(connection, transaction, payables, policy, today);

    /// <summary>Those that may be paid now: each kind of stop is asked once for all of them, however many there are.</summary>
    public static async Task<IReadOnlyList<long>> AmongAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<long> payables, Policy policy, DateOnly today)
    {
        HashSet<long> stopped =
        [
            .. await PayableStops.StoppedAsync(connection, transaction, payables, policy),
            .. await PublicationStore.StoppedAsync(connection, transaction, payables, policy, today),
            .. await OfBlockedAsync(connection, transaction, payables, policy, today),
        ];
        return [.. payables.Where(payable => !stopped.Contains(payable))];
    }

    /// <summary>An institution stands on a rung of consequences that stops its payments.</summary>
    private static async Task<Refusal?> BlockedAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> payables, Policy policy, DateOnly today)
    {
        foreach (var institution in await InstitutionsAsync(connection, transaction, payables))
            if (await ConsequenceStore.BlocksAsync(connection, transaction, institution, Blocked.Payments, today, policy) is { } blocked) return blocked;
        return null;
    }

    private static async Task<IEnumerable<long>> OfBlockedAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> payables, Policy policy, DateOnly today)
    {
        List<int> blocked = [];
        foreach (var institution in await InstitutionsAsync(connection, transaction, payables))
            if (await ConsequenceStore.BlocksAsync(connection, transaction, institution, Blocked.Payments, today, policy) is not null) blocked.Add(institution.Value);
        return await connection.QueryAsync<long>(
            "select id from payable where id = any(@ids) and institution_id = any(@blocked)", new { ids = payables.ToArray(), blocked = blocked.ToArray() }, transaction);
    }

    private static Task<IEnumerable<InstitutionId>> InstitutionsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> payables) =>
        connection.QueryAsync<InstitutionId>(
            "select distinct institution_id from payable where id = any(@ids) and institution_id is not null order by institution_id",
            new { ids = payables.ToArray() }, transaction);
}
