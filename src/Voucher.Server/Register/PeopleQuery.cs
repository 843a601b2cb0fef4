namespace Voucher.Server.Register;

/// <summary>A filter within a scope, as the one piece of SQL that every list and count of people stands on.</summary>
public static class PeopleQuery
{
    /// <summary>
    /// Whether <c>person p</c> stands on the 需求清单 (<see cref="DerivedList.Demand"/>); takes <c>@demandSince</c>. Trained is also who
    /// was it under an entry that was merged into theirs.
    /// </summary>
    /// <remarks>In two parts, each of which the planner can hash or look up by an index.</remarks>
    public const string OnDemandList = """
        (p.wish_trades <> array[]::int[] and p.withdrawn_at is null
         and not exists (
             select from voucher dv join completion d on d.voucher_id = dv.id where dv.person_id = p.id and d.completed_at >= @demandSince)
         and not exists (
             select from person x join voucher dv on dv.person_id = x.id join completion d on d.voucher_id = dv.id
             where x.merged_into = p.id and d.completed_at >= @demandSince))
        """;

    /// <summary>Whether enrolment <c>n</c> in class <c>k</c> puts its person onto the 参训清单 (<see cref="DerivedList.Attending"/>).</summary>
    private const string InTraining =
        "n.is_active and (n.enrolled_at >= @enrolledSince or k.starts_on <= @lastDay and k.ends_on >= @firstDay)";

    /// <summary>Conditions on <c>person p</c>; takes the parameters of <see cref="Parameters"/>.</summary>
    public const string Where = $"""
        {RegisterScope.OfPeople}
          and p.withdrawn_at is null
          and (@TownshipCode::int is null or p.township_code = @TownshipCode)
          and (@VillageCode::bigint is null or p.village_code = @VillageCode)
          and (@Category::text is null or p.categories @> array[@Category])
          and (@ListId::int is null or exists (select from person_list_member m where m.list_id = @ListId and m.person_id = p.id))
          and (@Prefix::text is null or p.name like @Prefix)
          and (@Employment::smallint is null or p.employment = @Employment)
          and (@WishTrade::int is null or p.wish_trades @> array[@WishTrade])
          and (@HouseholdNumber::text is null or p.household_number = @HouseholdNumber)
          and (@Derived <> 1 or {OnDemandList})
          and (@Derived <> 2
               or exists (
                   select from enrolment n join training_class k on k.id = n.class_id where n.person_id = p.id and {InTraining})
               or exists (
                   select from person x join enrolment n on n.person_id = x.id join training_class k on k.id = n.class_id
                   where x.merged_into = p.id and {InTraining}))
        """;

    /// <param name="today">Whose year the derived lists are of.</param>
    public static DynamicParameters Parameters(RegionCode region, RegisterScope scope, PeopleFilter filter, DateOnly today)
    {
        var firstDay = new DateOnly(today.Year, 1, 1);
        return new DynamicParameters(new
        {
            Region = region, scope.ScopeTownship, scope.ScopeVillage, scope.ScopeInstitution,
            filter.TownshipCode, filter.VillageCode, filter.Category, filter.ListId, filter.WishTrade, filter.HouseholdNumber,
            Employment = (short?)filter.Employment, Derived = (int)filter.Derived,
            Prefix = filter.NamePrefix is { Length: > 0 } prefix ? EscapeLike(prefix) + "%" : null,
            demandSince = DemandSince(today), enrolledSince = DemandSince(today), firstDay, lastDay = new DateOnly(today.Year, 12, 31),
        });
    }

    /// <summary>The beginning of a day's year: whoever has completed a training since then demands none any more.</summary>
    public static DateTimeOffset DemandSince(DateOnly today) => CountyTime.At(new DateOnly(today.Year, 1, 1), TimeOnly.MinValue).ToUniversalTime();

    private static string EscapeLike(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
