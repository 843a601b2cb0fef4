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
            select a.id, a.staff_id, s.name, a.password_hash, a.institution_id, a.scope_code, a.is_active
            from account a join staff s on s.id = a.staff_id
            where a.login = @login
            """, new { login });
        if (row is null) return null;
        var roles = await connection.QueryAsync<short>("select role from account_role where account_id = @Id", new { row.Id });
        return (row, new Actor(row.Id, row.StaffId, row.Name, roles.Select(role => (Role)role).ToHashSet(), row.InstitutionId, StampOf(row.PasswordHash), row.ScopeCode));
    }

    /// <summary>Whether the log-in is open, and its password and its place are still those of the session.</summary>
    public async Task<bool> IsCurrentAsync(Actor actor)
    {
        await using var connection = await database.OpenConnectionAsync();
        var hash = await connection.QuerySingleOrDefaultAsync<string?>(
            "select password_hash from account where id = @Account and is_active and scope_code is not distinct from @Place::bigint",
            new { actor.Account, Place = actor.Place?.Value });
        return hash is not null && StampOf(hash) == actor.Stamp;
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
        await AuditTrail.AppendAsync(connection, transaction, now, account, "account.password", $"account:{account}");
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
        await AuditTrail.AppendAsync(connection, transaction, now, null, "account.close", $"account:{account}", login);
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

    /// <summary>Makes a staff member with one log-in. A log-in that exists keeps its owner, takes the new password and holds the roles as well (for the demo county, which is loaded again and again).</summary>
    public async Task<AccountId> SaveAsync(
        string login, string name, string passwordHash, IEnumerable<Role> roles, InstitutionId? institution, DateTimeOffset now, PlaceCode? place = null)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var known = await connection.QuerySingleOrDefaultAsync<AccountId?>(
            "update account set password_hash = @passwordHash where login = @login returning id", new { login, passwordHash }, transaction);
        var id = known ?? await connection.QuerySingleAsync<AccountId>("""
            with person as (insert into staff (name) values (@name) returning id)
            insert into account (staff_id, login, password_hash, institution_id, scope_code, created_at)
            select person.id, @login, @passwordHash, @institution, @place, @now from person
            returning id
            """, new { name, login, passwordHash, institution, place = place?.Value, now }, transaction);
        await connection.ExecuteAsync(
            "insert into account_role (account_id, role) select @id, unnest(@roles) on conflict do nothing",
            new { id, roles = roles.Select(role => (short)role).ToArray() }, transaction);
        if (known is null) await AuditTrail.AppendAsync(connection, transaction, now, null, "account.add", $"account:{id}", login);
        else await AuditTrail.AppendAsync(connection, transaction, now, null, "account.renew", $"account:{id}", login);
        await transaction.CommitAsync();
        return id;
    }
}
