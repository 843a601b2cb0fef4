using Voucher.Core.Classes;
using Voucher.Server.Register;

namespace Voucher.Server.PublicMenu;

/// <summary>A class that enrols.</summary>
/// <param name="Free">Places that are left; 0: it is full.</param>
public sealed record ClassRow(InstitutionId InstitutionId, int Code, string Name, DateOnly StartsOn, DateOnly EndsOn, int Free);

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

    /// <summary>
    /// Approved classes for which a desk enrols today, the first to begin of each programme at each institution. What is over is
    /// left to the database; whether the rest enrols is said by the rule that the desk goes by.
    /// </summary>
    public static async Task<IReadOnlyList<ClassRow>> ClassesAsync(
        NpgsqlConnection connection, RegionCode region, DateOnly today, PolicyParameters parameters)
    {
        var classes = await connection.QueryAsync<ClassRow>("""
            select c.institution_id, p.code, c.name, c.starts_on, c.ends_on, greatest(c.capacity - c.enrolled, 0) as free
            from training_class c join programme p on p.id = c.programme_id
            where c.region = @region and c.status = 2 and c.ends_on >= @today
            order by c.starts_on, c.name, c.id
            """, new { region, today });
        return
        [
            .. classes.Where(one => EnrolmentWindow.Of(one.StartsOn, one.EndsOn, parameters).IsOpenOn(today))
                .GroupBy(one => (one.InstitutionId, one.Code)).SelectMany(next => next.Take(MostClasses)),
        ];
    }

    /// <summary>One line an institution, for paper and phone.</summary>
    public static async Task<IReadOnlyList<Offer>> OfferLinesAsync(
        NpgsqlConnection connection, County county, VoucherScope scope, DateOnly today)
    {
        var townships = await TownshipCodeStore.ReadAsync(connection, county.Region);
        return Offer.Of(await OffersAsync(connection, county.Region, scope, today), townships.NamesInAddresses(county.Name), townships.InForce);
    }
}
