namespace Voucher.Server.Register.Importing;

/// <summary>Reads from the change history what an import did, and to whom.</summary>
public sealed class UndoStore(NpgsqlDataSource database, County county)
{
    /// <summary>People after the given one, with the reason why what was done to them stays (<see cref="UndoKept"/>).</summary>
    private const string Touched = """
        select t.person_id as id, p.name, p.id_number_masked, t.is_added,
               case when p.withdrawn_at is not null then 4
                    when p.changes > t.last then 1
                    when exists (
                        select from register_import i where i.id = any(p.imports) and i.id <> @import and i.status not in (9, 10)
                          and array_position(p.imports, i.id) > coalesce(array_position(p.imports, @import), 0)) then 5
                    when not t.is_added then 0
                    when exists (select from voucher v where v.person_id = p.id) then 2
                    when exists (select from batch_person m join batch b on b.id = m.batch_id where m.person_id = p.id and b.status in (1, 2)) then 3
                    when exists (select from person q where q.merged_into = p.id) then 6
                    else 0 end as kept
        from (
            select person_id, max(number) as last, bool_or(field = 1 or field = 17) as is_added
            from person_change where import_id = @import and person_id > @after group by person_id order by person_id limit @take) t
        join person p on p.id = t.person_id and p.region = @Region
        order by t.person_id
        """;

    /// <summary>What an undo would come to now.</summary>
    public async Task<UndoReport> ForeseeAsync(long import)
    {
        await using var connection = await database.OpenConnectionAsync();
        var (after, sofar) = await connection.QuerySingleOrDefaultAsync<(long, string?)>(
            "select coalesce(undo_after, 0), undo_report::text from register_import where region = @Region and id = @import", new { county.Region, import });
        var report = sofar is null ? UndoReport.Nothing : UndoReport.FromJson(sofar);
        while (true)
        {
            var people = await TouchedAsync(connection, null, import, after);
            report = report.With(people);
            if (people.Count < UploadLimits.ChunkRows) return report;
            after = people[^1].Id.Value;
        }
    }

    /// <summary>What was undone; <c>null</c> while nothing was.</summary>
    public async Task<UndoReport?> ReportAsync(long import)
    {
        await using var connection = await database.OpenConnectionAsync();
        var report = await connection.ExecuteScalarAsync<string?>(
            "select undo_report::text from register_import where region = @Region and id = @import and status = 10", new { county.Region, import });
        return report is null ? null : UndoReport.FromJson(report);
    }

