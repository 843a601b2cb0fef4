using Voucher.Core.Matching;

namespace Voucher.Server.Register.Matching;

/// <summary>Lists that were matched, and who was found in them.</summary>
public sealed class MatchStore(NpgsqlDataSource database, County county)
{
    private const string State = $"""
        select r.id, r.source, r.file_name, r.as_of, r.is_complete, r.status::int as status, r.rows, r.done_rows, r.found, r.differing, r.not_found, r.bad,
               (select count(*)::int from match_hit h where h.run_id = r.id and {MatchBlockStore.Stands}) as standing, r.ended, r.carried,
               r.notes_zh, r.notes_en, r.failure_zh, r.failure_en, s.name as created_by, r.created_at, r.finished_at,
               r.held, r.confirmed_at, (select cs.name from account ca join staff cs on cs.id = ca.staff_id where ca.id = r.confirmed_by) as confirmed_by, r.confirmed_reason
        from match_run r
        join account a on a.id = r.created_by join staff s on s.id = a.staff_id
        where r.region = @Region
        """;

    private const string HitsOf = $"""
        from match_hit h join person p on p.id = h.person_id left join township t on t.code = p.township_code
        where h.run_id = @run and h.region = @Region and case @filter
            when 1 then h.difference <> '' when 2 then {MatchBlockStore.Stands} when 3 then h.dismissed_at is not null when 4 then h.ended_at is not null else true end
        """;

    /// <param name="content">Sealed.</param>
    public async Task<long> AddAsync(
        MatchSource source, string fileName, DateOnly asOf, bool isComplete, byte[] content, int rows, Words notes, Actor by, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var id = await connection.ExecuteScalarAsync<long>("""
            insert into match_run (region, source, file_name, as_of, is_complete, rows, status, content, notes_zh, notes_en, created_by, created_at)
            values (@Region, @source, @fileName, @asOf, @isComplete, @rows, 1, @content, @Zh, @En, @Account, @now) returning id
            """, new { county.Region, source = (short)source, fileName, asOf, isComplete, rows, content, notes.Zh, notes.En, by.Account, now }, transaction);
        await AuditTrail.AppendAsync(
            connection, transaction, now, by.Account, "register.match", $"match:{id}", $"source={source} asOf={asOf:yyyy-MM-dd} {(isComplete ? "complete" : "addition")} rows={rows}",
            Ground.Under(Permission.RunMatching));
        await transaction.CommitAsync();
        return id;
    }

    public async Task<MatchState?> GetAsync(long id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<MatchState>($"{State} and r.id = @id", new { county.Region, id });
    }

    public async Task<IReadOnlyList<MatchState>> NewestAsync(int count, int skip = 0)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<MatchState>($"{State} order by r.id desc offset @skip limit @count", new { county.Region, count, skip })];
    }

    /// <summary>Oldest first; what was running when a server died comes before what waits.</summary>
    public async Task<long?> NextUnfinishedAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QueryFirstOrDefaultAsync<long?>(
            "select id from match_run where region = @Region and status in (1, 2) order by status desc, id limit 1", new { county.Region });
    }

    /// <summary>For the page only: the hits themselves are written in one transaction at the end.</summary>
    public async Task NoteProgressAsync(long id, int doneRows)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("update match_run set done_rows = @doneRows where id = @id and status = 2", new { id, doneRows });
    }

    public async Task<(IReadOnlyList<MatchHit> Hits, int Total)> HitsAsync(long run, HitFilter filter, int skip, int take)
    {
        await using var connection = await database.OpenConnectionAsync();
        var terms = new { county.Region, run, filter = (int)filter, skip, take };
        var total = await connection.ExecuteScalarAsync<int>($"select count(*) {HitsOf}", terms);
        var hits = await connection.QueryAsync<MatchHit>($"""
            select h.id, h.person_id as person, p.name, p.id_number_masked, t.name as township, h.row_number, h.difference,
                   h.dismissed_at, (select s.name from account a join staff s on s.id = a.staff_id where a.id = h.dismissed_by) as dismissed_by,
                   h.dismissed_reason, h.decided_hit is not null as is_carried, h.ended_at, h.ended_by_run as ended_by,
                   (select r.as_of from match_run r where r.id = h.ended_by_run) as ended_by_as_of
            {HitsOf}
            order by h.row_number nulls last, h.id offset @skip limit @take
            """, terms);
        return ([.. hits], total);
    }

    public async Task<IReadOnlyList<MatchProblem>> ProblemsAsync(long run, int take)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<MatchProblem>("""
            select row_number, column_name, reason_zh, reason_en from match_problem where run_id = @run order by row_number limit @take
            """, new { run, take })];
    }
}
