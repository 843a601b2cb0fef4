namespace Voucher.Server.Register.Duplicates;

/// <summary>Opens cases while an import runs, in the import's own transaction.</summary>
public static class DoubtStore
{
    /// <summary>The last decision on each of the doubts, by its content in hex; none where nobody has decided, or somebody is about to, or an undo has closed it.</summary>
    public static async Task<Dictionary<string, EarlierDecision>> EarlierAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, byte[][] contents)
    {
        if (contents.Length == 0) return [];
        var decided = await connection.QueryAsync<(byte[] Content, long Id, int? Decision)>("""
            select distinct on (content) content, id, decision::int from duplicate_case
            where region = @region and content = any(@contents) and decision is distinct from 5 order by content, id desc
            """, new { region, contents }, transaction);
        return decided.Where(row => row.Decision is not null)
            .ToDictionary(row => Convert.ToHexString(row.Content), row => new EarlierDecision(row.Id, (DuplicateDecision)row.Decision!.Value));
    }

    /// <summary>The same doubt that waits already is not opened twice; the case keeps the row of each import that has it.</summary>
    public static Task OpenAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, long import, IReadOnlyList<NewCase> cases, SealedRow seal, DateTimeOffset now) =>
        cases.Count == 0 ? Task.CompletedTask : connection.ExecuteAsync("""
            insert into duplicate_case (region, kind, person_id, import_id, row_number, row_name, row_number_masked, row_sealed, content, opened_at)
            select @region, kind, person, @import, row, name, masked, sealed, content, @now
            from unnest(@kinds, @people, @rows, @names, @masked, @rowsSealed, @contents) as new (kind, person, row, name, masked, sealed, content)
            on conflict (region, content) where decision is null do nothing;
            insert into duplicate_case_row (case_id, import_id, region, row_number, row_sealed)
            select c.id, @import, @region, new.row, new.sealed
            from unnest(@rows, @rowsSealed, @contents) as new (row, sealed, content)
            join duplicate_case c on c.region = @region and c.content = new.content and c.decision is null and c.import_id <> @import
            on conflict do nothing
            """,
            new
            {
                region, import, now,
                kinds = cases.Select(one => (short)one.Doubt).ToArray(),
                people = cases.Select(one => one.Known?.Value).ToArray(),
                rows = cases.Select(one => one.Row).ToArray(),
                names = cases.Select(one => one.Statement.Name).ToArray(),
                masked = cases.Select(one => one.Statement.Number.Masked()).ToArray(),
                rowsSealed = cases.Select(one => seal.Seal(one.Statement)).ToArray(),
                contents = cases.Select(one => one.Content).ToArray(),
            }, transaction);
}
