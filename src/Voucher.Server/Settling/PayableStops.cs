using Voucher.Server.Fraud;
using Voucher.Server.Journals.Conflicts;
using Voucher.Server.Register.Matching;

namespace Voucher.Server.Settling;

/// <summary>What stops money that was approved: a hold, a hit in another register's list, a contested enrolment.</summary>
public static class PayableStops
{
    /// <summary>The first stop among the payables' claims, or <c>null</c>.</summary>
    public static async Task<Refusal?> AmongAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> payables, Policy policy)
    {
        List<ClaimId> claims = [.. await connection.QueryAsync<ClaimId>("""
            select distinct l.claim_id from payable y join claim_line l on l.id = y.claim_line_id where y.id = any(@payables) order by l.claim_id
            """, new { payables = payables.ToArray() }, transaction)];
        if (claims.Count == 0) return null;
        if (await HoldStore.AmongClaimsAsync(connection, transaction, claims) is { } hold) return Refusal.Under(policy, RefusalCode.VoucherHeld, hold.Details());
        if (await MatchBlockStore.AmongClaimsAsync(connection, transaction, claims, policy) is { } matched) return matched;
        return await ConflictDecisionStore.AmongClaimsAsync(connection, transaction, claims) is { } contested ? contested.Refuse(policy) : null;
    }
}
