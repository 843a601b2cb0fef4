using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Api;
using Voucher.Server.Portal;

namespace Voucher.Server.Register;

/// <summary>
/// The register as a list. Filters stand in the address; a name or a number that is looked for never does: it is posted.
/// </summary>
[Authorize(Policy = Permission.ReadRegister)]
public sealed class PeopleModel(PersonStore people, PersonalData personalData, TimeProvider clock) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public int? Township { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Category { get; set; }

    [BindProperty(SupportsGet = true)]
    public int? List { get; set; }

    [BindProperty(SupportsGet = true, Name = "p")]
    public int? RequestedPage { get; set; }

    public string? Who { get; private set; }
    public Words? WhoProblem { get; private set; }
    public bool IsSearch { get; private set; }
    public IReadOnlyList<PersonLine> People { get; private set; } = [];
    public int Total { get; private set; }
    public IReadOnlyList<Township> Townships { get; private set; } = [];
    public IReadOnlyList<string> Categories { get; private set; } = [];
    public IReadOnlyList<PersonList> Lists { get; private set; } = [];

    public int PageNumber => ListPage.Clamp(RequestedPage);
    public int Pages => Math.Max(1, (Total + PageSize - 1) / PageSize);
    public bool IsNarrowed => IsSearch || Township is not null || Category is not null || List is not null;

    public int AgeOf(PersonLine person) => AgeOn(person.BirthDate, CountyTime.DayOf(clock.GetUtcNow()));

    public Task OnGetAsync()
    {
        if (RegisterEndpoints.ProblemOf(Category) is not null) Category = null;
        return ShowAsync(new(Township, Category, List));
    }

    public async Task<IActionResult> OnPostFindAsync(string? who)
    {
        Who = who?.Trim();
        if (string.IsNullOrEmpty(Who)) return RedirectToPage();
        if (IdNumber.TryParse(Who, out var number) == IdNumberFault.None)
        {
            if (await people.FindAsync(personalData.LookupHash(number)) is { } id) return Redirect($"/register/people/{id}");
            WhoProblem = new("登记册里没有这个身份证号码", "The register has no such identity number");
        }
        else if (Who.Count(char.IsDigit) > 3) WhoProblem = new("身份证号码不对：应为18位，且校验位正确", "Not an identity number: 18 characters with the right check character");
        else WhoProblem = RegisterEndpoints.ProblemOf(Who);
        IsSearch = WhoProblem is null;
        await ShowAsync(IsSearch ? new(NamePrefix: Who) : new());
        return Page();
    }

    public string LinkTo(int page)
    {
        var query = new QueryBuilder { { "p", page.ToString(System.Globalization.CultureInfo.InvariantCulture) } };
        if (Township is { } township) query.Add("township", township.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (!string.IsNullOrEmpty(Category)) query.Add("category", Category);
        if (List is { } list) query.Add("list", list.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return "/register" + query.ToQueryString();
    }

    private async Task ShowAsync(PeopleFilter filter)
    {
        (People, Total) = await people.PageAsync(filter, PageNumber, PageSize);
        Townships = await people.TownshipsAsync();
        Categories = await people.CategoriesAsync();
        Lists = await people.ListsAsync();
    }

    internal static int AgeOn(DateOnly birth, DateOnly day)
    {
        var age = day.Year - birth.Year;
        return day < birth.AddYears(age) ? age - 1 : age;
    }
}
