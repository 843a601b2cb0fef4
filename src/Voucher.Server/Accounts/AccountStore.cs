namespace Voucher.Server.Accounts;

/// <summary>Log-ins, the people behind them and their roles.</summary>
public sealed class AccountStore(NpgsqlDataSource database)
{
    public sealed record Row(AccountId Id, StaffId StaffId, string Name, string PasswordHash, InstitutionId? InstitutionId, bool IsActive);

    public async Task<(Row Account, Actor Actor)?> FindAsync(string login)
    {
        await using var connection = await database.OpenConnectionAsync();
        var row = await connection.QuerySingleOrDefaultAsync<Row>("""
            select a.id, a.staff_id, s.name, a.password_hash, a.institution_id, a.is_active
            from account a join staff s on s.id = a.staff_id
            where a.login = @login
            """, new { login });
        if (row is null) return null;
        var roles = await connection.QueryAsync<short>("select role from account_role where account_id = @Id", new { row.Id });
        return (row, new Actor(row.Id, row.StaffId, row.Name, roles.Select(role => (Role)role).ToHashSet(), row.InstitutionId));
    }

    public async Task<bool> IsActiveAsync(AccountId account)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<bool>("select is_active from account where id = @account", new { account });
    }

    /// <summary>Makes a staff member with one log-in. A log-in that exists keeps its owner and roles and takes the new password.</summary>
    public async Task<AccountId> SaveAsync(
        string login, string name, string passwordHash, IEnumerable<Role> roles, InstitutionId? institution, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var known = await connection.QuerySingleOrDefaultAsync<AccountId?>(
            "update account set password_hash = @passwordHash where login = @login returning id", new { login, passwordHash }, transaction);
        var id = known ?? await connection.QuerySingleAsync<AccountId>("""
            with person as (insert into staff (name) values (@name) returning id)
            insert into account (staff_id, login, password_hash, institution_id, created_at)
            select person.id, @login, @passwordHash, @institution, @now from person
            returning id
            """, new { name, login, passwordHash, institution, now }, transaction);
        await connection.ExecuteAsync(
            "insert into account_role (account_id, role) select @id, unnest(@roles) on conflict do nothing",
            new { id, roles = roles.Select(role => (short)role).ToArray() }, transaction);
        await transaction.CommitAsync();
        return id;
    }
}