    public async Task<IReadOnlyList<TouchedPerson>> TouchedAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, long import, long after) =>
        [.. await connection.QueryAsync<TouchedPerson>(Touched, new { county.Region, import, after, take = UploadLimits.ChunkRows }, transaction)];

    /// <summary>Of whom the import stays, for good: the report names only the first of them.</summary>
    public Task KeepAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long import, IEnumerable<TouchedPerson> people)
    {
        var kept = people.Where(person => person.Kept != UndoKept.No).ToList();
        return connection.ExecuteAsync("""
            insert into import_kept (import_id, person_id, why) select @import, id, why from unnest(@ids, @whys) as kept (id, why)
            """, new { import, ids = kept.Select(person => person.Id.Value).ToArray(), whys = kept.Select(person => (short)person.Kept).ToArray() }, transaction);
    }

    /// <summary>
    /// Everybody of whom the import stays, by their number: as it was found when it was undone, and beyond where an undo has
    /// come as it would be found now. Who and why is of one moment; names are read page by page while the file is written.
    /// </summary>
    public async IAsyncEnumerable<KeptPerson> KeptAsync(long import)
    {
        foreach (var page in (await WhoIsKeptAsync(import)).Chunk(Spreadsheets.PagedRows.PageSize))
        {
            List<KeptPerson> people;
            await using (var connection = await database.OpenConnectionAsync())
            {
                people = (await connection.QueryAsync<KeptPerson>("""
                    select p.id, p.name, p.id_number_masked, k.why
                    from unnest(@ids, @whys) as k (id, why) join person p on p.id = k.id and p.region = @Region order by p.id
                    """, new { county.Region, ids = page.Select(kept => kept.Id).ToArray(), whys = page.Select(kept => kept.Why).ToArray() })).AsList();
            }
            foreach (var person in people) yield return person;
        }
    }

    /// <summary>Numbers and reasons only: no transaction is left open for as long as somebody's download takes.</summary>
    private async Task<IReadOnlyList<(long Id, int Why)>> WhoIsKeptAsync(long import)
    {
        await using var connection = await database.OpenConnectionAsync();
        // Of one moment: an undo that goes on meanwhile moves people from the one part to the other.
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        var kept = (await connection.QueryAsync<(long Id, int Why)>("""
            select k.person_id, k.why::int from import_kept k join register_import i on i.id = k.import_id and i.region = @Region
            where k.import_id = @import order by k.person_id
            """, new { county.Region, import }, transaction)).AsList();
        var (isUndone, after) = await connection.QuerySingleOrDefaultAsync<(bool, long)>(
            "select status = 10, coalesce(undo_after, 0) from register_import where region = @Region and id = @import", new { county.Region, import }, transaction);
        while (!isUndone)
        {
            var people = await TouchedAsync(connection, transaction, import, after);
            kept.AddRange(people.Where(person => person.Kept != UndoKept.No).Select(person => (person.Id.Value, (int)person.Kept)));
            if (people.Count < UploadLimits.ChunkRows) break;
            after = people[^1].Id.Value;
        }
        return kept;
    }

    /// <summary>
    /// Nobody changes them while the undo looks. Who is put into a batch in this moment is judged again before it is issued, and
    /// has left by then; an enrolment does not wait.
    /// </summary>
    public Task LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long import, long after) =>
        connection.ExecuteAsync("""
            select from person where id in (
                select distinct person_id from person_change where import_id = @import and person_id > @after order by person_id limit @take)
            order by id for no key update
            """, new { import, after, take = UploadLimits.ChunkRows }, transaction);

    /// <summary>Fields as they were before the import, of the people by id.</summary>
    public async Task<ILookup<long, (PersonField Field, string Before, byte[]? Sealed)>> BeforeAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long import, IEnumerable<PersonId> people)
    {
        var rows = await connection.QueryAsync<(long Person, short Field, string Before, byte[]? Sealed)>("""
            select person_id, field, before, before_sealed from person_change
            where region = @Region and import_id = @import and person_id = any(@ids) and field between 2 and 15 order by person_id, number desc
            """, new { county.Region, import, ids = people.Select(person => person.Value).ToArray() }, transaction);
        return rows.ToLookup(row => row.Person, row => ((PersonField)row.Field, row.Before, row.Sealed));
    }

    /// <summary>Those of the people whom the import put on its list leave it, unless another import has them on it too.</summary>
    public Task UnlistAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long import, IEnumerable<long> people) =>
        connection.ExecuteAsync(Unlist("m.person_id = any(@people)"), new { import, people = people.ToArray() }, transaction);

    /// <summary>The same for those on the list whom the import had found as they were.</summary>
    public Task UnlistUntouchedAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long import) =>
        connection.ExecuteAsync(
            Unlist("not exists (select from person_change c where c.import_id = @import and c.person_id = m.person_id)"), new { import }, transaction);

    private static string Unlist(string whom) => $"""
        update person_list_member m set import_id = coalesce((
            select max(i.id) from register_import i join person p on p.id = m.person_id
            where i.id = any(p.imports) and i.id <> @import and i.list_id = m.list_id and i.status not in (9, 10)), m.import_id)
        where m.import_id = @import and {whom};
        delete from person_list_member m where m.import_id = @import and {whom}
        """;

    /// <summary>
    /// Rows of the import that still wait for a decision are closed without one; where another import has the same row, the
    /// case goes on with that.
    /// </summary>
    public Task CloseCasesAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long import, UndoOrder order, DateTimeOffset now) =>
        connection.ExecuteAsync("""
            delete from duplicate_case_row where import_id = @import;
            update duplicate_case c set import_id = other.import_id, row_number = other.row_number, row_sealed = other.row_sealed
            from (select distinct on (case_id) case_id, import_id, row_number, row_sealed from duplicate_case_row order by case_id, import_id) other
            where c.import_id = @import and c.decision is null and other.case_id = c.id;
            delete from duplicate_case_row r using duplicate_case c where c.id = r.case_id and c.import_id = r.import_id;
            update duplicate_case set decision = 5, reason = @Reason, decided_by = @By, decided_at = @now, row_sealed = null
            where import_id = @import and decision is null
            """, new { import, order.Reason, order.By, now }, transaction);
}
