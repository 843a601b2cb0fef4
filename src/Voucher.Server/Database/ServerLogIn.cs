namespace Voucher.Server.Database;

/// <summary>
/// The log-in with which the server comes to the database, where it is not the owner's: it has the rights of
/// <see cref="OwnerDatabase.Role"/> and no others, so that a session that gives the role back has gained nothing.
/// </summary>
public sealed class ServerLogIn(OwnerDatabase owner, ServerSettings settings)
{
    private readonly NpgsqlConnectionStringBuilder _server = new(settings.Postgres);

    /// <summary>
    /// Makes the log-in that <c>VOUCHER_POSTGRES</c> names, if it is not the owner's and not there yet, and gives it the program's
    /// rights; a log-in that is there keeps its password. Returns what somebody with more rights has to run where the owner may not.
    /// </summary>
    public async Task<string?> AdmitAsync(CancellationToken cancel = default)
    {
        if (_server.Username is not { Length: > 0 } name || name == new NpgsqlConnectionStringBuilder(settings.OwnerPostgres).Username) return null;
        await using var connection = await owner.Source.OpenConnectionAsync(cancel);
        try
        {
            await MakeAsync(connection, name, cancel);
            return null;
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return $"The owner of the database may not make the server's log-in: as a superuser, run `create role \"{name}\" login` (with a password) and `grant {OwnerDatabase.Role} to \"{name}\"`.";
        }
    }

    /// <summary>Whether this session's log-in could take more rights than the program's: it is the owner of the tables, may become it, or may make log-ins.</summary>
    public static Task<bool> HasTooMuchAsync(NpgsqlConnection connection, CancellationToken cancel = default) =>
        connection.ExecuteScalarAsync<bool>(new CommandDefinition("""
            select pg_has_role(session_user, c.relowner, 'member') or l.rolsuper or l.rolcreaterole
            from pg_class c, pg_roles l where c.oid = 'ledger_posting'::regclass and l.rolname = session_user
            """, cancellationToken: cancel));

    private async Task MakeAsync(NpgsqlConnection connection, string name, CancellationToken cancel)
    {
        var password = string.IsNullOrEmpty(_server.Password) ? null : ScramVerifier.Of(_server.Password);
        var sql = await connection.QuerySingleAsync<Statements>(new CommandDefinition("""
            select case when exists (select from pg_roles where rolname = @name) then null
                        else format('create role %I login password %L', @name, @password) end as make,
                   case when exists (select from pg_auth_members m join pg_roles r on r.oid = m.roleid join pg_roles l on l.oid = m.member
                                     where r.rolname = @Role and l.rolname = @name) then null
                        else format('grant %I to %I', @Role, @name) end as admit
            """, new { name, password, OwnerDatabase.Role }, cancellationToken: cancel));
        foreach (var statement in new[] { sql.Make, sql.Admit }.OfType<string>())
        {
            try
            {
                await connection.ExecuteAsync(new CommandDefinition(statement, cancellationToken: cancel));
            }
            catch (PostgresException first) when (IsOfAnother(first))
            {
                // Roles are the cluster's: another database of it has made the same at this moment.
            }
        }
    }

    private static bool IsOfAnother(PostgresException fault) =>
        fault.SqlState is PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UniqueViolation
        || (fault.SqlState == PostgresErrorCodes.InternalError && fault.MessageText.Contains("concurrently updated", StringComparison.Ordinal));

    private sealed record Statements(string? Make, string? Admit);
}
