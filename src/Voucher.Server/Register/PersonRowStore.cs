using Voucher.Server.Register.Changes;

namespace Voucher.Server.Register;

/// <summary>What a row of the register says that a new statement may leave as it is.</summary>
public sealed record KnownPerson(
    long Id, byte[] IdNumberHash, byte[] IdNumberSealed, byte[] ContentHash, int Changes, string Name, string Education, byte[]? PhoneSealed,
    int? TownshipCode, string HouseholdPlace, string HouseholdKind, string PledgedEmployer, string CategoryText,
    string HouseholdNumber, string Relation, short LabourAbility, long? VillageCode, short Employment, string WishText, bool IsGone)
{
    public IReadOnlyList<string> Categories => CategoryList.Split(CategoryText);
}

/// <summary>Several categories as one text, as they travel to and from the table's array.</summary>
public static class CategoryList
{
    /// <summary>U+001E, a control character, which no category can hold.</summary>
    public const char Separator = '\u001e';

    public static string Join(IEnumerable<string> categories) => string.Join(Separator, categories);

    public static string[] Split(string text) => text.Split(Separator, StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>One row as it is written: what is personal is sealed.</summary>
/// <param name="Changes">How many changes the person has had, these among them.</param>
public sealed record PersonRow(
    byte[] IdNumberHash, byte[] IdNumberSealed, string IdNumberMasked, HolderCheck HolderCheck, bool IsMale, DateOnly BirthDate,
    byte[]? PhoneSealed, string PhoneMasked, PersonRecord Record, byte[] ContentHash, int Changes);

/// <summary>Rows of the register written by the hundred, one statement for all.</summary>
public static class PersonRowStore
{
    /// <summary>
    /// The lock on rows that are changed but never their keys: it does not wait for whoever writes a row that points to a person,
    /// such as a matching or an enrolment.
    /// </summary>
    private const string Known = """
        select id, id_number_hash, id_number_sealed, content_hash, changes, name, education, phone_sealed, township_code,
               household_place, household_kind, pledged_employer, array_to_string(categories, e'\x1e') as category_text,
               coalesce(household_number, '') as household_number, relation, labour_ability, village_code, employment,
               array_to_string(wish_trades, ',') as wish_text, withdrawn_at is not null as is_gone
        from person
        """;

    /// <summary>Those of the hashes that are known, by the hash in hex; locked until the transaction ends.</summary>
    public static async Task<Dictionary<string, KnownPerson>> LockKnownAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, byte[][] hashes)
    {
        var known = await connection.QueryAsync<KnownPerson>(
            $"{Known} where region = @region and id_number_hash = any(@hashes) order by id for no key update", new { region, hashes }, transaction);
        return known.ToDictionary(person => Convert.ToHexString(person.IdNumberHash));
    }

    /// <summary>These people of the county; locked until the transaction ends.</summary>
    public static async Task<IReadOnlyList<KnownPerson>> LockAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, IEnumerable<PersonId> people)
    {
        var ids = people.Select(person => person.Value).ToArray();
        return [.. await connection.QueryAsync<KnownPerson>(
            $"{Known} where region = @region and id = any(@ids) and not is_bait order by id for no key update", new { region, ids }, transaction)];
    }

