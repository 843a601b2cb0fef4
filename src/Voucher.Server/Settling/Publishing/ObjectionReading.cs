using Voucher.Core.Settling;

namespace Voucher.Server.Settling.Publishing;

/// <summary>One step of deciding an objection.</summary>
public sealed record ObjectionStepTaken(long ObjectionId, ObjectionStep Step, string Reason, string By, DateTimeOffset At);

/// <summary>What was paid for a voucher before an objection against it was upheld, or is with the bank: it is left for a recovery.</summary>
public sealed record ObjectionSent(long ObjectionId, VoucherId Voucher, Fen Amount);

/// <summary>An objection as those who decide it see it; who objected is asked for by itself.</summary>
/// <param name="Positions">Lines of the list, at most the first 20.</param>
public sealed record ObjectionDetail(
    long Id, long PublicationId, string Heading, ObjectionChannel Channel, string Said, bool HasObjector, int Lines, string Positions,
    DateTimeOffset ReceivedAt, string? ReceivedBy, DateOnly DueOn, ObjectionState State, bool? ProposesUpheld, DateTimeOffset? DecidedAt)
{
    public IReadOnlyList<ObjectionStepTaken> Steps { get; init; } = [];

    /// <summary>Of an upheld one; what a recovery has been proposed for is no longer among it.</summary>
    public IReadOnlyList<ObjectionSent> Sent { get; init; } = [];

    public Fen SentTotal => Sent.Aggregate(Fen.Zero, (sum, one) => sum + one.Amount);

    public string Number => NumberOf(Id);

    public bool IsOpen => State is ObjectionState.Open or ObjectionState.Proposed;

    /// <summary>异议编号: YY000007.</summary>
    public static string NumberOf(long id) => $"YY{id:000000}";
}

/// <summary>Reads objections for the county.</summary>
public sealed class ObjectionReading(NpgsqlDataSource database, County county)
{
    private const string Select = """
        select o.id, o.publication_id, p.heading, o.channel, o.said, o.objector_sealed is not null as has_objector, o.lines,
               (select string_agg(x.position::text, ', ' order by x.position)
                from (select l.position from objection_line i join publication_line l on l.payable_id = i.payable_id where i.objection_id = o.id order by 1 limit 20) x) as positions,
               o.received_at, w.name as received_by, o.due_on, o.state, o.proposes_upheld, o.decided_at
        from objection o
        join publication p on p.id = o.publication_id
        left join staff w on w.id = o.received_by_staff
        where o.region = @region
        """;

    /// <summary>Open ones by their deadline, or decided ones newest first.</summary>
    public async Task<IReadOnlyList<ObjectionDetail>> ListAsync(bool open, int skip, int take)
    {
        await using var connection = await database.OpenConnectionAsync();
        var order = open ? "and o.state in (1, 2) order by o.due_on, o.id" : "and o.state in (3, 4) order by o.id desc";
        return await WithStepsAsync(connection, [.. await connection.QueryAsync<ObjectionDetail>(
            $"{Select} {order} offset @skip limit @take", new { region = county.Region, skip, take })]);
    }

    public async Task<ObjectionDetail?> FindAsync(long id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await WithStepsAsync(connection, [.. await connection.QueryAsync<ObjectionDetail>(
            $"{Select} and o.id = @id", new { region = county.Region, id })])).SingleOrDefault();
    }

    public async Task<int> CountOpenAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>("select count(*)::int from objection where region = @Region and state in (1, 2)", new { county.Region });
    }

    private static async Task<IReadOnlyList<ObjectionDetail>> WithStepsAsync(NpgsqlConnection connection, IReadOnlyList<ObjectionDetail> found)
    {
        var steps = (await connection.QueryAsync<ObjectionStepTaken>("""
            select s.objection_id, s.step, s.reason, w.name as by, s.at from objection_step s join staff w on w.id = s.staff_id
            where s.objection_id = any(@ids) order by s.objection_id, s.number
            """, new { ids = found.Select(one => one.Id).ToArray() })).ToLookup(step => step.ObjectionId);
        var sent = await SentAsync(connection, [.. found.Where(one => one.State == ObjectionState.Upheld).Select(one => one.Id)]);
        return [.. found.Select(one => one with { Steps = [.. steps[one.Id]], Sent = [.. sent[one.Id]] })];
    }

    private static async Task<ILookup<long, ObjectionSent>> SentAsync(NpgsqlConnection connection, long[] upheld)
    {
        if (upheld.Length == 0) return Array.Empty<ObjectionSent>().ToLookup(one => one.ObjectionId);
        return (await connection.QueryAsync<ObjectionSent>("""
            with meant as (
                select distinct i.objection_id, coalesce(l.voucher_id, a.voucher_id) as voucher
                from objection_line i
                join payable z on z.id = i.payable_id
                left join claim_line l on l.id = z.claim_line_id
                left join allowance a on a.id = z.allowance_id
                where i.objection_id = any(@upheld))
            select m.objection_id, m.voucher, sum(y.amount_fen)::bigint as amount
            from meant m
            join payable y on y.state in (2, 3)
                and (y.claim_line_id in (select id from claim_line where voucher_id = m.voucher) or y.allowance_id in (select id from allowance where voucher_id = m.voucher))
            where not exists (
                select from recovery_line k join recovery r on r.id = k.recovery_id and r.state in (1, 2, 3)
                where k.payable_id = y.id or k.claim_line_id = y.claim_line_id and y.kind <> 3)
            group by m.objection_id, m.voucher order by m.objection_id, m.voucher
            """, new { upheld })).ToLookup(one => one.ObjectionId);
    }
}
