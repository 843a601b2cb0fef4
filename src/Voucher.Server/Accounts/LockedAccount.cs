namespace Voucher.Server.Accounts;

/// <summary>A log-in under the lock of its person, so that two changes of one person's roles never pass each other unseen.</summary>
public sealed record LockedAccount(AccountId Id, StaffId Person, string Login, bool IsActive, bool IsOfInstitution, bool IsOfPlace, IReadOnlyList<Role> Roles)
{
    private sealed record Row(AccountId Id, StaffId Person, string Login, bool IsActive, bool IsOfInstitution, bool IsOfPlace, string? Roles);

    public static async Task<LockedAccount?> TakeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, AccountId id)
    {
        await connection.ExecuteAsync("""
            select from staff where id = (select coalesce(s.merged_into, s.id) from account a join staff s on s.id = a.staff_id where a.id = @id) for no key update -- What a decision writes beside it may name the person.
            """, new { id }, transaction);
        var row = await connection.QuerySingleOrDefaultAsync<Row>("""
            select a.id, coalesce(s.merged_into, s.id) as person, a.login, a.is_active, a.institution_id is not null as is_of_institution,
                   a.scope_code is not null as is_of_place, (select string_agg(role::text, ' ' order by role) from account_role r where r.account_id = a.id) as roles
            from account a join staff s on s.id = a.staff_id
            where a.id = @id for update of a
            """, new { id }, transaction);
        return row is null ? null : new LockedAccount(
            row.Id, row.Person, row.Login, row.IsActive, row.IsOfInstitution, row.IsOfPlace, [.. Accounts.Roles.Read(row.Roles)]);
    }

    /// <summary>What is wrong with these roles on this log-in, beside those of the person's other open ones.</summary>
    public async Task<Words?> ProblemOfAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<Role> roles) =>
        RoleRules.ProblemOfLogin(roles)
        ?? (roles.Any(role => role.IsOfInstitution()) != IsOfInstitution ? RoleRules.TwoSides : null)
        ?? (roles.Any(role => role.IsOfPlace()) != IsOfPlace ? RoleRules.PlaceAlone : null)
        ?? RoleRules.ProblemOfPerson([.. roles, .. await StaffStore.RolesOfAsync(connection, transaction, Person, butFor: Id)]);
}
