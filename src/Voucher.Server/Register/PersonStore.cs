namespace Voucher.Server.Register;

/// <summary>Which people are wanted; what is empty does not narrow.</summary>
/// <param name="NamePrefix">First characters of the name.</param>
public sealed record PeopleFilter(int? TownshipCode = null, string? Category = null, int? ListId = null, string? NamePrefix = null);

/// <summary>One person as lists show them: masked.</summary>
public sealed record PersonLine(
    PersonId Id, string Name, string IdNumberMasked, bool IsMale, DateOnly BirthDate, string PhoneMasked, string? Township,
    string CategoryText, bool IsDemo)
{
    public IReadOnlyList<string> Categories => CategoryList.Split(CategoryText);
}

/// <summary>One person as their page shows them: masked.</summary>
public sealed record PersonSheet(
    PersonId Id, string Name, string IdNumberMasked, bool IsMale, DateOnly BirthDate, string PhoneMasked, string? Township,
    string CategoryText, bool IsDemo, string Education, string HouseholdPlace, string HouseholdKind, string PledgedEmployer,
    DateTimeOffset CreatedAt, DateTimeOffset ChangedAt)
{
    public IReadOnlyList<string> Categories => CategoryList.Split(CategoryText);
}

/// <summary>One voucher of a person.</summary>
public sealed record VoucherOfPerson(VoucherId Id, VoucherState State, Fen FaceValueFen, DateOnly ValidUntil, string Batch);

/// <summary>A named list of people, for issuing to.</summary>
public sealed record PersonList(int Id, string Name, int People);

/// <summary>Reads the register. Nothing that it returns is unmasked but by <see cref="SealedNumberAsync"/>.</summary>
public sealed class PersonStore(NpgsqlDataSource database, County county)
{
    private const string Filtered = """
        from person p left join township t on t.code = p.township_code
        where p.region = @Region
          and not p.is_bait
          and (@TownshipCode::int is null or p.township_code = @TownshipCode)
          and (@Category::text is null or p.categories @> array[@Category])
          and (@ListId::int is null or exists (select 1 from person_list_member m where m.list_id = @ListId and m.person_id = p.id))
          and (@Prefix::text is null or p.name like @Prefix)
        """;

    private const string Lines = $"""
        select p.id, p.name, p.id_number_masked, p.is_male, p.birth_date, p.phone_masked, t.name as township,
               array_to_string(p.categories, e'\x1e') as category_text, p.is_demo
        {Filtered}
        order by p.id
        """;

    public async Task<(IReadOnlyList<PersonLine> People, int Total)> PageAsync(PeopleFilter filter, int page, int size)
    {
        await using var connection = await database.OpenConnectionAsync();
        var terms = Terms(filter);
        terms.Add("Skip", (long)(page - 1) * size);
        terms.Add("Take", size);
        var total = await connection.ExecuteScalarAsync<int>($"select count(*) {Filtered}", terms);
        return ([.. await connection.QueryAsync<PersonLine>($"{Lines} offset @Skip limit @Take", terms)], total);
    }

    /// <summary>All that the pages would show, one after the other from one statement, however many there are.</summary>
    public async IAsyncEnumerable<PersonLine> AllAsync(PeopleFilter filter)
    {
        await using var connection = await database.OpenConnectionAsync();
        await foreach (var person in connection.QueryUnbufferedAsync<PersonLine>(Lines, Terms(filter))) yield return person;
    }

    private DynamicParameters Terms(PeopleFilter filter) => new(new
    {
        county.Region, filter.TownshipCode, filter.Category, filter.ListId,
        Prefix = filter.NamePrefix is { Length: > 0 } prefix ? EscapeLike(prefix) + "%" : null,
    });

    public async Task<PersonSheet?> GetAsync(PersonId id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<PersonSheet>("""
            select p.id, p.name, p.id_number_masked, p.is_male, p.birth_date, p.phone_masked, t.name as township,
                   array_to_string(p.categories, e'\x1e') as category_text, p.is_demo,
                   p.education, p.household_place, p.household_kind, p.pledged_employer, p.created_at, p.changed_at
            from person p left join township t on t.code = p.township_code
            where p.region = @Region and p.id = @id and not p.is_bait
            """, new { county.Region, id });
    }

    public async Task<PersonId?> FindAsync(byte[] idNumberHash)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<PersonId?>(
            "select id from person where region = @Region and id_number_hash = @idNumberHash", new { county.Region, idNumberHash });
    }

    public async Task<IReadOnlyList<VoucherOfPerson>> VouchersOfAsync(PersonId person)
    {
        await using var connection = await database.OpenConnectionAsync();
        var vouchers = await connection.QueryAsync<VoucherOfPerson>("""
            select v.id, v.state, v.face_value_fen, v.valid_until, b.name as batch
            from voucher v join batch b on b.id = v.batch_id
            where v.person_id = @person order by v.id desc
            """, new { person });
        return [.. vouchers];
    }

    /// <summary>The sealed number, in the transaction that audits its opening.</summary>
    public Task<byte[]?> SealedNumberAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PersonId id) =>
        connection.QuerySingleOrDefaultAsync<byte[]>(
            "select id_number_sealed from person where region = @Region and id = @id", new { county.Region, id }, transaction);

    public async Task<IReadOnlyList<Township>> TownshipsAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<Township>("select code, name from township where region = @Region order by code", new { county.Region })];
    }

    public async Task<IReadOnlyList<string>> CategoriesAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<string>("""
            select category from person, unnest(categories) category where region = @Region group by category order by count(*) desc, category
            """, new { county.Region })];
    }

    public async Task<IReadOnlyList<PersonList>> ListsAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<PersonList>("""
            select l.id, l.name, count(m.person_id)::int as people
            from person_list l left join person_list_member m on m.list_id = l.id
            where l.region = @Region group by l.id order by l.id desc
            """, new { county.Region })];
    }

    private static string EscapeLike(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