    /// <summary>Their ids, by the hash in hex.</summary>
    public static async Task<Dictionary<string, long>> UpsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region,
        IReadOnlyList<PersonRow> rows, bool isDemo, long? import, DateTimeOffset now)
    {
        if (rows.Count == 0) return [];
        var written = await connection.QueryAsync<(long Id, byte[] Hash)>($"""
            insert into person (
                region, id_number_hash, id_number_sealed, id_number_masked, holder_check, name, is_male, birth_date, education,
                phone_sealed, phone_masked, township_code, household_place, household_kind, pledged_employer, categories,
                household_number, relation, labour_ability, village_code, employment, wish_trades,
                is_demo, content_hash, changes, imports, created_at, changed_at)
            select @region, hash, sealed, masked, holder_check, name, is_male, birth_date, education,
                phone_sealed, phone_masked, township, place, kind, employer,
                coalesce(string_to_array(nullif(categories, ''), e'\x1e'), array[]::text[]),
                nullif(household, ''), relation, ability, village, employment,
                coalesce(string_to_array(nullif(wishes, ''), ','), array[]::text[])::int[],
                @isDemo, content, changes, array_remove(array[@import::bigint], null), @now, @now
            from unnest(@hashes, @sealedNumbers, @masked, @checks, @names, @males, @births, @educations,
                    @phones, @phonesMasked, @townships, @places, @kinds, @employers, @categories,
                    @households, @relations, @abilities, @villages, @employments, @wishes, @contents, @changes)
                as new (hash, sealed, masked, holder_check, name, is_male, birth_date, education,
                    phone_sealed, phone_masked, township, place, kind, employer, categories,
                    household, relation, ability, village, employment, wishes, content, changes)
            on conflict (region, id_number_hash) do update set
                name = excluded.name, education = excluded.education,
                phone_sealed = excluded.phone_sealed, phone_masked = excluded.phone_masked,
                township_code = excluded.township_code, household_place = excluded.household_place,
                household_kind = excluded.household_kind, pledged_employer = excluded.pledged_employer,
                categories = excluded.categories, household_number = excluded.household_number, relation = excluded.relation,
                labour_ability = excluded.labour_ability, village_code = excluded.village_code, employment = excluded.employment,
                wish_trades = excluded.wish_trades, changes = excluded.changes,
                imports = case when @import::bigint is null then person.imports else {WithImport} end,
                content_hash = excluded.content_hash, changed_at = excluded.changed_at
            returning id, id_number_hash
            """, Columns(region, rows, isDemo, import, now), transaction);
        return written.ToDictionary(row => Convert.ToHexString(row.Hash), row => row.Id);
    }

    private static object Columns(RegionCode region, IReadOnlyList<PersonRow> rows, bool isDemo, long? import, DateTimeOffset now)
    {
        T[] Column<T>(Func<PersonRow, T> of) => [.. rows.Select(of)];
        T[] Of<T>(Func<PersonRecord, T> of) => [.. rows.Select(row => of(row.Record))];
        return new
        {
            region, isDemo, import, now,
            hashes = Column(row => row.IdNumberHash), sealedNumbers = Column(row => row.IdNumberSealed),
            masked = Column(row => row.IdNumberMasked), checks = Column(row => (int)row.HolderCheck.Value),
            males = Column(row => row.IsMale), births = Column(row => row.BirthDate),
            phones = Column(row => row.PhoneSealed), phonesMasked = Column(row => row.PhoneMasked),
            contents = Column(row => row.ContentHash), changes = Column(row => row.Changes),
            names = Of(person => person.Name), educations = Of(person => person.Education), townships = Of(person => person.Township),
            places = Of(person => person.HouseholdPlace), kinds = Of(person => person.HouseholdKind), employers = Of(person => person.PledgedEmployer),
            categories = Of(person => CategoryList.Join(person.Categories)),
            households = Of(person => person.HouseholdNumber), relations = Of(person => person.Relation),
            abilities = Of(person => (short)person.LabourAbility), villages = Of(person => person.Village?.Value),
            employments = Of(person => (short)person.Employment), wishes = Of(person => string.Join(',', person.WishTrades)),
        };
    }

    /// <summary>Imports that a person is remembered to have been in.</summary>
    public const int MostImports = 20;

    /// <summary>The imports of a <c>person</c> with <c>@import</c> as the last of them.</summary>
    private static readonly string WithImport = string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"(array_remove(person.imports, @import::bigint) || @import::bigint)[greatest(1, cardinality(array_remove(person.imports, @import::bigint)) - {MostImports - 2}):]");

    /// <summary>An import had a row of each of them that changed nothing: undoing an earlier one must not take them away.</summary>
    public static Task ConfirmAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, IReadOnlyCollection<byte[]> hashes, long import) =>
        hashes.Count == 0 ? Task.CompletedTask : connection.ExecuteAsync(
            $"update person set imports = {WithImport} where region = @region and id_number_hash = any(@hashes)",
            new { region, hashes = hashes.ToArray(), import }, transaction);

    /// <summary>Whoever stands on the list already stays on it as they came.</summary>
    public static Task PutOnListAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, byte[][] hashes, int list, ChangeCause cause, DateTimeOffset now) =>
        connection.ExecuteAsync("""
            insert into person_list_member (list_id, person_id, import_id, added_by, added_at)
            select @list, id, @Import, @By, @now from person where region = @region and id_number_hash = any(@hashes)
            on conflict do nothing
            """, new { region, hashes, list, cause.Import, cause.By, now }, transaction);
}
