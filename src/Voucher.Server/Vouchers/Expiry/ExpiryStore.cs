namespace Voucher.Server.Vouchers.Expiry;

/// <summary>Vouchers of one batch and township that expire soon, unused so far.</summary>
public sealed record ExpiringSoon(BatchId BatchId, string Batch, DateOnly FirstDay, string? Township, int Vouchers, int NotHandedOver, Fen Reserved);

/// <summary>What the expiry runs of one day gave back.</summary>
public sealed record ReleasedOn(DateOnly Day, int Vouchers, Fen Amount);

/// <summary>What expires next, and what has lately.</summary>
public static class ExpiryStore
{
    /// <summary>Unused vouchers whose last valid day lies from today to the given day; at most <paramref name="take"/> groups, the earliest first.</summary>
    public static async Task<IReadOnlyList<ExpiringSoon>> SoonAsync(
        NpgsqlConnection connection, RegionCode region, DateOnly today, DateOnly until, int take) =>
        [.. await connection.QueryAsync<ExpiringSoon>("""
            select b.id as batch_id, b.name as batch, min(v.valid_until) as first_day, t.name as township, count(*)::int as vouchers,
                   (count(*) filter (where v.state = 1))::int as not_handed_over, sum(v.face_value_fen)::bigint as reserved
            from voucher v
            join batch b on b.id = v.batch_id and b.region = @region and not b.is_bait
            join person p on p.id = v.person_id
            left join township t on t.code = p.township_code
            where v.is_reserved and v.state in (1, 2) and v.valid_until between @today and @until
            group by b.id, b.name, p.township_code, t.name
            order by first_day, b.id, p.township_code nulls last
            limit @take
            """, new { region, today, until, take })];

    /// <summary>The newest days on which expired vouchers gave money back.</summary>
    public static async Task<IReadOnlyList<ReleasedOn>> ReleasedAsync(NpgsqlConnection connection, RegionCode region, int days) =>
        [.. await connection.QueryAsync<ReleasedOn>("""
            with runs as (
                select t.id, (t.posted_at at time zone 'UTC' + interval '8 hours')::date as day, t.subject_id
                from ledger_transaction t
                where t.kind = 3 and t.subject_kind = 7 and t.subject_id >> 32 = @region),
            newest as (select distinct day from runs order by day desc limit @days)
            select r.day, coalesce(sum(c.vouchers), 0)::int as vouchers, sum(m.amount)::bigint as amount
            from runs r
            join newest n on n.day = r.day
            cross join lateral (
                select coalesce(sum(p.amount_fen) filter (where a.kind = 2), 0) as amount
                from ledger_posting p join ledger_account a on a.id = p.ledger_account_id where p.transaction_id = r.id) m
            left join (
                select e.subject, max(substring(e.detail from 'count:(\d+)')::int) as vouchers
                from audit_entry e where e.action = 'voucher.expire' group by e.subject) c on c.subject = 'voucher:' || r.subject_id
            group by r.day order by r.day desc
            """, new { region, days })];
}
