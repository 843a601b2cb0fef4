namespace Voucher.Server.Accounts;

/// <summary>An identity number as it is kept: sealed, and a keyed hash by which it is found.</summary>
public sealed record SealedNumber(byte[] Hash, byte[] Sealed);

/// <summary>A log-in of a person.</summary>
public sealed record LogInLine(AccountId Id, string Login, bool IsActive, string? Institution, PlaceCode? Place, IReadOnlyList<Role> Roles);

/// <summary>A person with all their log-ins.</summary>
/// <param name="IsIdentified">Whether the identity number is known; people entered before it was asked for are not.</param>
/// <param name="MergedNames">Names of the rows that were found to be this person.</param>
public sealed record StaffMember(StaffId Id, string Name, bool IsIdentified, IReadOnlyList<string> MergedNames, IReadOnlyList<LogInLine> LogIns);

/// <summary>Two rows that somebody holds to be one person.</summary>
public sealed record MergeLine(int Id, StaffId Kept, string KeptName, StaffId Merged, string MergedName, string Reason, StaffId ProposedBy, string ProposedByName, DateTimeOffset ProposedAt);

/// <summary>People who work with the system, their log-ins and roles; a person is a row that is merged into no other.</summary>
public sealed class StaffStore(NpgsqlDataSource database)
{
    private sealed record StaffRow(StaffId Id, string Name, bool IsIdentified, StaffId? MergedInto);

    private sealed record LogInRow(AccountId Id, StaffId Staff, string Login, bool IsActive, string? Institution, PlaceCode? Place, string? Roles);

    /// <summary>The person with the number, or a new one; without a number always a new one.</summary>
    public static async Task<StaffId> FindOrAddAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string name, SealedNumber? number) =>
        await connection.QuerySingleOrDefaultAsync<StaffId?>(
            "select id from staff where id_number_hash = @Hash and merged_into is null", new { number?.Hash }, transaction)
        ?? await connection.QuerySingleAsync<StaffId>(
            "insert into staff (name, id_number_hash, id_number_sealed) values (@name, @Hash, @Sealed) returning id",
            new { name, number?.Hash, number?.Sealed }, transaction);

    /// <summary>The person with the number, and the name they are known by.</summary>
    public async Task<(StaffId Id, string Name)?> ByNumberAsync(byte[] hash)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<(StaffId, string)?>(
            "select id, name from staff where id_number_hash = @hash and merged_into is null", new { hash });
    }

    /// <summary>Roles of all open log-ins of the person, but for one log-in.</summary>
    public static async Task<IReadOnlyList<Role>> RolesOfAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, StaffId person, AccountId? butFor = null)
    {
        var roles = await connection.QueryAsync<short>("""
            select distinct r.role
            from account a
            join staff s on s.id = a.staff_id
            join account_role r on r.account_id = a.id
            where coalesce(s.merged_into, s.id) = @person and a.is_active and a.id is distinct from @butFor
            """, new { person, butFor }, transaction);
        return [.. roles.Select(role => (Role)role)];
    }

    public async Task<IReadOnlyList<Role>> RolesOfAsync(StaffId person)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await RolesOfAsync(connection, null, person);
    }

    /// <summary>Everybody with all their log-ins, by name.</summary>
    public async Task<IReadOnlyList<StaffMember>> ListAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        var people = (await connection.QueryAsync<StaffRow>(
            "select id, name, id_number_hash is not null as is_identified, merged_into from staff order by name, id")).AsList();
        var logins = (await connection.QueryAsync<LogInRow>("""
            select a.id, coalesce(s.merged_into, s.id) as staff, a.login, a.is_active, i.name as institution, a.scope_code as place,
                   (select string_agg(role::text, ' ' order by role) from account_role r where r.account_id = a.id) as roles
            from account a
            join staff s on s.id = a.staff_id
            left join institution i on i.id = a.institution_id
            order by a.login
            """)).ToLookup(row => row.Staff);
        var merged = people.Where(row => row.MergedInto is not null).ToLookup(row => row.MergedInto!.Value, row => row.Name);
        return [.. people.Where(row => row.MergedInto is null).Select(row => new StaffMember(
            row.Id, row.Name, row.IsIdentified, [.. merged[row.Id]],
            [.. logins[row.Id].Select(login => new LogInLine(
                login.Id, login.Login, login.IsActive, login.Institution, login.Place, [.. Roles.Read(login.Roles)]))]))];
    }

    /// <summary>Merges that wait for a second person, oldest first.</summary>
    public async Task<IReadOnlyList<MergeLine>> MergesAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<MergeLine>("""
            select m.id, m.kept, k.name as kept_name, m.merged, o.name as merged_name, m.reason, m.proposed_staff as proposed_by, p.name as proposed_by_name, m.proposed_at
            from staff_merge m
            join staff k on k.id = m.kept
            join staff o on o.id = m.merged
            join staff p on p.id = m.proposed_staff
            where m.state = 1 order by m.id
            """)).AsList();
    }
}
