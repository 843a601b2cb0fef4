namespace Voucher.Server.Issuing;

/// <summary>Counts how far the vouchers of batches have come.</summary>
public static class BatchFunnelStore
{
    private sealed record Row(BatchId Batch, int Issued, int Claimed, int Enrolled, int Completed, int Revoked, int InClaim, int Paid, int Expired);

    /// <summary>Each later state counts towards the earlier steps as well.</summary>
    /// <param name="today">Decides what has expired.</param>
    public static async Task<IReadOnlyDictionary<BatchId, BatchFunnel>> ReadAsync(
        NpgsqlConnection connection, IEnumerable<BatchId> batches, DateOnly today)
    {
        var rows = await connection.QueryAsync<Row>("""
            with counted as (
                select batch_id,
                    (count(*) filter (where state <> 7))::int as issued,
                    (count(*) filter (where state in (2, 3, 4, 5)))::int as claimed,
                    (count(*) filter (where state in (3, 4, 5)))::int as enrolled,
                    (count(*) filter (where state = 4))::int as completed,
                    (count(*) filter (where state = 6))::int as revoked,
                    (count(*) filter (where state in (1, 2) and valid_until < @today))::int as expired
                from voucher where batch_id = any(@ids) group by batch_id),
            settled as (
                select v.batch_id, count(*)::int as in_claim, (count(*) filter (where l.state = 5))::int as paid
                from live_claim_line l join voucher v on v.id = l.voucher_id
                where v.batch_id = any(@ids) group by v.batch_id)
            select c.batch_id as batch, c.issued, c.claimed, c.enrolled, c.completed, c.revoked,
                   coalesce(s.in_claim, 0) as in_claim, coalesce(s.paid, 0) as paid, c.expired
            from counted c left join settled s on s.batch_id = c.batch_id
            """, new { ids = batches.Select(batch => batch.Value).ToArray(), today });
        return rows.ToDictionary(row => row.Batch, row => new BatchFunnel(
            row.Issued, row.Claimed, row.Enrolled, row.Completed, row.Revoked, row.InClaim, row.Paid, row.Expired));
    }
}
