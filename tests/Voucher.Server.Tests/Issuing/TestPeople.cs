using System.Globalization;
using Dapper;
using Npgsql;
using Voucher.Core.People;
using Voucher.Core.Regions;
using Voucher.Server.Demo;
using Voucher.Server.Issuing;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Register;

namespace Voucher.Server.Tests.Issuing;

/// <summary>Puts made-up people straight into the register; the importer has tests of its own.</summary>
public static class TestPeople
{
    private static int _sequence;

    /// <summary>Adds people spread over the demo townships and returns their numbers.</summary>
    public static async Task<long[]> AddAsync(
        NpgsqlDataSource database, PersonalData secrets, KeyFolder keys, int count, int birthYear = 1990, string category = "建档立卡")
    {
        var binding = keys.BindingKey();
        var rows = Enumerable.Range(0, count).Select(_ => Row(secrets, binding, birthYear, category)).ToArray();
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<long>("""
            insert into person (
                region, id_number_hash, id_number_sealed, id_number_masked, holder_check, name, is_male, birth_date,
                township_code, household_place, categories, content_hash, created_at, changed_at)
            select @Region, hash, sealed, masked, holder_check, name, true, birth, township, '一社', array[@category], hash, now(), now()
            from unnest(@hashes, @sealeds, @masks, @checks, @names, @births, @townships)
                as row (hash, sealed, masked, holder_check, name, birth, township)
            returning id
            """,
            new
            {
                DemoCounty.Region, category,
                hashes = rows.Select(row => row.Hash).ToArray(), sealeds = rows.Select(row => row.Sealed).ToArray(),
                masks = rows.Select(row => row.Masked).ToArray(), checks = rows.Select(row => row.Check).ToArray(),
                names = rows.Select(row => row.Name).ToArray(), births = rows.Select(row => row.Birth).ToArray(),
                townships = rows.Select(row => row.Township).ToArray(),
            })];
    }

    public static async Task<int> AddListAsync(NpgsqlDataSource database, long[] people)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<int>("""
            with list as (insert into person_list (region, name) values (@Region, @name) returning id),
            members as (insert into person_list_member (list_id, person_id) select list.id, p from list, unnest(@people) as p)
            select id from list
            """, new { DemoCounty.Region, people, name = $"名单 {Guid.NewGuid():N}"[..30] });
    }

    public static BatchRequest Request(int list, long faceValueFen = 150_000, int scope = 0) =>
        new("测试批次", "FaceValue", scope, faceValueFen, null, null, 1, new PeopleRequest(null, null, null, [list], null));

    private static (byte[] Hash, byte[] Sealed, string Masked, int Check, string Name, DateOnly Birth, int Township) Row(
        PersonalData secrets, byte[] binding, int birthYear, string category)
    {
        var number = Interlocked.Increment(ref _sequence);
        // A thousand numbers a day and area; the day runs through the year, the area through the county's villages of old.
        var birth = new DateOnly(birthYear, 1, 1).AddDays(number / 1000 % 365);
        var first17 = string.Create(CultureInfo.InvariantCulture, $"622926{birth:yyyyMMdd}{number % 1000:D3}");
        var id = IdNumber.Parse(first17 + IdNumber.CheckCharacter(first17));
        var place = DemoPlaces.Townships[number % DemoPlaces.Townships.Count];
        return (secrets.LookupHash(id), secrets.Seal(id.Reveal()), id.Masked(), HolderCheck.Of(id, binding).Value,
            $"马测试{number % 97}", birth, place.Code);
    }
}
