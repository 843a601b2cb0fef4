using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Voucher.Server.Accounts;

/// <summary>Log-ins, the people behind them and their roles.</summary>
public sealed class AccountStore(NpgsqlDataSource database)
{
    public sealed record Row(AccountId Id, StaffId StaffId, string Name, string PasswordHash, InstitutionId? InstitutionId, PlaceCode? ScopeCode, bool IsActive);

    public async Task<(Row Account, Actor Actor)?> FindAsync(string login)
    {
        await using var connection = await database.OpenConnectionAsync();
        var row = await connection.QuerySingleOrDefaultAsync<Row>("""
            select a.id, s.id as staff_id, s.name, a.password_hash, a.institution_id, a.scope_code, a.is_active
            from account a join staff o on o.id = a.staff_id join staff s on s.id = coalesce(o.merged_into, o.id)
            where a.login = @login
            """, new { login });
        if (row is null) return null;
        var roles = await connection.QueryAsync<short>("select role from account_role where account_id = @Id", new { row.Id });
        return (row, new Actor(row.Id, row.StaffId, row.Name, roles.Select(role => (Role)role).ToHashSet(), row.InstitutionId, StampOf(row.PasswordHash), row.ScopeCode));
    }

    private sealed record Standing(string PasswordHash, StaffId Staff, InstitutionId? Institution, string? Roles, string Rows);

    /// <summary>
    /// All rows of the person behind a session that goes on; <c>null</c> when it is over: the log-in is closed, or its password,
    /// place, institution, person or roles are no longer those of the session. Asked at every request, so that a role that was
    /// withdrawn decides nothing more; terminals have sessions of their own.
    /// </summary>
    public async Task<IReadOnlyList<StaffId>?> RowsOfPersonAsync(Actor actor)
    {
        await using var connection = await database.OpenConnectionAsync();
        var now = await connection.QuerySingleOrDefaultAsync<Standing>("""
            select a.password_hash, r.root as staff, a.institution_id as institution,
                   (select string_agg(role::text, ' ') from account_role where account_id = a.id) as roles,
                   concat_ws(' ', r.root, (select string_agg(id::text, ' ') from staff where merged_into = r.root)) as rows
            from account a
            join staff s on s.id = a.staff_id
            cross join lateral (select coalesce(s.merged_into, s.id) as root) r
            where a.id = @Account and a.is_active and a.scope_code is not distinct from @Place::bigint
            """, new { actor.Account, Place = actor.Place?.Value });
        return now is not null && StampOf(now.PasswordHash) == actor.Stamp && now.Staff == actor.Staff && now.Institution == actor.Institution
            && actor.Roles.SetEquals(Roles.Read(now.Roles))
            ? [.. now.Rows.Split(' ').Select(row => new StaffId(int.Parse(row, CultureInfo.InvariantCulture)))]
            : null;
    }

    /// <summary>Of all open log-ins of the person.</summary>
    public async Task<IReadOnlyList<Role>> RolesOfPersonAsync(StaffId staff)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. (await connection.QueryAsync<short>("""
            select distinct r.role from account a join account_role r on r.account_id = a.id where a.is_active and person_of(a.staff_id) = person_of(@staff)
            """, new { staff })).Select(role => (Role)role)];
    }

    public async Task<string> PasswordHashAsync(AccountId account)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<string>("select password_hash from account where id = @account", new { account });
    }

    /// <summary>Changes the password; every other session of the log-in ends with it.</summary>
    public async Task ChangePasswordAsync(AccountId account, string passwordHash, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(
            "update account set password_hash = @passwordHash where id = @account", new { account, passwordHash }, transaction);
        await AuditTrail.AppendAsync(connection, transaction, now, account, "account.password", $"account:{account}", "", Ground.Own);
        await transaction.CommitAsync();
    }

    /// <summary>Closes the log-in for good; false when there is no open one of the name.</summary>
    public async Task<bool> CloseAsync(string login, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var closed = await connection.QuerySingleOrDefaultAsync<AccountId?>(
            "update account set is_active = false where login = @login and is_active returning id", new { login }, transaction);
        if (closed is not { } account) return false;
        await AuditTrail.AppendAsync(connection, transaction, now, null, "account.close", $"account:{account}", login, Ground.Command);
        await transaction.CommitAsync();
        return true;
    }

    public async Task<InstitutionId?> InstitutionOfAsync(Uscc uscc)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<InstitutionId?>(
            "select id from institution where uscc = @uscc", new { uscc = uscc.ToString() });
    }

    /// <summary>Whether the township or village is one of the county's that is in force.</summary>
    public async Task<bool> IsPlaceAsync(PlaceCode place)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<bool>("""
            select exists (select from township where code = @place and effective_until is null)
                or exists (select from village where code = @place and effective_until is null)
            """, new { place = place.Value });
    }

    /// <summary>Changes with the password, and tells nothing of it.</summary>
    public static string StampOf(string passwordHash) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(passwordHash)).AsSpan(0, 8));

    /// <summary>
    /// Adds a log-in: of the person given, of the person with the number, or of a new one. A log-in that exists keeps its owner,
    /// takes the new password and holds the roles as well (for the demo county, which is loaded again and again).
    /// </summary>
    public async Task<AccountId> SaveAsync(
        string login, string name, string passwordHash, IEnumerable<Role> roles, InstitutionId? institution, DateTimeOffset now, PlaceCode? place = null,
        StaffId? person = null, SealedNumber? number = null)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var known = await connection.QuerySingleOrDefaultAsync<AccountId?>(
            "update account set password_hash = @passwordHash where login = @login returning id", new { login, passwordHash }, transaction);
        var id = known ?? await connection.QuerySingleAsync<AccountId>("""
            insert into account (staff_id, login, password_hash, institution_id, scope_code, created_at)
            values (@staff, @login, @passwordHash, @institution, @place, @now)
            returning id
            """,
            new
            {
                staff = person ?? await StaffStore.FindOrAddAsync(connection, transaction, name, number),
                login, passwordHash, institution, place = place?.Value, now,
            }, transaction);
        await connection.ExecuteAsync(
            "insert into account_role (account_id, role) select @id, unnest(@roles) on conflict do nothing",
            new { id, roles = roles.Select(role => (short)role).ToArray() }, transaction);
        await AuditTrail.AppendAsync(connection, transaction, now, null, known is null ? "account.add" : "account.renew", $"account:{id}", login, Ground.Command);
        await transaction.CommitAsync();
        return id;
    }
}
