using Voucher.Server.PublicMenu;
using Voucher.Server.Vouchers;

namespace Voucher.Server.Issuing.Printing;

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
        var offers = await MenuStore.OfferLinesAsync(connection, county, batch.Scope, today);
        // Between choosing and printing a voucher may have been voided: its code must not appear any more.
        return new Paper(county.Name, batch, coverTitle, [.. records.Where(record => record.IsUsable(today)).Select(Press)], offers);
    }

    private static PaperVoucher Press(VoucherRecord record) => new(record, new QrImage(record.Digits(), QrStrength.Q));
}
