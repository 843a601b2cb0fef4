namespace Voucher.Server.Issuing;

/// <summary>The vouchers of a batch, in the order of delivery.</summary>
public static class BatchVoucherStore
{
    private const string Columns = """
        select v.id, v.state, v.in_conflict, v.valid_until, v.short_code, v.token, p.name as holder, t.name as township
        from voucher v
        join person p on p.id = v.person_id
        left join township t on t.code = p.township_code

        """;

    private const string OfBatch = "where v.batch_id = @batch and (@township::int is null or p.township_code = @township)";

    private const string InDeliveryOrder = " order by p.township_code nulls last, p.name, v.id";

    /// <param name="township">Only this one; <c>null</c> for all.</param>
    public static async Task<IReadOnlyList<ListedVoucher>> ListAsync(
        NpgsqlConnection connection, BatchId batch, int? township, int skip, int take) =>
        [.. await connection.QueryAsync<ListedVoucher>(
            Columns + OfBatch + InDeliveryOrder + " offset @skip limit @take",
            new { batch, township, skip, take })];

    /// <summary>All that <see cref="ListAsync"/> would give, one after the other from one statement.</summary>
    public static async IAsyncEnumerable<ListedVoucher> AllAsync(NpgsqlDataSource database, BatchId batch, int? township)
    {
        await using var connection = await database.OpenConnectionAsync();
        var vouchers = connection.QueryUnbufferedAsync<ListedVoucher>(Columns + OfBatch + InDeliveryOrder, new { batch, township });
        await foreach (var voucher in vouchers) yield return voucher;
    }

    public static Task<int> CountAsync(NpgsqlConnection connection, BatchId batch, int? township) =>
        connection.ExecuteScalarAsync<int>("""
            select count(*)::int from voucher v join person p on p.id = v.person_id
            where v.batch_id = @batch and (@township is null or p.township_code = @township)
            """, new { batch, township });

    /// <summary>Vouchers that are good to hand out or print: neither void nor replaced nor expired, by township in the order of delivery.</summary>
    public static async Task<IReadOnlyList<(VoucherId Id, int? Township, string? TownshipName)>> UsableAsync(
        NpgsqlConnection connection, BatchId batch, int? township, DateOnly today) =>
        [.. await connection.QueryAsync<(VoucherId, int?, string?)>("""
            select v.id, p.township_code, t.name
            from voucher v
            join person p on p.id = v.person_id
            left join township t on t.code = p.township_code
            where v.batch_id = @batch and (v.state = 3 or v.state in (1, 2) and v.valid_until >= @today) and (@township is null or p.township_code = @township)
            """ + InDeliveryOrder, new { batch, township, today })];

    /// <summary>Townships that the batch reaches, with the number of vouchers still to be handed over.</summary>
    public static async Task<IReadOnlyList<BatchTownship>> TownshipsAsync(NpgsqlConnection connection, BatchId batch) =>
        [.. await connection.QueryAsync<BatchTownship>("""
            select p.township_code as code, t.name, count(*)::int as vouchers, (count(*) filter (where v.state = 1))::int as to_hand_over
            from voucher v
            join person p on p.id = v.person_id
            left join township t on t.code = p.township_code
            where v.batch_id = @batch and v.state <> 7
            group by p.township_code, t.name
            order by p.township_code nulls last
            """, new { batch })];
}

/// <param name="Code"><c>null</c> for people without a township.</param>
public sealed record BatchTownship(int? Code, string? Name, int Vouchers, int ToHandOver);
