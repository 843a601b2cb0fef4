using Voucher.Core.Matching;

namespace Voucher.Server.Register.Matching;

/// <summary>A row of the list that the register may have.</summary>
public sealed record ListedPerson(int Row, byte[] Hash, string Name, string? TownshipText, int? Township);

/// <summary>What is found in a list.</summary>
public sealed record FoundPerson(PersonId Id, byte[] IdNumberHash, string Name, int? TownshipCode);

/// <summary>One hit as it is written.</summary>
public sealed record NewHit(PersonId Person, int Row, string Difference);

/// <summary>
/// The worker's hold on a matching: one at a time in the whole county. Its hits are written in one transaction, so that a list
/// counts as a whole or not at all; what a dead worker wrote is gone with it.
/// </summary>
public sealed class MatchProgressStore : IAsyncDisposable
{
    private const long LockNumber = 0x6d61746368; // "match"
    private readonly NpgsqlConnection _connection;
    private NpgsqlTransaction? _transaction;

    private MatchProgressStore(NpgsqlConnection connection) => _connection = connection;

    /// <summary><c>null</c> while another server or process is matching.</summary>
    public static async Task<MatchProgressStore?> TryHoldAsync(NpgsqlDataSource database, CancellationToken cancel = default)
    {
        var connection = await database.OpenConnectionAsync(cancel);
        if (await connection.ExecuteScalarAsync<bool>("select pg_try_advisory_lock(@LockNumber)", new { LockNumber })) return new MatchProgressStore(connection);
        await connection.DisposeAsync();
        return null;
    }

    /// <summary>The matching with its list, from the beginning; <c>null</c> when it is over.</summary>
    public async Task<UnfinishedMatch?> StartAsync(long id, CancellationToken cancel)
    {
        var match = await _connection.QuerySingleOrDefaultAsync<UnfinishedMatch>("""
            update match_run set status = 2, done_rows = 0 where id = @id and status in (1, 2)
            returning id, source, file_name, content, as_of, is_complete, created_by
            """, new { id });
        if (match is not null) _transaction = await _connection.BeginTransactionAsync(cancel);
        return match;
    }

    /// <summary>Those of the numbers that the register has; one who was merged is whom they were merged into.</summary>
    public async Task<IReadOnlyList<FoundPerson>> FindAsync(RegionCode region, byte[][] hashes) =>
        [.. await _connection.QueryAsync<FoundPerson>("""
            select q.id, p.id_number_hash, q.name, q.township_code
            from person p join person q on q.id = coalesce(p.merged_into, p.id)
            where p.region = @region and p.id_number_hash = any(@hashes) and q.withdrawn_at is null and not q.is_bait
            """, new { region, hashes }, _transaction)];

    /// <summary>A person whom the list names twice is one hit: the first.</summary>
    public Task AddHitsAsync(long run, RegionCode region, MatchSource source, IReadOnlyList<NewHit> hits) =>
        hits.Count == 0 ? Task.CompletedTask : _connection.ExecuteAsync("""
            insert into match_hit (run_id, region, person_id, source, difference, row_number)
            select @run, @region, person, @source, difference, row
            from unnest(@people, @differences, @rows) as hit (person, difference, row)
            on conflict (run_id, person_id) do nothing
            """,
            new
            {
                run, region, source = (short)source,
                people = hits.Select(hit => hit.Person.Value).ToArray(),
                differences = hits.Select(hit => hit.Difference).ToArray(),
                rows = hits.Select(hit => hit.Row).ToArray(),
            }, _transaction);

    public Task AddProblemsAsync(long run, IReadOnlyList<(int Row, Importing.RowProblem Problem)> problems) =>
        problems.Count == 0 ? Task.CompletedTask : _connection.ExecuteAsync("""
            insert into match_problem (run_id, row_number, column_name, reason_zh, reason_en)
            select @run, row, title, zh, en from unnest(@rows, @titles, @zh, @en) as problem (row, title, zh, en)
            on conflict do nothing
            """,
            new
            {
                run,
                rows = problems.Select(problem => problem.Row).ToArray(),
                titles = problems.Select(problem => problem.Problem.Column).ToArray(),
                zh = problems.Select(problem => problem.Problem.Reason.Zh).ToArray(),
                en = problems.Select(problem => problem.Problem.Reason.En).ToArray(),
            }, _transaction);

    /// <summary>From now on the hits count, in the place of what earlier lists of the source said. The list itself is dropped.</summary>
    public async Task FinishAsync(UnfinishedMatch match, RegionCode region, int rows, int notFound, int bad, DateTimeOffset now)
    {
        var run = match.Id;
        var (ended, carried, held) = await MatchSuccessionStore.FollowAsync(_connection, _transaction!, region, match, bad, now);
        await _connection.ExecuteAsync("""
            update match_run r
            set status = 3, done_rows = @rows, rows = @rows, not_found = @notFound, bad = @bad, content = null, finished_at = @now,
                found = h.found, differing = h.differing,
                ended = @ended, carried = @carried, held = @held
            from (select count(*)::int as found, (count(*) filter (where difference <> ''))::int as differing from match_hit where run_id = @run) h
            where r.id = @run and r.status = 2
            """, new { run, rows, notFound, bad, ended, carried, held, now }, _transaction);
        await AuditTrail.AppendAsync(
            _connection, _transaction!, now, match.CreatedBy, "match.finish", $"match:{run}",
            $"{(match.IsComplete ? "complete" : "addition")} unreadable={bad} ended={ended} answered-as-before={carried}{(held > 0 ? $" held={held}" : "")}",
            Ground.Server);
        await _transaction!.CommitAsync(CancellationToken.None);
    }

    /// <summary>Nothing of the list stays but that it could not be matched.</summary>
    public async Task FailAsync(long run, Words failure, DateTimeOffset now)
    {
        if (_transaction is not null) await _transaction.DisposeAsync();
        await _connection.ExecuteAsync("""
            update match_run set status = 4, content = null, finished_at = @now, failure_zh = @Zh, failure_en = @En
            where id = @run and status in (1, 2)
            """, new { run, now, failure.Zh, failure.En });
    }

    public async ValueTask DisposeAsync()
    {
        if (_transaction is not null) await _transaction.DisposeAsync();
        // A pooled connection outlives this hold; a broken one has lost the lock already.
        if (_connection.State == System.Data.ConnectionState.Open)
            await _connection.ExecuteAsync("select pg_advisory_unlock(@LockNumber)", new { LockNumber });
        await _connection.DisposeAsync();
    }
}
