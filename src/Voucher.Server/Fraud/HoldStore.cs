using Voucher.Core.Fraud;

namespace Voucher.Server.Fraud;

/// <summary>Writes holds. A hold is believed only with its row here.</summary>
public sealed class HoldStore(NpgsqlDataSource database, County county)
{
    private sealed record Row(long Id, HoldReason Reason, DateTimeOffset DueAt, bool IsNew);

    /// <summary>Opens a hold, or finds the one that is in force already.</summary>
    public async Task<(VoucherHold Hold, bool IsNew)> OpenAsync(
        VoucherId voucher, HoldReason reason, GuardQuestion asked, IReadOnlyList<HoldEvidence> evidence, DateTimeOffset now, TimeSpan decision)
    {
        await using var connection = await database.OpenConnectionAsync();
        while (true)
        {
            var row = await connection.QuerySingleOrDefaultAsync<Row?>("""
                with opened as (
                    insert into hold (region, voucher_id, reason, opened_at, due_at, scan_id, terminal_id, evidence, alarmed_at)
                    values (@Region, @voucher, @reason, @now, @due, @ScanId, @Terminal, @evidence::jsonb, @now)
                    on conflict (voucher_id) where released_at is null do nothing
                    returning id, reason, due_at)
                select id, reason, due_at, true as is_new from opened
                union all
                select id, reason, due_at, false from hold where voucher_id = @voucher and released_at is null and not exists (select from opened)
                """,
                new
                {
                    county.Region, voucher, reason = (short)reason, now, due = now + decision, asked.ScanId, asked.Terminal,
                    evidence = HoldEvidence.ToJson(evidence),
                });
            // Nothing at all: another server opened one while this statement ran. It is there for the next.
            if (row is not null) return (new VoucherHold(row.Id, row.Reason, row.DueAt, county.Phone), row.IsNew);
        }
    }

    /// <summary>Vouchers that nobody holds.</summary>
    public async Task<IReadOnlyList<VoucherId>> BaitsAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<VoucherId>("select voucher_id from hold where reason = 1 and region = @Region", new { county.Region })];
    }

    /// <summary>
    /// Brings a bait voucher to the county; a deadline begins unless one runs. <c>false</c> in the second part when this
    /// moment was told already.
    /// </summary>
    public async Task<(VoucherHold Hold, bool IsNew)?> AlarmAsync(VoucherId voucher, DateTimeOffset at, TimeSpan decision)
    {
        await using var connection = await database.OpenConnectionAsync();
        var row = await connection.QuerySingleOrDefaultAsync<Row?>("""
            with alarmed as (
                update hold
                set alarmed_at = @at, due_at = case when alarmed_at is null or alarmed_at <= confirmed_at then @at + @decision else due_at end
                where voucher_id = @voucher and reason = 1 and (alarmed_at is null or alarmed_at < @at)
                returning id, reason, due_at)
            select id, reason, due_at, true as is_new from alarmed
            union all
            select id, reason, due_at, false from hold where voucher_id = @voucher and reason = 1 and not exists (select from alarmed)
            """, new { voucher, at, decision });
        return row is null ? null : (new VoucherHold(row.Id, row.Reason, row.DueAt, county.Phone), row.IsNew);
    }
}
