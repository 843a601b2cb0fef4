namespace Voucher.Server.Register.Households;

/// <summary>Households, their members and plans, within the asker's scope.</summary>
public sealed class HouseholdStore(NpgsqlDataSource database, County county)
{
    /// <summary>一户一人一技 of <c>household h</c>; state 4 is completed.</summary>
    /// <remarks>Also by a voucher of another entry of a member that was merged into this one. Two parts, each of which the planner can hash.</remarks>
    internal const string IsCovered = """
        (exists (select from person c join voucher cv on cv.person_id = c.id and cv.state = 4
                 where c.region = h.region and c.household_number = h.number and c.withdrawn_at is null)
         or exists (select from person x join person c on c.id = x.merged_into join voucher cv on cv.person_id = x.id and cv.state = 4
                    where x.merged_into is not null and c.region = h.region and c.household_number = h.number and c.withdrawn_at is null))
        """;

    /// <summary>Whether anybody of <c>household h</c> is still in the register: one whose import was undone is empty and counts nowhere.</summary>
    private const string HasMembers =
        "exists (select from person p where p.region = h.region and p.household_number = h.number and p.withdrawn_at is null)";

    private const string Filtered = $"""
        {RegisterScope.OfHouseholds} and {HasMembers}
          and (@TownshipCode::int is null or h.township_code = @TownshipCode)
          and (@VillageCode::bigint is null or h.village_code = @VillageCode)
          and (@Number::text is null or h.number = @Number)
          and (not @OnlyRegistered or h.is_registered)
          and (@Covered::boolean is null or @Covered = {IsCovered})
        """;

    public async Task<(IReadOnlyList<HouseholdLine> Households, int Total)> PageAsync(
        RegisterScope scope, HouseholdFilter filter, int page, int size, int? skip = null)
    {
        await using var connection = await database.OpenConnectionAsync();
        var terms = new
        {
            county.Region, scope.ScopeTownship, scope.ScopeVillage, scope.ScopeInstitution,
            filter.TownshipCode, filter.VillageCode, filter.Covered, filter.Number, filter.OnlyRegistered, skip = skip ?? (long)(page - 1) * size, size,
        };
        var total = await connection.ExecuteScalarAsync<int>($"select count(*) from household h where {Filtered}", terms);
        var households = await connection.QueryAsync<HouseholdLine>($"""
            select h.id, h.number, head.name as head, t.name as township, v.name as village,
                   (select count(*) from person p where p.region = h.region and p.household_number = h.number and p.withdrawn_at is null)::int as members,
                   h.is_registered, {IsCovered} as is_covered,
                   (select count(*) from household_measure m where m.household_id = h.id and m.done_on is null)::int as open_measures
            from household h left join township t on t.code = h.township_code left join village v on v.code = h.village_code
            left join lateral (
                select name from person p where p.region = h.region and p.household_number = h.number and p.relation = '户主' and p.withdrawn_at is null order by p.id limit 1) head on true
            where {Filtered}
            order by h.number, h.id offset @skip limit @size
            """, terms);
        return ([.. households], total);
    }

    public async Task<Household?> FindAsync(RegisterScope scope, long id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<Household>($"""
            select h.id, h.number, t.name as township, v.name as village, h.is_registered, h.plan, h.created_at, h.changed_at
            from household h left join township t on t.code = h.township_code left join village v on v.code = h.village_code
            where {RegisterScope.OfHouseholds} and h.id = @id
            """, new { county.Region, scope.ScopeTownship, scope.ScopeVillage, scope.ScopeInstitution, id });
    }

    /// <summary>Those whom the asker sees, the head first; a member registered in another place may be missing.</summary>
    public async Task<IReadOnlyList<HouseholdMember>> MembersAsync(RegisterScope scope, string number)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<HouseholdMember>($"""
            select p.id, p.name, p.relation, p.is_male, p.birth_date, p.labour_ability, p.employment,
                   (select count(*) from voucher v where v.state = 4 and v.person_id in (
                       select p.id union all select x.id from person x where x.merged_into = p.id))::int as completed
            from person p where {RegisterScope.OfPeople} and p.withdrawn_at is null and p.household_number = @number
            order by p.relation <> '户主', p.birth_date, p.id limit 100
            """, new { county.Region, scope.ScopeTownship, scope.ScopeVillage, scope.ScopeInstitution, number })];
    }

    public async Task<IReadOnlyList<HouseholdMeasure>> MeasuresAsync(long household)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<HouseholdMeasure>("""
            select m.id, m.text, m.responsible, m.due_on, m.done_on, s.name as added_by, ds.name as done_by
            from household_measure m join account a on a.id = m.added_by join staff s on s.id = a.staff_id
            left join account d on d.id = m.done_by left join staff ds on ds.id = d.staff_id
            where m.household_id = @household order by m.done_on is not null, m.due_on, m.id
            """, new { household })];
    }

    /// <summary>Registered households by township, or by village of one township; the least covered first.</summary>
    public async Task<IReadOnlyList<PlaceCoverage>> CoverageAsync(RegisterScope scope, int? township)
    {
        await using var connection = await database.OpenConnectionAsync();
        var (code, name) = township is null ? ("h.township_code::bigint", "t.name") : ("h.village_code", "v.name");
        return [.. await connection.QueryAsync<PlaceCoverage>($"""
            select {code} as code, {name} as name, count(*)::int as households, (count(*) filter (where {IsCovered}))::int as covered
            from household h left join township t on t.code = h.township_code left join village v on v.code = h.village_code
            where {RegisterScope.OfHouseholds} and {HasMembers} and h.is_registered and (@township::int is null or h.township_code = @township)
            group by 1, 2 order by (count(*) filter (where {IsCovered}))::numeric / count(*), 3 desc, 1
            """, new { county.Region, scope.ScopeTownship, scope.ScopeVillage, scope.ScopeInstitution, township })];
    }
}
