using Voucher.Core.Fraud;

namespace Voucher.Server.Fraud;

/// <summary>A hold under its lock.</summary>
public sealed record LockedHold(VoucherId VoucherId, HoldReason Reason, DateTimeOffset? AlarmedAt, DateTimeOffset? ConfirmedAt, DateTimeOffset? ReleasedAt)
{
    /// <summary>The state that stands against the decision, or <c>null</c> when it may be taken.</summary>
    public Words? Against(HoldVerdict verdict) => this switch
    {
        { ReleasedAt: not null } => HoldVerdict.Release.Name(),
        { Reason: HoldReason.Honeytoken, AlarmedAt: null } => new("诱饵券，还没有人出示", "bait that nobody has shown yet"),
        { Reason: HoldReason.Honeytoken } when verdict == HoldVerdict.Release => new("诱饵券不能放行", "bait is never released"),
        _ when verdict == HoldVerdict.Confirm && ConfirmedAt >= AlarmedAt => HoldVerdict.Confirm.Name(),
        _ => null,
    };
}

/// <summary>Writes decisions on holds.</summary>
public static class HoldDecisionStore
{
    /// <summary>A bait that nobody has shown is nobody's case yet: found only once it was.</summary>
    public static Task<LockedHold?> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, long id) =>
        connection.QuerySingleOrDefaultAsync<LockedHold?>("""
            select voucher_id, reason, alarmed_at, confirmed_at, released_at from hold where id = @id and region = @region for update
            """, new { id, region }, transaction);

    public static Task DecideAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long id, HoldVerdict verdict, string reason, Actor by, DateTimeOffset now) =>
        connection.ExecuteAsync("""
            insert into hold_decision (hold_id, number, verdict, reason, decided_by, decided_by_staff, decided_at)
            select @id, 1 + count(*), @verdict, @reason, @Account, @Staff, @now from hold_decision where hold_id = @id;
            update hold
            set released_at = case when @verdict = 1 then @now else released_at end,
                confirmed_at = case when @verdict = 2 then @now else confirmed_at end
            where id = @id;
            """, new { id, verdict = (short)verdict, reason, by.Account, by.Staff, now }, transaction);
}
