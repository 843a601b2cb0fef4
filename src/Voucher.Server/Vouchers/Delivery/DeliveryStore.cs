namespace Voucher.Server.Vouchers.Delivery;

/// <summary>Records of what went with vouchers; appended once a voucher, never changed.</summary>
public static class DeliveryStore
{
    public static async Task<DeliveryRecord?> FindAsync(NpgsqlConnection connection, VoucherId voucher) =>
        await connection.QuerySingleOrDefaultAsync<DeliveryRecord>("""
            select d.items, d.is_signed, s.name as by, d.at
            from delivery d join account a on a.id = d.account_id join staff s on s.id = a.staff_id
            where d.voucher_id = @voucher
            """, new { voucher });

    /// <summary>Returns how many were new; a voucher that has its record keeps it.</summary>
    public static Task<int> AddAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, IEnumerable<VoucherId> vouchers,
        DeliveryItems items, bool isSigned, AccountId by, DateTimeOffset now) =>
        connection.ExecuteAsync("""
            insert into delivery (voucher_id, region, items, is_signed, account_id, at)
            select id, @region, @items, @isSigned, @by, @now from unnest(@ids) as id
            on conflict (voucher_id) do nothing
            """,
            new { region, ids = vouchers.Select(voucher => voucher.Value).ToArray(), items = (short)items, isSigned, by, now }, transaction);
}
