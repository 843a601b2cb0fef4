using Voucher.Server.Vouchers;

namespace Voucher.Server.Issuing.Printing;

/// <summary>An institution at which a voucher may be used, and what it teaches within the voucher's scope.</summary>
public sealed record Offer(string Institution, string Address, string Phone, string Programmes);

/// <summary>One voucher for paper: who gets it and what its code is.</summary>
public sealed record PaperVoucher(VoucherRecord Voucher, QrImage Code);

/// <summary>What stands on the pages: vouchers of one batch, and the second part that every holder gets with theirs.</summary>
/// <param name="CoverTitle">Heading of the list to sign on top, such as the township; <c>null</c>: no list.</param>
public sealed record Paper(string County, Batch Batch, string? CoverTitle, IReadOnlyList<PaperVoucher> Vouchers, IReadOnlyList<Offer> Offers)
{
    /// <summary>What the township gets in all its files: on top of the first; otherwise empty.</summary>
    public IReadOnlyList<BundleTotal> Totals { get; init; } = [];

    /// <summary>The vouchers by village, each bundle with its own list to sign.</summary>
    public IEnumerable<(string? Village, IReadOnlyList<PaperVoucher> Vouchers)> Bundles =>
        Vouchers.GroupBy(one => one.Voucher.Village).Select(bundle => (bundle.Key, (IReadOnlyList<PaperVoucher>)[.. bundle]));
}

/// <summary>How many vouchers of a village lie in which file of the township.</summary>
/// <param name="Village"><c>null</c>: no village is known.</param>
/// <param name="Part">The township's file, counted from 1.</param>
public sealed record BundleTotal(string? Village, int Part, int Vouchers);

/// <summary>Reads what paper shows. The list of institutions and courses goes with every voucher, as text 004 三（一） asks.</summary>
public static class PaperStore
{
    public static async Task<Paper> ReadAsync(
        NpgsqlConnection connection, County county, Batch batch, string? coverTitle, IReadOnlyList<VoucherId> ids, DateOnly today)
    {
        var records = await VoucherRecordStore.ListAsync(connection, county.Region, ids);
        var offers = await OffersAsync(connection, county.Region, batch.Scope, today);
        // Between choosing and printing a voucher may have been voided: its code must not appear any more.
        return new Paper(county.Name, batch, coverTitle, [.. records.Where(record => record.IsUsable(today)).Select(Press)], offers);
    }

    private static PaperVoucher Press(VoucherRecord record) => new(record, new QrImage(record.Digits(), QrStrength.Q));

    /// <summary>Institutions accredited today that teach an open programme within the scope.</summary>
    public static async Task<IReadOnlyList<Offer>> OffersAsync(NpgsqlConnection connection, RegionCode region, VoucherScope scope, DateOnly today) =>
        [.. await connection.QueryAsync<Offer>("""
            select i.name as institution, i.address, i.phone, string_agg(p.name, '、' order by p.code) as programmes
            from institution i
            join institution_programme m on m.institution_id = i.id
            join programme p on p.id = m.programme_id and p.is_open
            where i.region = @region and not i.is_suspended and @today between i.accredited_from and i.accredited_until
                and (@scope = 0 or p.code = @scope or p.trade_code = @scope)
            group by i.id
            order by i.id
            """, new { region, scope, today })];
}
