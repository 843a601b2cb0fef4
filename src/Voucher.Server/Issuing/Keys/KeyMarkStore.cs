namespace Voucher.Server.Issuing.Keys;

/// <summary>The marks of the county's secrets, as the first server that had each left them.</summary>
public sealed class KeyMarkStore(NpgsqlDataSource database)
{
    /// <summary>Leaves the marks that are not there yet; returns all that are there now, by file.</summary>
    public async Task<IReadOnlyDictionary<string, byte[]>> LeaveAsync(RegionCode region, IReadOnlyDictionary<string, byte[]> marks, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            insert into key_mark (region, file, mark, left_at)
            select @region, file, mark, @now from unnest(@files, @marks) as given (file, mark)
            on conflict do nothing
            """, new { region, files = marks.Keys.ToArray(), marks = marks.Values.ToArray(), now });
        var known = await connection.QueryAsync<(string File, byte[] Mark)>("select file, mark from key_mark where region = @region", new { region });
        return known.ToDictionary(row => row.File, row => row.Mark);
    }
}
