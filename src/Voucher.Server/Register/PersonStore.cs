namespace Voucher.Server.Register;

/// <summary>One person as lists show them: masked.</summary>
public sealed record PersonLine(
    PersonId Id, string Name, string IdNumberMasked, bool IsMale, DateOnly BirthDate, string PhoneMasked, string? Township,
    string CategoryText, bool IsDemo, string? Village, EmploymentState Employment)
{
    public IReadOnlyList<string> Categories => CategoryList.Split(CategoryText);
}

/// <summary>One person as their page shows them: masked.</summary>
public sealed record PersonSheet(
    PersonId Id, string Name, string IdNumberMasked, bool IsMale, DateOnly BirthDate, string PhoneMasked, string? Township,
    string CategoryText, bool IsDemo, string Education, string HouseholdPlace, string HouseholdKind, string PledgedEmployer,
    DateTimeOffset CreatedAt, DateTimeOffset ChangedAt, string? Village, string? HouseholdNumber, long? HouseholdId, string Relation,
    LabourAbility LabourAbility, EmploymentState Employment, string WishText, int Changes, DateTimeOffset? WithdrawnAt, PersonId? MergedInto)
{
    public IReadOnlyList<string> Categories => CategoryList.Split(CategoryText);

    /// <summary>Has left the register: nothing about them is changed any more.</summary>
    public bool IsGone => WithdrawnAt is not null;

    /// <summary>Codes of the trades that the person wishes to learn.</summary>
    public IReadOnlyList<int> WishTrades => TradeList.Split(WishText);
}

/// <summary>One voucher of a person.</summary>
public sealed record VoucherOfPerson(VoucherId Id, VoucherState State, Fen FaceValueFen, DateOnly ValidUntil, string Batch);

/// <summary>Reads the register, each question within the asker's scope. Nothing that it returns is unmasked but by <see cref="SealedNumberAsync"/>.</summary>
public sealed class PersonStore(NpgsqlDataSource database, County county, TimeProvider clock)
{
    private const string Lines = $"""
        select p.id, p.name, p.id_number_masked, p.is_male, p.birth_date, p.phone_masked, t.name as township,
               array_to_string(p.categories, e'\x1e') as category_text, p.is_demo, v.name as village, p.employment
        from person p left join township t on t.code = p.township_code left join village v on v.code = p.village_code
        where {PeopleQuery.Where}
        order by p.id
        """;

    public async Task<(IReadOnlyList<PersonLine> People, int Total)> PageAsync(RegisterScope scope, PeopleFilter filter, int page, int size)
    {
        await using var connection = await database.OpenConnectionAsync();
        var terms = Terms(scope, filter);
        terms.Add("Skip", (long)(page - 1) * size);
        terms.Add("Take", size);
        var total = await connection.ExecuteScalarAsync<int>($"select count(*) from person p where {PeopleQuery.Where}", terms);
        return ([.. await connection.QueryAsync<PersonLine>($"{Lines} offset @Skip limit @Take", terms)], total);
    }

    /// <summary>All that the pages would show, one after the other from one statement, however many there are.</summary>
    public async IAsyncEnumerable<PersonLine> AllAsync(RegisterScope scope, PeopleFilter filter)
    {
        await using var connection = await database.OpenConnectionAsync();
        await foreach (var person in connection.QueryUnbufferedAsync<PersonLine>(Lines, Terms(scope, filter))) yield return person;
    }

    private DynamicParameters Terms(RegisterScope scope, PeopleFilter filter) =>
        PeopleQuery.Parameters(county.Region, scope, filter, CountyTime.DayOf(clock.GetUtcNow()));

    public async Task<PersonSheet?> GetAsync(RegisterScope scope, PersonId id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<PersonSheet>($"""
            select p.id, p.name, p.id_number_masked, p.is_male, p.birth_date, p.phone_masked, t.name as township,
                   array_to_string(p.categories, e'\x1e') as category_text, p.is_demo,
                   p.education, p.household_place, p.household_kind, p.pledged_employer, p.created_at, p.changed_at,
                   v.name as village, p.household_number, h.id as household_id, p.relation, p.labour_ability, p.employment,
                   array_to_string(p.wish_trades, ',') as wish_text, p.changes, p.withdrawn_at, p.merged_into
            from person p left join township t on t.code = p.township_code left join village v on v.code = p.village_code
            left join household h on h.region = p.region and h.number = p.household_number
            where {RegisterScope.OfPeople} and p.id = @id
            """, Within(scope, id));
    }

    public async Task<PersonId?> FindAsync(RegisterScope scope, byte[] idNumberHash)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<PersonId?>(
            $"select p.id from person p where {RegisterScope.OfPeople} and p.id_number_hash = @idNumberHash",
            new { county.Region, scope.ScopeTownship, scope.ScopeVillage, scope.ScopeInstitution, idNumberHash });
    }

    public async Task<Merging> MergingAsync(RegisterScope scope, PersonSheet person)
    {
        await using var connection = await database.OpenConnectionAsync();
        var entries = await connection.QueryAsync<MergedEntry>($"""
            select p.id, p.name, p.id_number_masked, p.withdrawn_at as merged_at, ({RegisterScope.OfPeople}) is true as is_seen
            from person p where p.merged_into = @id order by p.withdrawn_at, p.id
            """, Within(scope, person.Id));
        return new([.. entries], person.MergedInto is { } into && await GetAsync(scope, into) is not null ? into : null);
    }

    /// <summary>Also those that were issued to entries merged into this one.</summary>
    public async Task<IReadOnlyList<VoucherOfPerson>> VouchersOfAsync(PersonId person)
    {
        await using var connection = await database.OpenConnectionAsync();
        var vouchers = await connection.QueryAsync<VoucherOfPerson>($"""
            select v.id, v.state, v.face_value_fen, v.valid_until, b.name as batch
            from voucher v join batch b on b.id = v.batch_id
            where v.person_id in {KnownAs.Person} order by v.id desc
            """, new { person });
        return [.. vouchers];
    }

    /// <summary>The sealed number, in the transaction that audits its opening.</summary>
    public Task<byte[]?> SealedNumberAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegisterScope scope, PersonId id) =>
        connection.QuerySingleOrDefaultAsync<byte[]>(
            $"select p.id_number_sealed from person p where {RegisterScope.OfPeople} and p.id = @id", Within(scope, id), transaction);

    /// <summary>Those in force, by code.</summary>
    public async Task<IReadOnlyList<Township>> TownshipsAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<Township>(
            "select code, name from township where region = @Region and effective_until is null order by code", new { county.Region })];
    }

    public async Task<IReadOnlyList<string>> CategoriesAsync(RegisterScope scope)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<string>($"""
            select category from person p, unnest(p.categories) category where {RegisterScope.OfPeople} and p.withdrawn_at is null
            group by category order by count(*) desc, category limit 100
            """, new { county.Region, scope.ScopeTownship, scope.ScopeVillage, scope.ScopeInstitution })];
    }

    private object Within(RegisterScope scope, PersonId id) =>
        new { county.Region, scope.ScopeTownship, scope.ScopeVillage, scope.ScopeInstitution, id };
}
