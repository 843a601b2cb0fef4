using Voucher.Core.Programmes;
using Voucher.Server.Programmes;
using Voucher.Server.Programmes.Orders;
using Voucher.Server.Register;

namespace Voucher.Server.PublicMenu;

/// <summary>An institution that teaches a programme, and when it begins next.</summary>
/// <param name="Township">That its address names; <c>null</c> when it names none.</param>
public sealed record MenuOffer(
    InstitutionId Id, string Institution, string Address, string Phone, int? Township, Spelling Spelling, IReadOnlyList<ClassRow> Classes);

/// <summary>A programme as the public menu shows it. Only what at least one institution teaches today is on it.</summary>
/// <param name="Order">The newest order of an employer, where the programme is taught to one.</param>
public sealed record MenuEntry(
    Programme Programme, SubsidyInForce Worth, ProgrammeOrder? Order, Spelling Spelling, Spelling TradeSpelling, IReadOnlyList<MenuOffer> Offers)
{
    /// <summary>Whether people of the township need not go elsewhere: it is taught there, or comes to them.</summary>
    public bool IsNear(int township) => Programme.Mode.ComesToTrainee() || Offers.Any(offer => offer.Township == township);

    public bool IsFoundBy(string normalised) =>
        Spelling.Matches(normalised) || TradeSpelling.Matches(normalised) || Offers.Any(offer => offer.Spelling.Matches(normalised));
}

/// <summary>The public menu (“菜单”, text 001) as it stands at one moment. Nothing in it is personal.</summary>
/// <param name="HasRule">False on a day that no policy pack covers: no desk enrols, and no class is shown.</param>
public sealed record MenuBoard(
    string County, string CountyPhone, DateOnly Day, DateTimeOffset ReadAt, bool HasRule, TownshipCodes Townships, IReadOnlyList<MenuEntry> Entries,
    IReadOnlyList<Offer> OfferLines)
{
    /// <summary>Of a code that has ended, the township that follows it: addresses of the menu hang on walls.</summary>
    public Township? TownshipOf(int? code) => Townships.Today(code);

    /// <summary>What a question finds; of a township, what is near comes first.</summary>
    public IReadOnlyList<MenuEntry> Find(MenuQuestion asked)
    {
        var found = Entries.Where(entry =>
            (asked.Trade is not { } trade || entry.Programme.TradeCode == trade)
            && (asked.Kind is not { } kind || entry.Programme.Kind == kind)
            && (!asked.OnlyNear || asked.Township is not { } place || entry.IsNear(place))
            && entry.IsFoundBy(asked.Normalised));
        return asked.Township is { } township
            ? [.. found.OrderByDescending(entry => entry.IsNear(township)).Select(entry => entry with { Offers = [.. entry.Offers.OrderByDescending(offer => offer.Township == township)] })]
            : [.. found];
    }
}
