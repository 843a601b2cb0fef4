namespace Voucher.Server.Register.Duplicates;

/// <summary>Which cases are wanted.</summary>
public enum CaseFilter
{
    Open = 0,
    Decided = 1,
}

/// <summary>Reads the queue of doubts.</summary>
public sealed class DuplicateStore(NpgsqlDataSource database, County county, TimeProvider clock)
{
    private sealed record Row(
        long Id, int Kind, long? ImportId, string? FileName, int? RowNumber, string? RowName, string? RowNumberMasked, DateTimeOffset OpenedAt,
        int? Decision, string? Reason, string? DecidedBy, DateTimeOffset? DecidedAt,
        long? PersonId, string? Name, string? Masked, string? Township, string? Phone, int? Live,
        long? OtherId, string? OtherName, string? OtherMasked, string? OtherTownship, string? OtherPhone, int? OtherLive);

    private const string Select = $"""
        select c.id, c.kind::int as kind, c.import_id, i.file_name, c.row_number, c.row_name, c.row_number_masked, c.opened_at,
               c.decision::int as decision, c.reason,
               (select s.name from account a join staff s on s.id = a.staff_id where a.id = c.decided_by) as decided_by, c.decided_at,
               p.id as person_id, p.name, p.id_number_masked as masked, t.name as township, p.phone_masked as phone,
               (select {LiveVouchers.Of} from (select p.id) as h (person_id)) as live,
               q.id as other_id, q.name as other_name, q.id_number_masked as other_masked, u.name as other_township, q.phone_masked as other_phone,
               (select {LiveVouchers.Of} from (select q.id) as h (person_id)) as other_live
        from duplicate_case c
        left join person p on p.id = c.person_id left join township t on t.code = p.township_code
        left join person q on q.id = c.other_id left join township u on u.code = q.township_code
        left join register_import i on i.id = c.import_id
        where c.region = @Region
        """;

    public async Task<(IReadOnlyList<DuplicateCase> Cases, int Total)> PageAsync(CaseFilter filter, DuplicateKind? kind, int page, int size, int? skip = null)
    {
        await using var connection = await database.OpenConnectionAsync();
        var terms = new { county.Region, isOpen = filter == CaseFilter.Open, kind = (short?)kind, skip = skip ?? (long)(page - 1) * size, size, today = Today };
        const string narrowed = "and (c.decision is null) = @isOpen and (@kind::smallint is null or c.kind = @kind)";
        var total = await connection.ExecuteScalarAsync<int>($"select count(*) from duplicate_case c where c.region = @Region {narrowed}", terms);
        var rows = await connection.QueryAsync<Row>(
            $"{Select} {narrowed} order by case when c.decision is null then c.id else -c.id end offset @skip limit @size", terms);
        return ([.. rows.Select(Read)], total);
    }

    /// <summary>How many cases of each kind wait.</summary>
    public async Task<IReadOnlyDictionary<DuplicateKind, int>> CountsAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        var counts = await connection.QueryAsync<(int Kind, int Count)>(
            "select kind::int, count(*)::int from duplicate_case where region = @Region and decision is null group by kind", new { county.Region });
        return counts.ToDictionary(row => (DuplicateKind)row.Kind, row => row.Count);
    }

    /// <summary>
    /// Pairs of people who may be one: of the same name, sex and birth date, and with the same phone or in the same household.
    /// Nobody is asked again about a pair that was decided.
    /// </summary>
    public async Task<IReadOnlyList<(long First, long Second)>> DoublesAsync(int most)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<(long, long)>("""
            select p.id, q.id from person p
            join person q on q.region = p.region and q.name = p.name and q.birth_date = p.birth_date and q.is_male = p.is_male and q.id > p.id
            where p.region = @Region and p.withdrawn_at is null and q.withdrawn_at is null and not p.is_bait and not q.is_bait
              and (p.phone_masked <> '' and p.phone_masked = q.phone_masked or p.household_number = q.household_number)
              and not exists (select from duplicate_case c where c.kind = 4 and c.person_id = p.id and c.other_id = q.id)
            order by p.id, q.id limit @most
            """, new { county.Region, most })];
    }

    public async Task<int> OpenPairsAsync(IReadOnlyList<(long First, long Second, byte[] Content)> pairs, AccountId by, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var opened = await connection.ExecuteAsync("""
            insert into duplicate_case (region, kind, person_id, other_id, content, opened_at)
            select @Region, 4, first, second, content, @now from unnest(@firsts, @seconds, @contents) as pair (first, second, content)
            on conflict (region, content) where decision is null do nothing
            """,
            new
            {
                county.Region, now,
                firsts = pairs.Select(pair => pair.First).ToArray(),
                seconds = pairs.Select(pair => pair.Second).ToArray(),
                contents = pairs.Select(pair => pair.Content).ToArray(),
            }, transaction);
        await AuditTrail.AppendAsync(connection, transaction, now, by, "duplicate.search", $"region:{county.Region}", $"{opened} pairs",
            Ground.Under(Permission.DecideDuplicate));
        await transaction.CommitAsync();
        return opened;
    }

    private DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());

    private static DuplicateCase Read(Row row) => new(
        row.Id, (DuplicateKind)row.Kind,
        row.PersonId is { } person ? new(new PersonId(person), row.Name!, row.Masked!, row.Township, row.Phone!, row.Live ?? 0) : null,
        row.OtherId is { } other ? new(new PersonId(other), row.OtherName!, row.OtherMasked!, row.OtherTownship, row.OtherPhone!, row.OtherLive ?? 0) : null,
        row.ImportId, row.FileName, row.RowNumber, row.RowName, row.RowNumberMasked, row.OpenedAt,
        (DuplicateDecision?)row.Decision, row.Reason, row.DecidedBy, row.DecidedAt);
}
