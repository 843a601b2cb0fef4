using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Register.Households;

/// <summary>一户一人一技: how many of the registered households have somebody trained, by township or by village of one.</summary>
[Authorize(Policy = Permission.ReadHouseholds)]
public sealed class CoverageModel(HouseholdStore households, PersonStore people) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public int? Township { get; set; }

    public IReadOnlyList<PlaceCoverage> Rows { get; private set; } = [];
    public IReadOnlyList<HouseholdLine> Missing { get; private set; } = [];
    public int MissingTotal { get; private set; }
    public string? TownshipName { get; private set; }

    public PlaceCoverage Whole => new(null, null, Rows.Sum(row => row.Households), Rows.Sum(row => row.Covered));

    public async Task OnGetAsync()
    {
        var scope = RegisterScope.Of(Actor);
        Township = TownshipFor(scope, Township);
        Rows = await households.CoverageAsync(scope, Township);
        (Missing, MissingTotal) = await households.PageAsync(scope, new(Township, Covered: false, OnlyRegistered: true), 1, PageSize);
        TownshipName = (await people.TownshipsAsync()).FirstOrDefault(place => place.Code == Township)?.Name;
    }

    /// <summary>Who sees one township or village only sees it by villages at once.</summary>
    internal static int? TownshipFor(RegisterScope scope, int? asked) => asked ?? scope.ScopeTownship ?? (int?)(scope.ScopeVillage / 1000);
}
