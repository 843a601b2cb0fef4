using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Api;
using Voucher.Server.Portal;
using Voucher.Server.Register.Places;

namespace Voucher.Server.Register.Households;

/// <summary>Households by place; those that nobody has been trained of can be picked out. A number that is looked for is posted.</summary>
[Authorize(Policy = Permission.ReadHouseholds)]
public sealed class HouseholdsModel(HouseholdStore households, PersonStore people, PlaceStore places) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public int? Township { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? Village { get; set; }

    /// <summary><c>yes</c>, <c>no</c> or nothing.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Covered { get; set; }

    [BindProperty(SupportsGet = true, Name = "p")]
    public int? RequestedPage { get; set; }

    public string? Number { get; private set; }
    public Words? NumberProblem { get; private set; }
    public IReadOnlyList<HouseholdLine> Rows { get; private set; } = [];
    public int Total { get; private set; }
    public IReadOnlyList<Township> Townships { get; private set; } = [];
    public IReadOnlyList<Village> Villages { get; private set; } = [];
    public int PageNumber => ListPage.Clamp(RequestedPage);
    public int Pages => Math.Max(1, (Total + PageSize - 1) / PageSize);
    public bool IsNarrowed => Number is not null || Township is not null || Village is not null || CoveredOf is not null;

    private bool? CoveredOf => Covered switch { "yes" => true, "no" => false, _ => null };

    public Task OnGetAsync() => ShowAsync(new(Township, Village, CoveredOf));

    public async Task<IActionResult> OnPostFindAsync(string? number)
    {
        Number = number?.Trim();
        if (string.IsNullOrEmpty(Number)) return RedirectToPage();
        NumberProblem = RegisterEndpoints.ProblemOf(Number);
        await ShowAsync(NumberProblem is null ? new(Number: Number) : new());
        return Page();
    }

    public string LinkTo(int page)
    {
        var query = new QueryBuilder { { "p", page.ToString(CultureInfo.InvariantCulture) } };
        if (Township is { } township) query.Add("township", township.ToString(CultureInfo.InvariantCulture));
        if (Village is { } village) query.Add("village", village.ToString(CultureInfo.InvariantCulture));
        if (CoveredOf is not null) query.Add("covered", Covered!);
        return "/register/households" + query.ToQueryString();
    }

    private async Task ShowAsync(HouseholdFilter filter)
    {
        var scope = RegisterScope.Of(Actor);
        (Rows, Total) = await households.PageAsync(scope, filter, PageNumber, PageSize);
        Townships = await people.TownshipsAsync();
        if ((Township ?? scope.ScopeTownship) is { } township) Villages = await places.ChoicesAsync(township);
    }
}
