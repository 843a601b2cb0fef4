using Voucher.Server.Register;

namespace Voucher.Server.PublicMenu;

/// <summary>A class that can still be joined.</summary>
public sealed record ClassRow(InstitutionId InstitutionId, int Code, string Name, DateOnly StartsOn, int Free);

/// <summary>Reads what may be chosen from. Who may teach today is asked in one statement, for paper, phone and menu alike.</summary>
public static class MenuStore
{
    /// <summary>Classes of one programme at one institution that the menu names.</summary>
    public const int MostClasses = 3;

    /// <summary>Institutions accredited today that teach an open programme within the scope, one row for each programme.</summary>
    public static async Task<IReadOnlyList<OfferRow>> OffersAsync(NpgsqlConnection connection, RegionCode region, VoucherScope scope, DateOnly today) =>
        [.. await connection.QueryAsync<OfferRow>("""
            select i.id as institution_id, i.name as institution, i.address, i.phone, p.code, p.name as programme
            from institution i
            join institution_programme m on m.institution_id = i.id
            join programme p on p.id = m.programme_id and p.is_open
            where i.region = @region and not i.is_suspended and @today between i.accredited_from and i.accredited_until
                and (@scope = 0 or p.code = @scope or p.trade_code = @scope)
            order by i.id, p.code
            """, new { region, scope, today })];

    /// <summary>Approved classes that enrol, the next ones of each programme at each institution.</summary>
    /// <param name="from">The earliest first day of a class that still enrols.</param>
    public static async Task<IReadOnlyList<ClassRow>> ClassesAsync(NpgsqlConnection connection, RegionCode region, DateOnly from) =>
        [.. await connection.QueryAsync<ClassRow>("""
            select institution_id, code, name, starts_on, free from (
                select c.institution_id, p.code, c.name, c.starts_on, greatest(c.capacity - c.enrolled, 0) as free,
                       row_number() over (partition by c.institution_id, c.programme_id order by c.starts_on, c.id) as place
                from training_class c join programme p on p.id = c.programme_id
                where c.region = @region and c.status = 2 and c.starts_on >= @from) next
            where place <= @MostClasses
            order by starts_on, name
            """, new { region, from, MostClasses })];

    public static async Task<IReadOnlyList<Township>> TownshipsAsync(NpgsqlConnection connection, RegionCode region) =>
        [.. await connection.QueryAsync<Township>("select code, name from township where region = @region order by code", new { region })];

    /// <summary>One line an institution, for paper and phone.</summary>
    public static async Task<IReadOnlyList<Offer>> OfferLinesAsync(
        NpgsqlConnection connection, County county, VoucherScope scope, DateOnly today)
    {
        var townships = await TownshipsAsync(connection, county.Region);
        var rows = await OffersAsync(connection, county.Region, scope, today);
        return Offer.Of(rows, new TownshipNames(county.Name, townships), townships.ToDictionary(township => township.Code, township => township.Name));
    }
}
