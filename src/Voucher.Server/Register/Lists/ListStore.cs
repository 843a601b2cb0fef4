namespace Voucher.Server.Register.Lists;

/// <summary>Lists of people and who is on them, within the asker's scope.</summary>
public sealed class ListStore(NpgsqlDataSource database, County county, TimeProvider clock)
{
    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<PersonList>> AllAsync(RegisterScope scope)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<PersonList>($"""
            select l.id, l.name, count(p.id)::int as people, l.kind, l.definition, l.position, l.year
            from person_list l
            left join person_list_member m on m.list_id = l.id
            left join person p on p.id = m.person_id and {RegisterScope.OfPeople} and p.withdrawn_at is null
            where l.region = @Region
            group by l.id order by l.id desc limit 500
            """, new { county.Region, scope.ScopeTownship, scope.ScopeVillage, scope.ScopeInstitution })];
    }

    /// <summary>The same without counting anybody, for a choice of lists.</summary>
    public async Task<IReadOnlyList<PersonList>> NamesAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<PersonList>("""
            select id, name, 0 as people, kind, definition, position, year from person_list where region = @Region order by id desc limit 500
            """, new { county.Region })];
    }

    public async Task<PersonList?> FindAsync(int id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<PersonList>(
            "select id, name, 0 as people, kind, definition, position, year from person_list where region = @Region and id = @id", new { county.Region, id });
    }

    /// <summary>The selected people by township, the most first.</summary>
    public async Task<IReadOnlyList<TownshipCount>> ByTownshipAsync(RegisterScope scope, PeopleFilter filter)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<TownshipCount>($"""
            select t.code, t.name, count(*)::int as people
            from person p left join township t on t.code = p.township_code
            where {PeopleQuery.Where}
            group by t.code, t.name order by count(*) desc, t.code
            """, PeopleQuery.Parameters(county.Region, scope, filter, CountyTime.DayOf(clock.GetUtcNow())))];
    }

    /// <summary>Its id; <c>null</c> when the name, or the year's task list, is taken.</summary>
    public static Task<int?> AddAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, string name, ListKind kind, string definition, int position, int? year) =>
        connection.QuerySingleOrDefaultAsync<int?>("""
            insert into person_list (region, name, kind, definition, position, year)
            values (@region, @name, @kind, @definition, @position, @year) on conflict do nothing returning id
            """, new { region, name, kind = (short)kind, definition, position = (short)position, year }, transaction);

    /// <summary>False when there is no such list; a name that is taken is a fault of the database.</summary>
    public static async Task<bool> ChangeAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, int id, string name, string definition, int position) =>
        await connection.ExecuteAsync(
            "update person_list set name = @name, definition = @definition, position = @position where region = @region and id = @id",
            new { region, id, name, definition, position = (short)position }, transaction) == 1;

    public static Task<bool> IsNameTakenAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, int id, string name) =>
        connection.ExecuteScalarAsync<bool>(
            "select exists (select from person_list where region = @region and name = @name and id <> @id)", new { region, id, name }, transaction);

    /// <summary>False when the person stood on it already.</summary>
    public static async Task<bool> PutOnAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, int list, PersonId person, AccountId by, DateTimeOffset now) =>
        await connection.ExecuteAsync("""
            insert into person_list_member (list_id, person_id, added_by, added_at) values (@list, @person, @by, @now) on conflict do nothing
            """, new { list, person, by, now }, transaction) == 1;

    /// <summary>False when the person was not on it.</summary>
    public static async Task<bool> TakeOffAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, int list, PersonId person) =>
        await connection.ExecuteAsync(
            "delete from person_list_member where list_id = @list and person_id = @person", new { list, person }, transaction) == 1;

    /// <summary>Lists that are kept and on which the person stands.</summary>
    public async Task<IReadOnlyList<PersonList>> OfPersonAsync(PersonId person)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<PersonList>("""
            select l.id, l.name, 0 as people, l.kind, l.definition, l.position, l.year
            from person_list l join person_list_member m on m.list_id = l.id
            where l.region = @Region and m.person_id = @person order by l.kind, l.position, l.id limit 100
            """, new { county.Region, person })];
    }
}
