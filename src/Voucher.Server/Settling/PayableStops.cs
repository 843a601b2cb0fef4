using Voucher.Core.Fraud;
using Voucher.Core.Matching;
using Voucher.Core.Settling;
using Voucher.Server.Journals.Conflicts;
using Voucher.Server.Register.Matching;
using Voucher.Server.Settling.Claims;

namespace Voucher.Server.Settling;

/// <summary>
/// What has come to light since the approval and stops payables: a line that is no longer approved, an allowance that is no longer
/// due, a hold, a list in which the holder stands, a conflict, a spot check with findings. Asked before a payable is published, and
/// again before it is paid.
/// </summary>
public static class PayableStops
{
    private sealed record LineRow(VoucherId Voucher, ClaimLineState State);

    private sealed record HoldRow(long Id, HoldReason Reason, DateTimeOffset DueAt, string Phone);

    private sealed record AllowanceRow(VoucherId Voucher, bool IsRevoked, bool IsInClass);

    /// <summary>
    /// Payables <c>y</c> with their claim line <c>l</c> or monthly list <c>s</c>. Of an allowance on a list the voucher is the one
    /// with which the trainee is in the class now (<c>e</c>): a lost card may have been replaced since.
    /// </summary>
    private const string From = """
        from payable y
        left join claim_line l on l.id = y.claim_line_id
        left join allowance a on a.id = y.allowance_id
        left join allowance_list s on s.id = a.list_id
        left join lateral (
            select n.voucher_id from enrolment n join person p on p.id = n.person_id
            where s.id is not null and n.class_id = a.class_id and n.is_active
              and coalesce(p.merged_into, p.id) = (select coalesce(o.merged_into, o.id) from person o where o.id = a.person_id)
            order by n.id desc limit 1) e on true
        join voucher v on v.id = coalesce(l.voucher_id, e.voucher_id, a.voucher_id)
        """;

    /// <summary>What is taken back from an institution is not taken from its trainee: a day that was attended stays paid for until a finding says otherwise.</summary>
    private const string LineStops = "(l.state not in (3, 5, 6) and not (y.kind = 3 and l.state = 7))";

    /// <summary>Revoked, out of the class, or one of its days is struck off or was not attended after all.</summary>
    private const string AllowanceStops = """
        (s.id is not null and (v.state = 6 or e.voucher_id is null)
         or exists (select from allowance_day d where d.allowance_id = a.id and (d.standing <> 1 or not exists (
                select from enrolment n
                join person p on p.id = n.person_id
                join attendance t on t.enrolment_id = n.id and t.checked_out_at is not null
                join class_session k on k.id = t.session_id and k.held_on = d.day
                where n.class_id = a.class_id and d.person_id in (p.id, p.merged_into)))))
        """;

    private const string HoldStops = "exists (select from hold h where h.voucher_id = v.id and h.released_at is null)";

    private const string ConflictStops = "v.in_conflict";

    /// <summary>Since the line was reviewed, or since the list was approved.</summary>
    private const string FindingsStop = $"""
        coalesce({ClaimStore.FindingsAt},
                 (select k.checked_at from spot_check k where s.id is not null and k.class_id = a.class_id and not k.is_clean order by k.id desc limit 1))
            > coalesce(l.reviewed_at, s.approved_at)
        """;

