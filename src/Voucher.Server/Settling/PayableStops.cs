using Voucher.Core.Fraud;
using Voucher.Core.Matching;
using Voucher.Server.Journals.Conflicts;
using Voucher.Server.Register.Matching;
using Voucher.Server.Settling.Claims;

namespace Voucher.Server.Settling;

/// <summary>
/// What has come to light since the approval and stops payables: a line that is no longer approved, a hold, a list in which the
/// holder stands, a conflict, a spot check with findings. Asked before a payable is published, and again before it is paid.
/// </summary>
public static class PayableStops
{
    private sealed record LineRow(VoucherId Voucher, ClaimLineState State);

    private sealed record HoldRow(long Id, HoldReason Reason, DateTimeOffset DueAt, string Phone);

    /// <summary>Allowances that come out of no claim line rest on attendance alone and are not among them.</summary>
    private const string FromLines = """
        from payable y
        join claim_line l on l.id = y.claim_line_id
        join claim c on c.id = l.claim_id
        join voucher v on v.id = l.voucher_id
        """;

    /// <summary>The first stop among the payables, <c>null</c> where all of them may go on. Payables that are locked are read as they stand.</summary>
    public static async Task<Refusal?> AmongAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> payables, Policy policy)
    {
        var ids = payables.ToArray();
        return await LineAsync(connection, transaction, ids, policy)
            ?? await HoldAsync(connection, transaction, ids, policy)
            ?? await MatchAsync(connection, transaction, ids, policy)
            ?? await ConflictAsync(connection, transaction, ids, policy)
            ?? await FindingsAsync(connection, transaction, ids, policy);
    }

    /// <summary>What is taken back from an institution is not taken from its trainee: a day that was attended stays paid for until a finding says otherwise.</summary>
    private static async Task<Refusal?> LineAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long[] ids, Policy policy) =>
        await connection.QueryFirstOrDefaultAsync<LineRow>($"""
            select l.voucher_id as voucher, l.state::int as state {FromLines}
            where y.id = any(@ids) and l.state not in (3, 5, 6) and not (y.kind = 3 and l.state = 7) order by y.id limit 1
            """, new { ids }, transaction) is { } line
            ? Refusal.Under(policy, RefusalCode.LineNotPayable, line.Voucher, line.State.Name())
            : null;

    private static async Task<Refusal?> HoldAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long[] ids, Policy policy) =>
        await connection.QueryFirstOrDefaultAsync<HoldRow>($"""
            select h.id, h.reason, h.due_at, t.phone {FromLines}
            join hold h on h.voucher_id = v.id and h.released_at is null
            join county t on t.region = h.region
            where y.id = any(@ids) order by h.id limit 1
            """, new { ids }, transaction) is { } hold
            ? Refusal.Under(policy, RefusalCode.VoucherHeld, new VoucherHold(hold.Id, hold.Reason, hold.DueAt, hold.Phone).Details())
            : null;

    private static async Task<Refusal?> MatchAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long[] ids, Policy policy)
    {
        var row = await connection.QueryFirstOrDefaultAsync<(VoucherId Voucher, string Standing)?>($"""
            select v.id, {MatchBlockStore.StandingOfHolder} {FromLines}
            where y.id = any(@ids) and {MatchBlockStore.HolderStands} order by y.id limit 1
            """,
            new { ids, matchSources = policy.Parameters.WithEffect(MatchEffect.BlocksPayment).Select(source => (short)source).ToArray() },
            transaction);
        return row is var (voucher, standing) ? StandingMatch.Refuse(StandingMatch.Read(standing), voucher, policy) : null;
    }

    private static async Task<Refusal?> ConflictAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long[] ids, Policy policy) =>
        (await connection.QueryFirstOrDefaultAsync<ContestedLine?>($"""
            select v.id as voucher, k.id as case_id, k.decided_at is null as is_open {FromLines}
            join lateral (select id, decided_at from conflict_case o where o.voucher_id = v.id order by o.id desc limit 1) k on true
            where y.id = any(@ids) and v.in_conflict order by y.id limit 1
            """, new { ids }, transaction))?.Refuse(policy);

    /// <summary>A spot check of the class that found something after the line was reviewed: nobody has judged the line in its light.</summary>
    private static async Task<Refusal?> FindingsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long[] ids, Policy policy) =>
        await connection.QueryFirstOrDefaultAsync<VoucherId?>($"""
            select l.voucher_id {FromLines}
            where y.id = any(@ids) and {ClaimStore.FindingsAt} > l.reviewed_at order by y.id limit 1
            """, new { ids }, transaction) is { } voucher
            ? Refusal.Under(policy, RefusalCode.FindingsAfterReview, voucher)
            : null;
}
