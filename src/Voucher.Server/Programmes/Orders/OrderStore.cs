using Voucher.Core.Programmes;

namespace Voucher.Server.Programmes.Orders;

/// <summary>Employers' orders of the county's programmes.</summary>
public sealed class OrderStore(NpgsqlDataSource database, County county, TimeProvider clock)
{
    /// <summary>More orders of one programme are not shown; the newest come first.</summary>
    public const int MostShown = 50;

    private const string Columns = "o.id, o.programme_id, o.employer, o.employer_uscc, o.post, o.agency, o.size, o.placed_at, o.hired";

    public async Task<IReadOnlyList<ProgrammeOrder>> ListAsync(ProgrammeId programme)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<ProgrammeOrder>($"""
            select {Columns} from programme_order o where o.region = @Region and o.programme_id = @programme
            order by o.id desc limit @MostShown
            """, new { county.Region, programme, MostShown })).AsList();
    }

    /// <summary>The newest order of each open programme: what the public menu shows.</summary>
    public async Task<IReadOnlyList<ProgrammeOrder>> NewestAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<ProgrammeOrder>($"""
            select distinct on (o.programme_id) {Columns} from programme_order o join programme p on p.id = o.programme_id and p.is_open
            where o.region = @Region order by o.programme_id, o.id desc
            """, new { county.Region })).AsList();
    }

    /// <summary>Of those that are taught to an employer; other programmes have none.</summary>
    public async Task<IReadOnlyDictionary<ProgrammeId, OrderCover>> CoverAsync(IEnumerable<ProgrammeId> programmes)
    {
        await using var connection = await database.OpenConnectionAsync();
        var covers = await connection.QueryAsync<OrderCover>($"""
            select p.id as programme_id,
                (select coalesce(sum(o.size), 0) from programme_order o where o.programme_id = p.id) as ordered,
                (select coalesce(sum({OrderCover.TaughtInSql}), 0) from training_class c where c.programme_id = p.id and c.status = 2) as approved,
                @today as today
            from programme p where p.region = @Region and p.id = any(@ids) and p.kind = any(@ToOrder)
            """, new { county.Region, ids = programmes.Select(id => id.Value).Distinct().ToArray(), ToOrder, today = CountyTime.DayOf(clock.GetUtcNow()) });
        return covers.ToDictionary(cover => cover.ProgrammeId);
    }

    private static readonly short[] ToOrder = [.. Enum.GetValues<ProgrammeKind>().Where(kind => kind.NeedsEmployer()).Select(kind => (short)kind)];

    public Task<int> AddAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, ProgrammeId programme, OrderEntry entry, AccountId by, DateTimeOffset now) =>
        connection.QuerySingleAsync<int>("""
            insert into programme_order (region, programme_id, employer, employer_uscc, post, agency, size, placed_by, placed_at)
            values (@Region, @programme, @Employer, @uscc, @Post, @Agency, @Size, @by, @now) returning id
            """,
            new { county.Region, programme, entry.Employer, uscc = entry.EmployerUscc.ToString(), entry.Post, entry.Agency, entry.Size, by, now }, transaction);

    /// <summary>False when the programme has no such order.</summary>
    public async Task<bool> SetHiredAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, ProgrammeId programme, int order, int hired, AccountId by, DateTimeOffset now) =>
        await connection.ExecuteAsync("""
            update programme_order set hired = @hired, hired_by = @by, hired_at = @now
            where id = @order and programme_id = @programme and region = @Region
            """, new { county.Region, programme, order, hired, by, now }, transaction) == 1;
}
