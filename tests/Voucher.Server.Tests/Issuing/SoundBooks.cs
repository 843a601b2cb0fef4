using Dapper;

namespace Voucher.Server.Tests.Issuing;

/// <summary>What must hold after whatever happened to vouchers: the ledger and the vouchers agree, and every state has its event.</summary>
public static class SoundBooks
{
    public static async Task AssertAsync(CountyAtRest county)
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>("""
            select (select coalesce(sum(balance_fen), 0) from ledger_account where kind = 3)
                 - (select coalesce(sum(face_value_fen), 0) from voucher where is_reserved)
                 - (select coalesce(sum(face_value_fen * (people - written)), 0) from batch where status = 2)
            """));
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>("select coalesce(sum(amount_fen), 0) from ledger_posting"));
        Assert.Equal(0, await connection.ExecuteScalarAsync<int>("""
            select count(*)::int from (
                select from_state, lag(to_state) over (partition by voucher_id order by number) as before from voucher_event) chain
            where before <> from_state
            """));
        Assert.Equal(0, await connection.ExecuteScalarAsync<int>("""
            select count(*)::int from voucher v left join voucher_event e on e.voucher_id = v.id and e.number = v.events
            where e.to_state is distinct from v.state
            """));
    }
}
