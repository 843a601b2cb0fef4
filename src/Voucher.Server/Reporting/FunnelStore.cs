namespace Voucher.Server.Reporting;

/// <summary>Counts the funnel from the vouchers themselves, in one pass.</summary>
public sealed class FunnelStore(NpgsqlDataSource database, County county, TimeProvider clock)
{
    /// <summary>Newest batches to choose from.</summary>
    public const int MostBatches = 200;

    /// <summary>A batch that the funnel can be narrowed to.</summary>
    public sealed record BatchName(BatchId Id, string Name);

    /// <summary>Of the whole county, or of one batch.</summary>
    public async Task<Funnel> OfCountyAsync(BatchId? batch)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<Funnel>("""
            select count(*) filter (where state <> 7) as issued,
                   count(*) filter (where reached >= 2) as claimed,
                   count(*) filter (where reached >= 3) as enrolled,
                   count(*) filter (where reached >= 4) as completed,
                   count(*) filter (where line is not null) as submitted,
                   count(*) filter (where line = 5) as paid,
                   count(*) filter (where state in (1, 2) and valid_until < @today) as expired,
                   count(*) filter (where state = 6) as revoked,
                   count(*) filter (where state = 7) as replaced,
                   count(*) filter (where state = 5) as withdrawn
            from (
                select v.state, v.valid_until, l.state as line,
                       case v.state
                           when 5 then 3
                           when 6 then (select e.from_state from voucher_event e where e.voucher_id = v.id and e.number = v.events)
                           when 7 then 0
                           else v.state
                       end as reached
                from voucher v
                left join claim_line l on l.voucher_id = v.id and l.state in (2, 3, 5, 6)
                where v.id between @first and @last and v.batch_id <> all(array(select id from batch where is_bait)) and (@batch::bigint is null or v.batch_id = @batch)
            ) each
            """,
            new
            {
                today = CountyTime.DayOf(clock.GetUtcNow()), batch,
                first = new VoucherId(county.Region, 0), last = new VoucherId(county.Region, uint.MaxValue),
            });
    }

    /// <summary>Of the vouchers that were ever enrolled at the institution.</summary>
    public async Task<Funnel> OfInstitutionAsync(InstitutionId institution)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<Funnel>("""
            select null::bigint as issued, null::bigint as claimed,
                   count(*) as enrolled,
                   count(*) filter (where state = 4) as completed,
                   count(*) filter (where line is not null) as submitted,
                   count(*) filter (where line = 5) as paid,
                   0::bigint as expired,
                   count(*) filter (where state = 6) as revoked,
                   0::bigint as replaced,
                   count(*) filter (where state = 5) as withdrawn
            from (
                select v.state, l.state as line
                from training_class c
                join enrolment n on n.class_id = c.id
                join voucher v on v.id = n.voucher_id and v.state <> 7
                left join claim_line l on l.voucher_id = v.id and l.state in (2, 3, 5, 6)
                where c.institution_id = @institution
            ) each
            """, new { institution });
    }

    /// <summary>Batches that have vouchers, the newest first; one that was stopped has those it wrote.</summary>
    public async Task<IReadOnlyList<BatchName>> BatchesAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        var batches = await connection.QueryAsync<BatchName>(
            "select id, name from batch where region = @Region and status in (2, 3, 6) and not is_bait order by id desc limit @MostBatches", new { county.Region, MostBatches });
        return batches.AsList();
    }
}
