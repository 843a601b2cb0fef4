using Voucher.Core.OfflineLists;

namespace Voucher.Server.OfflineLists;

/// <summary>The newest list as it is stored.</summary>
/// <param name="AsOf">Every change that was committed by then is in it.</param>
/// <param name="WholeAt">When it was last compared with all vouchers.</param>
public sealed record StoredList(long Counter, DateTimeOffset MadeAt, DateTimeOffset AsOf, DateTimeOffset WholeAt, byte[] Content);

/// <param name="Serials">Those whose status may have changed since the previous list.</param>
public sealed record StoredDelta(long Counter, long Previous, int[] Serials);

/// <summary>Reads from the vouchers what the status list says, and keeps the list.</summary>
public static class StatusListStore
{
    private const long SerialMask = uint.MaxValue;

    public static Task<StoredList?> ReadAsync(NpgsqlConnection connection, RegionCode region, NpgsqlTransaction? transaction = null) =>
        connection.QuerySingleOrDefaultAsync<StoredList?>(
            "select counter, made_at, as_of, whole_at, content from status_list where region = @region", new { region }, transaction);

    /// <summary>Counter and as-of alone: what a server asks again and again.</summary>
    public static Task<(long Counter, DateTimeOffset AsOf)?> LookAsync(NpgsqlConnection connection, RegionCode region) =>
        connection.QuerySingleOrDefaultAsync<(long, DateTimeOffset)?>("select counter, as_of from status_list where region = @region", new { region });

    /// <summary>Oldest first.</summary>
    public static async Task<IReadOnlyList<StoredDelta>> DeltasAsync(NpgsqlConnection connection, RegionCode region) =>
        [.. (await connection.QueryAsync<(long Counter, long Previous, int[] Serials)>(
            "select counter, previous, serials from status_list_delta where region = @region order by counter", new { region }))
            .Select(row => new StoredDelta(row.Counter, row.Previous, row.Serials))];

    /// <summary>Serials 0 to this − 1 have been given out.</summary>
    public static Task<long> CountAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region) =>
        connection.ExecuteScalarAsync<long>(
            "select coalesce((select (id & @SerialMask) + 1 from voucher where id between @first and @last order by id desc limit 1), 1)",
            new { SerialMask, first = First(region), last = Last(region) }, transaction);

    /// <summary>The vouchers that something happened to since: by their events, and by scans that came late and happened earlier.</summary>
    public static async Task<IReadOnlyList<StatusChange>> ChangedAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, DateTimeOffset since)
    {
        var rows = await connection.QueryAsync<(long Serial, short State)>("""
            select v.id & @SerialMask, v.state
            from voucher v
            where v.id between @first and @last and v.id in (
                select voucher_id from voucher_event where at >= @since and from_state <> to_state
                union
                select voucher_id from scan where received_at >= @since and refusal = 0 and mode in (1, 4) and voucher_id is not null)
            order by v.id
            """, new { SerialMask, since, first = First(region), last = Last(region) }, transaction);
        return [.. rows.Select(row => Change(row.Serial, row.State))];
    }

    /// <summary>Every voucher that is not usable.</summary>
    public static async Task<IReadOnlyList<StatusChange>> WholeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region)
    {
        List<StatusChange> found = [];
        await using var command = new NpgsqlCommand(
            "select (id & $3)::bigint, state from voucher where id between $1 and $2 and state >= 3", connection, transaction);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = First(region) });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = Last(region) });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = SerialMask });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) found.Add(Change(reader.GetInt64(0), reader.GetInt16(1)));
        return found;
    }

    /// <summary>Nothing has changed: the list that is there is as good as one made now.</summary>
    public static Task ConfirmAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, DateTimeOffset asOf, DateTimeOffset wholeAt) =>
        connection.ExecuteAsync(
            "update status_list set as_of = @asOf, whole_at = @wholeAt where region = @region", new { region, asOf, wholeAt }, transaction);

    public static Task SaveAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, StoredList list) =>
        connection.ExecuteAsync("""
            insert into status_list (region, counter, made_at, as_of, whole_at, content)
            values (@region, @Counter, @MadeAt, @AsOf, @WholeAt, @Content)
            on conflict (region) do update
            set counter = excluded.counter, made_at = excluded.made_at, as_of = excluded.as_of, whole_at = excluded.whole_at, content = excluded.content
            """, new { region, list.Counter, list.MadeAt, list.AsOf, list.WholeAt, list.Content }, transaction);

    /// <summary>Adds the newest step and lets go of those before the newest <paramref name="keep"/>.</summary>
    public static Task SaveAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, StoredDelta delta, int keep) =>
        connection.ExecuteAsync("""
            insert into status_list_delta (region, counter, previous, serials) values (@region, @Counter, @Previous, @Serials);
            delete from status_list_delta where region = @region and counter < (
                select min(counter) from (select counter from status_list_delta where region = @region order by counter desc limit @keep) newest)
            """, new { region, delta.Counter, delta.Previous, delta.Serials, keep }, transaction);

    public static Task ClearStepsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region) =>
        connection.ExecuteAsync("delete from status_list_delta where region = @region", new { region }, transaction);

    private static long First(RegionCode region) => new VoucherId(region, 0).Value;

    private static long Last(RegionCode region) => new VoucherId(region, uint.MaxValue).Value;

    private static StatusChange Change(long serial, short state) => new(checked((int)serial), VoucherStatuses.Of((VoucherState)state));
}
