using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Api;
using Voucher.Server.Portal;
using Voucher.Server.Programmes;
using Voucher.Server.Register.Lists;
using Voucher.Server.Register.Places;

namespace Voucher.Server.Register;

/// <summary>
/// The register as a list, of those whom the reader sees. Filters stand in the address; a name, a number or a household that
/// is looked for never does: it is posted.
/// </summary>
[Authorize(Policy = Permission.ReadPeople)]
public sealed class PeopleModel(
    PersonStore people, ListStore lists, PlaceStore places, ProgrammeStore programmes, PersonalData personalData, TimeProvider clock) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public int? Township { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? Village { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Category { get; set; }

    /// <summary>Number of a list, or the name of a derived one.</summary>
    [BindProperty(SupportsGet = true)]
    public string? List { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Employment { get; set; }

    [BindProperty(SupportsGet = true)]
    public int? Wish { get; set; }

    [BindProperty(SupportsGet = true, Name = "p")]
    public int? RequestedPage { get; set; }

    public string? Who { get; private set; }
    public string? Household { get; private set; }
    public Words? WhoProblem { get; private set; }
    public Words? HouseholdProblem { get; private set; }
    public bool IsSearch { get; private set; }
    public IReadOnlyList<PersonLine> People { get; private set; } = [];
    public int Total { get; private set; }
    public IReadOnlyList<Township> Townships { get; private set; } = [];
    public IReadOnlyList<Village> Villages { get; private set; } = [];
    public IReadOnlyList<string> Categories { get; private set; } = [];
    public IReadOnlyList<PersonList> Lists { get; private set; } = [];
    public IReadOnlyList<Trade> Trades { get; private set; } = [];

    public int PageNumber => ListPage.Clamp(RequestedPage);
    public int Pages => Math.Max(1, (Total + PageSize - 1) / PageSize);
    public bool IsNarrowed => IsSearch || Filters.Any();
    public RegisterScope Scope => RegisterScope.Of(Actor);

    public int AgeOf(PersonLine person) => AgeOn(person.BirthDate, CountyTime.DayOf(clock.GetUtcNow()));

    public Task OnGetAsync()
    {
        if (!Actor.SeesHouseholds()) (Category, List, Employment, Wish, Village) = (null, null, null, null, null);
        if (string.IsNullOrEmpty(Category) || RegisterEndpoints.ProblemOf(Category) is not null) Category = null;
        if (EmploymentOf(Employment) is null) Employment = null;
        if (DerivedLists.Named(List) is null && ListIdOf(List) is null) List = null;
        return ShowAsync(new(Township, Category, ListIdOf(List), null, Village, EmploymentOf(Employment), Wish, null, DerivedLists.Named(List) ?? DerivedList.None));
    }

    public async Task<IActionResult> OnPostFindAsync(string? who, string? household)
    {
        (Who, Household) = (who?.Trim(), Actor.SeesHouseholds() ? household?.Trim() : null);
        if (string.IsNullOrEmpty(Who) && string.IsNullOrEmpty(Household)) return RedirectToPage();
        if (IdNumber.TryParse(Who, out var number) == IdNumberFault.None)
        {
            if (await people.FindAsync(Scope, personalData.LookupHash(number)) is { } id) return Redirect($"/register/people/{id}");
            WhoProblem = new("登记册里没有这个身份证号码", "The register has no such identity number");
        }
        else if (Who?.Count(char.IsDigit) > 3) WhoProblem = new("身份证号码不对：应为18位，且校验位正确", "Not an identity number: 18 characters with the right check character");
        else WhoProblem = RegisterEndpoints.ProblemOf(Who);
        HouseholdProblem = RegisterEndpoints.ProblemOf(Household);
        IsSearch = WhoProblem is null && HouseholdProblem is null;
        await ShowAsync(IsSearch ? new(NamePrefix: Who, HouseholdNumber: string.IsNullOrEmpty(Household) ? null : Household) : new());
        return Page();
    }

    public string LinkTo(int page)
    {
        var query = new QueryBuilder { { "p", page.ToString(CultureInfo.InvariantCulture) } };
        foreach (var (name, value) in Filters) query.Add(name, value);
        return "/register" + query.ToQueryString();
    }

    private IEnumerable<(string Name, string Value)> Filters =>
        new (string Name, string? Value)[]
        {
            ("township", Township?.ToString(CultureInfo.InvariantCulture)), ("village", Village?.ToString(CultureInfo.InvariantCulture)), ("category", Category),
            ("list", List), ("employment", Employment), ("wish", Wish?.ToString(CultureInfo.InvariantCulture)),
        }.Where(filter => !string.IsNullOrEmpty(filter.Value)).Select(filter => (filter.Name, filter.Value!));

    private async Task ShowAsync(PeopleFilter filter)
    {
        (var found, Total) = await people.PageAsync(Scope, filter.For(Actor), PageNumber, PageSize);
        People = [.. found.Select(person => person.For(Actor))];
        Townships = await people.TownshipsAsync();
        if (!Actor.SeesHouseholds()) return;
        if ((Township ?? Scope.ScopeTownship) is { } township) Villages = await places.ChoicesAsync(township);
        Categories = await people.CategoriesAsync(Scope);
        Lists = await lists.AllAsync(Scope);
        Trades = await programmes.TradesAsync();
    }

    private static EmploymentState? EmploymentOf(string? name) =>
        EmploymentStates.All.Where(state => state.ToString() == name).Select(state => (EmploymentState?)state).FirstOrDefault();

    private static int? ListIdOf(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    internal static int AgeOn(DateOnly birth, DateOnly day)
    {
        var age = day.Year - birth.Year;
        return day < birth.AddYears(age) ? age - 1 : age;
    }
}
