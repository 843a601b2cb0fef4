namespace Voucher.Server.Issuing;

/// <summary>A voucher that is good to hand out or print, with its bundle.</summary>
public sealed record UsableVoucher(VoucherId Id, int? Township, string? TownshipName, long? Village, string? VillageName);

/// <summary>The vouchers of a batch, in the order of delivery.</summary>
public static class BatchVoucherStore
{
    private const string Columns = """
        select v.id, v.state, v.in_conflict, v.valid_until, v.short_code, v.token, p.name as holder, t.name as township
        from voucher v
        join person p on p.id = v.person_id
        left join township t on t.code = p.township_code

        """;

    private const string Within = """
        where v.batch_id = @batch
            and (@township::int is null or p.township_code = @township) and (@village::bigint is null or p.village_code = @village)
        """;

    private const string InDeliveryOrder = " order by p.township_code nulls last, p.village_code nulls last, p.household_place, p.name, v.id";

    /// <param name="township">Only this one; <c>null</c> for all.</param>
    /// <param name="village">Only this one; <c>null</c> for all.</param>
    public static async Task<IReadOnlyList<ListedVoucher>> ListAsync(
        NpgsqlConnection connection, BatchId batch, int? township, int skip, int take, long? village = null) =>
        [.. await connection.QueryAsync<ListedVoucher>(
            Columns + Within + InDeliveryOrder + " offset @skip limit @take", new { batch, township, village, skip, take })];

    /// <summary>All that <see cref="ListAsync"/> would give, one after the other from one statement.</summary>
    public static async IAsyncEnumerable<ListedVoucher> AllAsync(NpgsqlDataSource database, BatchId batch, int? township, long? village = null)
    {
        await using var connection = await database.OpenConnectionAsync();
        var vouchers = connection.QueryUnbufferedAsync<ListedVoucher>(Columns + Within + InDeliveryOrder, new { batch, township, village });
        await foreach (var voucher in vouchers) yield return voucher;
    }

    public static Task<int> CountAsync(NpgsqlConnection connection, BatchId batch, int? township, long? village = null) =>
        connection.ExecuteScalarAsync<int>(
            "select count(*)::int from voucher v join person p on p.id = v.person_id " + Within, new { batch, township, village });

    /// <summary>Vouchers that are good to hand out or print: neither void nor replaced nor expired, by township and village in the order of delivery.</summary>
    public static async Task<IReadOnlyList<UsableVoucher>> UsableAsync(
        NpgsqlConnection connection, BatchId batch, int? township, DateOnly today, long? village = null) =>
        [.. await connection.QueryAsync<UsableVoucher>("""
            select v.id, p.township_code as township, t.name as township_name, p.village_code as village, g.name as village_name
            from voucher v
            join person p on p.id = v.person_id
            left join township t on t.code = p.township_code
            left join village g on g.code = p.village_code

            """ + Within + " and (v.state = 3 or v.state in (1, 2) and v.valid_until >= @today)" + InDeliveryOrder,
            new { batch, township, village, today })];

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

    /// <summary>Villages of one township that the batch reaches.</summary>
    public static async Task<IReadOnlyList<BatchVillage>> VillagesAsync(NpgsqlConnection connection, BatchId batch, int township) =>
        [.. await connection.QueryAsync<BatchVillage>("""
            select p.village_code as code, g.name, count(*)::int as vouchers, (count(*) filter (where v.state = 1))::int as to_hand_over
            from voucher v
            join person p on p.id = v.person_id
            join village g on g.code = p.village_code
            where v.batch_id = @batch and v.state <> 7 and p.township_code = @township
            group by p.village_code, g.name
            order by p.village_code
            """, new { batch, township })];
}

/// <param name="Code"><c>null</c> for people without a township.</param>
public sealed record BatchTownship(int? Code, string? Name, int Vouchers, int ToHandOver);

public sealed record BatchVillage(long Code, string Name, int Vouchers, int ToHandOver);
