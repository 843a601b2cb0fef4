using Voucher.Server.Register;

namespace Voucher.Server.PublicMenu;

/// <summary>An institution at which a voucher may be used, and what it teaches within the voucher's scope.</summary>
/// <param name="Township">That its address names; <c>null</c> when it names none.</param>
public sealed record Offer(string Institution, string Address, string Phone, string Programmes, string? Township = null)
{
    /// <summary>Those of the township first; else the order stays, so that nobody is put before another.</summary>
    public static IReadOnlyList<Offer> NearFirst(IReadOnlyList<Offer> offers, string? township) =>
        township is null ? offers : [.. offers.OrderByDescending(offer => offer.Township == township)];

    /// <summary>One line an institution, from one row for each programme that it teaches.</summary>
    public static IReadOnlyList<Offer> Of(IEnumerable<OfferRow> rows, TownshipNames names, IReadOnlyList<Township> townships) =>
    [
        .. rows.GroupBy(row => (row.InstitutionId, row.Institution, row.Address, row.Phone)).Select(institution => new Offer(
            institution.Key.Institution, institution.Key.Address, institution.Key.Phone,
            string.Join('、', institution.Select(row => row.Programme)),
            names.WithinAddress(institution.Key.Address) is { } code ? townships.First(township => township.Code == code).Name : null)),
    ];
}

/// <summary>That an institution teaches a programme today.</summary>
public sealed record OfferRow(InstitutionId InstitutionId, string Institution, string Address, string Phone, int Code, string Programme);

/// <summary>What the table of offers shows: on the voucher's sheet, and on the menu's own paper.</summary>
public sealed record OfferTable(IReadOnlyList<Offer> Offers, string? Township);
