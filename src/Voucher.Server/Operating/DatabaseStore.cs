namespace Voucher.Server.Operating;

/// <summary>What PostgreSQL says of itself: slow statements, locks, size, replicas. Statement texts come without literals.</summary>
public sealed class DatabaseStore(NpgsqlDataSource database)
{
    /// <summary>A statement that has run longer is slow.</summary>
    public static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(500);

    /// <summary>Sessions, and statements of the statistics, that are shown.</summary>
    public const int MostShown = 20;

    /// <summary>The page must not hang on what it is to explain.</summary>
    private const int TimeoutSeconds = 5;

    public sealed record Session
    {
        public int Pid { get; init; }
        public string Program { get; init; } = "";
        public string State { get; init; } = "";
        public string? Wait { get; init; }

        /// <summary>Since the statement began.</summary>
        public double Seconds { get; init; }

        /// <summary>Process ids whose locks it waits for.</summary>
        public int[] BlockedBy { get; init; } = [];

        public string Statement { get; init; } = "";
    }

    public sealed record Statement(long Calls, double MeanMs, double TotalSeconds, string Text);

    /// <param name="ReplicaLagSeconds">Of the slowest replica; <c>null</c> when there is none.</param>
    public sealed record Figures(long Bytes, int Sessions, int MostSessions, int Replicas, double? ReplicaLagSeconds, long Deadlocks, double OldestTransactionSeconds);

    public sealed record InvariantRun(DateTimeOffset At, int Checks, int Violations);

    /// <summary>Statements that run longer than <see cref="Slow"/>, those who wait for a lock, and those who hold it.</summary>
    public async Task<IReadOnlyList<Session>> SessionsAsync(CancellationToken cancel = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var sessions = await connection.QueryAsync<Session>(new CommandDefinition("""
            with session as materialized (
                select pid, coalesce(application_name, '') as program, coalesce(state, '') as state, wait_event_type || ' · ' || wait_event as wait,
                       extract(epoch from clock_timestamp() - query_start)::double precision as seconds, pg_blocking_pids(pid) as blocked_by, query as statement
                from pg_stat_activity
                where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid() and state <> 'idle')
            select * from session s
            where s.seconds > @bound or cardinality(s.blocked_by) > 0 or exists (select from session w where s.pid = any(w.blocked_by))
            order by s.seconds desc limit @MostShown
            """, new { bound = Slow.TotalSeconds, MostShown }, commandTimeout: TimeoutSeconds, cancellationToken: cancel));
        return [.. sessions.Select(session => session with { Statement = StatementText.WithoutLiterals(session.Statement) })];
    }

    public async Task<Figures> FiguresAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<Figures>("""
            select pg_database_size(current_database()) as bytes,
                   (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as sessions,
                   current_setting('max_connections')::int as most_sessions,
                   (select count(*)::int from pg_stat_replication) as replicas,
                   (select max(extract(epoch from coalesce(replay_lag, interval '0')))::double precision from pg_stat_replication) as replica_lag_seconds,
                   (select deadlocks from pg_stat_database where datname = current_database()) as deadlocks,
                   coalesce((select max(extract(epoch from clock_timestamp() - xact_start))::double precision from pg_stat_activity
                             where datname = current_database() and pid <> pg_backend_pid()), 0) as oldest_transaction_seconds
            """, commandTimeout: TimeoutSeconds);
    }

    /// <summary>
    /// What took the most time in all and is run again and again, which a migration is not; <c>null</c> where the extension
    /// pg_stat_statements is not there.
    /// </summary>
    public async Task<IReadOnlyList<Statement>?> CostliestAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        try
        {
            var statements = await connection.QueryAsync<Statement>("""
                select calls, mean_exec_time as mean_ms, total_exec_time / 1000 as total_seconds, query as text
                from pg_stat_statements where dbid = (select oid from pg_database where datname = current_database()) and calls > 1
                order by total_exec_time desc limit @MostShown
                """, new { MostShown }, commandTimeout: TimeoutSeconds);
            return [.. statements.Select(statement => statement with { Text = StatementText.WithoutLiterals(statement.Text) })];
        }
        catch (PostgresException missing) when (missing.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.ObjectNotInPrerequisiteState)
        {
            return null;
        }
    }

    public async Task<InvariantRun?> LastInvariantRunAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<InvariantRun>("select at, checks, violations from invariant_run order by id desc limit 1");
    }
}