    /// <summary>The first stop among the payables, <c>null</c> where all of them may go on. Payables that are locked are read as they stand.</summary>
    public static async Task<Refusal?> AmongAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> payables, Policy policy)
    {
        var ids = payables.ToArray();
        return await LineAsync(connection, transaction, ids, policy)
            ?? await AllowanceAsync(connection, transaction, ids, policy)
            ?? await HoldAsync(connection, transaction, ids, policy)
            ?? await MatchAsync(connection, transaction, ids, policy)
            ?? await ConflictAsync(connection, transaction, ids, policy)
            ?? await FindingsAsync(connection, transaction, ids, policy);
    }

    /// <summary>All of them that may not go on.</summary>
    public static async Task<IReadOnlySet<long>> StoppedAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<long> payables, Policy policy) =>
        (await connection.QueryAsync<long>($"""
            select y.id {From}
            where y.id = any(@ids)
              and ({LineStops} or {AllowanceStops} or {HoldStops} or {MatchBlockStore.HolderStands} or {ConflictStops} or {FindingsStop})
            """, new { ids = payables.ToArray(), matchSources = SourcesOf(policy) }, transaction)).ToHashSet();

    private static short[] SourcesOf(Policy policy) => [.. policy.Parameters.WithEffect(MatchEffect.BlocksPayment).Select(source => (short)source)];

    private static async Task<Refusal?> LineAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long[] ids, Policy policy) =>
        await connection.QueryFirstOrDefaultAsync<LineRow>($"""
            select l.voucher_id as voucher, l.state::int as state {From}
            where y.id = any(@ids) and {LineStops} order by y.id limit 1
            """, new { ids }, transaction) is { } line
            ? Refusal.Under(policy, RefusalCode.LineNotPayable, line.Voucher, line.State.Name())
            : null;

    private static async Task<Refusal?> AllowanceAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long[] ids, Policy policy) =>
        await connection.QueryFirstOrDefaultAsync<AllowanceRow>($"""
            select v.id as voucher, v.state = 6 as is_revoked, s.id is null or e.voucher_id is not null as is_in_class {From}
            where y.id = any(@ids) and {AllowanceStops} order by y.id limit 1
            """, new { ids }, transaction) is { } allowance
            ? Refusal.Under(policy, RefusalCode.AllowanceNotPayable, allowance.Voucher, WhyNot(allowance))
            : null;

    private static Words WhyNot(AllowanceRow allowance) =>
        allowance.IsRevoked ? AllowanceObstacle.Revoked.Name()
        : !allowance.IsInClass ? AllowanceObstacle.NoLongerInClass.Name()
        : new("有的天数已剔除，或查实没有到课", "some of its days are struck off, or were not attended");

    private static async Task<Refusal?> HoldAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long[] ids, Policy policy) =>
        await connection.QueryFirstOrDefaultAsync<HoldRow>($"""
            select h.id, h.reason, h.due_at, t.phone {From}
            join hold h on h.voucher_id = v.id and h.released_at is null
            join county t on t.region = h.region
            where y.id = any(@ids) order by h.id limit 1
            """, new { ids }, transaction) is { } hold
            ? Refusal.Under(policy, RefusalCode.VoucherHeld, new VoucherHold(hold.Id, hold.Reason, hold.DueAt, hold.Phone).Details())
            : null;

    private static async Task<Refusal?> MatchAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long[] ids, Policy policy)
    {
        var row = await connection.QueryFirstOrDefaultAsync<(VoucherId Voucher, string Standing)?>($"""
            select v.id, {MatchBlockStore.StandingOfHolder} {From}
            where y.id = any(@ids) and {MatchBlockStore.HolderStands} order by y.id limit 1
            """,
            new { ids, matchSources = SourcesOf(policy) }, transaction);
        return row is var (voucher, standing) ? StandingMatch.Refuse(StandingMatch.Read(standing), voucher, policy) : null;
    }

    private static async Task<Refusal?> ConflictAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long[] ids, Policy policy) =>
        (await connection.QueryFirstOrDefaultAsync<ContestedLine?>($"""
            select v.id as voucher, k.id as case_id, k.decided_at is null as is_open {From}
            join lateral (select id, decided_at from conflict_case o where o.voucher_id = v.id order by o.id desc limit 1) k on true
            where y.id = any(@ids) and {ConflictStops} order by y.id limit 1
            """, new { ids }, transaction))?.Refuse(policy);

    /// <summary>A spot check of the class that found something afterwards: nobody has judged the line, or the list, in its light.</summary>
    private static async Task<Refusal?> FindingsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long[] ids, Policy policy) =>
        await connection.QueryFirstOrDefaultAsync<VoucherId?>($"""
            select v.id {From}
            where y.id = any(@ids) and {FindingsStop} order by y.id limit 1
            """, new { ids }, transaction) is { } voucher
            ? Refusal.Under(policy, RefusalCode.FindingsAfterReview, voucher)
            : null;
}
