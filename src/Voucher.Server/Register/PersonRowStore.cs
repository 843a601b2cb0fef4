namespace Voucher.Server.Register;

/// <summary>What a row of the register says that a new statement may leave as it is.</summary>
public sealed record KnownPerson(
    byte[] IdNumberHash, byte[] ContentHash, string Name, string Education, byte[]? PhoneSealed, int? TownshipCode,
    string HouseholdPlace, string HouseholdKind, string PledgedEmployer, string CategoryText)
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
public sealed record PersonRow(
    byte[] IdNumberHash, byte[] IdNumberSealed, string IdNumberMasked, HolderCheck HolderCheck,
    string Name, bool IsMale, DateOnly BirthDate, string Education, byte[]? PhoneSealed, string PhoneMasked,
    int? Township, string HouseholdPlace, string HouseholdKind, string PledgedEmployer, IReadOnlyList<string> Categories, byte[] ContentHash);

/// <summary>Rows of the register written by the hundred, one statement for all.</summary>
public static class PersonRowStore
{
    /// <summary>Those of the hashes that are known, by the hash in hex; locked until the transaction ends.</summary>
    public static async Task<Dictionary<string, KnownPerson>> LockKnownAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, byte[][] hashes)
    {
        var known = await connection.QueryAsync<KnownPerson>("""
            select id_number_hash, content_hash, name, education, phone_sealed, township_code,
                   household_place, household_kind, pledged_employer, array_to_string(categories, e'\x1e') as category_text
            from person where region = @region and id_number_hash = any(@hashes)
            order by id for update
            """, new { region, hashes }, transaction);
        return known.ToDictionary(person => Convert.ToHexString(person.IdNumberHash));
    }

    public static async Task UpsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region,
        IReadOnlyList<PersonRow> rows, bool isDemo, DateTimeOffset now)
    {
        if (rows.Count == 0) return;
        await connection.ExecuteAsync("""
            insert into person (
                region, id_number_hash, id_number_sealed, id_number_masked, holder_check, name, is_male, birth_date, education,
                phone_sealed, phone_masked, township_code, household_place, household_kind, pledged_employer, categories,
                is_demo, content_hash, created_at, changed_at)
            select @region, hash, sealed, masked, holder_check, name, is_male, birth_date, education,
                phone_sealed, phone_masked, township, place, kind, employer,
                coalesce(string_to_array(nullif(categories, ''), e'\x1e'), '{}'),
                @isDemo, content, @now, @now
            from unnest(@hashes, @sealedNumbers, @masked, @checks, @names, @males, @births, @educations,
                    @phones, @phonesMasked, @townships, @places, @kinds, @employers, @categories, @contents)
                as new (hash, sealed, masked, holder_check, name, is_male, birth_date, education,
                    phone_sealed, phone_masked, township, place, kind, employer, categories, content)
            on conflict (region, id_number_hash) do update set
                name = excluded.name, education = excluded.education,
                phone_sealed = excluded.phone_sealed, phone_masked = excluded.phone_masked,
                township_code = excluded.township_code, household_place = excluded.household_place,
                household_kind = excluded.household_kind, pledged_employer = excluded.pledged_employer,
                categories = excluded.categories, content_hash = excluded.content_hash, changed_at = excluded.changed_at
            """,
            new
            {
                region, isDemo, now,
                hashes = rows.Select(row => row.IdNumberHash).ToArray(),
                sealedNumbers = rows.Select(row => row.IdNumberSealed).ToArray(),
                masked = rows.Select(row => row.IdNumberMasked).ToArray(),
                checks = rows.Select(row => (int)row.HolderCheck.Value).ToArray(),
                names = rows.Select(row => row.Name).ToArray(),
                males = rows.Select(row => row.IsMale).ToArray(),
                births = rows.Select(row => row.BirthDate).ToArray(),
                educations = rows.Select(row => row.Education).ToArray(),
                phones = rows.Select(row => row.PhoneSealed).ToArray(),
                phonesMasked = rows.Select(row => row.PhoneMasked).ToArray(),
                townships = rows.Select(row => row.Township).ToArray(),
                places = rows.Select(row => row.HouseholdPlace).ToArray(),
                kinds = rows.Select(row => row.HouseholdKind).ToArray(),
                employers = rows.Select(row => row.PledgedEmployer).ToArray(),
                categories = rows.Select(row => CategoryList.Join(row.Categories)).ToArray(),
                contents = rows.Select(row => row.ContentHash).ToArray(),
            }, transaction);
    }

    public static Task PutOnListAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, byte[][] hashes, int list) =>
        connection.ExecuteAsync("""
            insert into person_list_member (list_id, person_id)
            select @list, id from person where region = @region and id_number_hash = any(@hashes)
            on conflict do nothing
            """, new { region, hashes, list }, transaction);
}
