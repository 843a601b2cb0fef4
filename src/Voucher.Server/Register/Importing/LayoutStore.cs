namespace Voucher.Server.Register.Importing;

/// <summary>Remembers by its header what the columns of a file are.</summary>
public sealed class LayoutStore(NpgsqlDataSource database, PersonalData personalData, County county)
{
    /// <summary>What was said of files with these titles; <c>null</c> when nobody has been asked yet.</summary>
    public async Task<ColumnChoice?> FindAsync(IReadOnlyList<string> titles)
    {
        await using var connection = await database.OpenConnectionAsync();
        var columns = await connection.QuerySingleOrDefaultAsync<string>(
            "select columns::text from import_layout where region = @Region and layout = @layout", new { county.Region, layout = HashOf(titles) });
        return columns is null ? null : ColumnChoice.FromJson(columns);
    }

    public Task RememberAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<string> titles, ColumnChoice choice, AccountId by, DateTimeOffset now) =>
        connection.ExecuteAsync("""
            insert into import_layout (region, layout, columns, said_by, said_at) values (@Region, @layout, @columns::jsonb, @by, @now)
            on conflict (region, layout) do update set columns = excluded.columns, said_by = excluded.said_by, said_at = excluded.said_at
            """, new { county.Region, layout = HashOf(titles), columns = choice.ToJson(), by, now }, transaction);

    /// <summary>Keyed, since a file without a header would be known by somebody's name.</summary>
    private byte[] HashOf(IReadOnlyList<string> titles) =>
        personalData.ContentHash("layout\u001f" + string.Join('\u001f', titles.Select(RegisterColumns.Plain)));
}
