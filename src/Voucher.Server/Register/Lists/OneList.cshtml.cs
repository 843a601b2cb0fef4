using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Api;
using Voucher.Server.Portal;

namespace Voucher.Server.Register.Lists;

/// <summary>One list, kept or derived: who is on it, how many in each township; a clerk redefines it and takes people off.</summary>
[Authorize(Policy = Permission.ReadHouseholds)]
public sealed class OneListModel(ListStore lists, PersonStore people, SaveList save, ListMembers members, PersonalData personalData) : PortalPage
{
    [BindProperty]
    public ListForm Form { get; set; } = ListForm.Empty;

    [BindProperty(SupportsGet = true)]
    public int? Township { get; set; }

    [BindProperty(SupportsGet = true, Name = "p")]
    public int? RequestedPage { get; set; }

    /// <summary>None when the list is derived.</summary>
    public PersonList? Kept { get; private set; }
    public DerivedList Derived { get; private set; }
    public Words Name => Kept is { } list ? new(list.Name, list.Name) : Derived.Name();
    public Words Definition => Kept is { } list ? new(list.Definition, list.Definition) : Derived.Definition();
    public string Slug => Kept?.Id.ToString(CultureInfo.InvariantCulture) ?? Derived.Slug();
    public IReadOnlyList<PersonLine> People { get; private set; } = [];
    public int Total { get; private set; }
    public IReadOnlyList<TownshipCount> Counts { get; private set; } = [];
    public bool MayEdit => Kept is not null && Actor.May(Permission.EditRegister);
    public int PageNumber => ListPage.Clamp(RequestedPage);
    public int Pages => Math.Max(1, (Total + PageSize - 1) / PageSize);

    public async Task<IActionResult> OnGetAsync(string list)
    {
        if (!await LoadAsync(list)) return NotFound();
        if (Kept is { } kept) Form = new(kept.Name, kept.Kind.ToString(), kept.Definition, kept.Position, kept.Year);
        return Page();
    }

    public Task<IActionResult> OnPostSaveAsync(string list) => RunAsync(list, id => save.ChangeAsync(id, Form, Actor));

    public Task<IActionResult> OnPostTakeOffAsync(string list, long person) => RunAsync(list, id => members.TakeOffAsync(id, new PersonId(person), Actor));

    /// <summary>By identity number, typed or read from a card, which travels in the body.</summary>
    public Task<IActionResult> OnPostPutOnAsync(string list, string? who) => RunAsync(list, async id =>
    {
        if (IdNumber.TryParse(who?.Trim(), out var number) != IdNumberFault.None)
            return new List<FieldError> { new("who", new("身份证号码不对：应为18位，且校验位正确", "Not an identity number: 18 characters with the right check character")) };
        return await people.FindAsync(RegisterScope.Of(Actor), personalData.LookupHash(number)) is { } person
            ? await members.PutOnAsync(id, person, Actor)
            : new List<FieldError> { new("who", new("登记册里没有这个身份证号码", "The register has no such identity number")) };
    });

    public string LinkTo(int page, int? township) => string.Create(CultureInfo.InvariantCulture,
        $"/register/lists/{Slug}?p={page}{(township is { } code ? $"&township={code}" : "")}");

    private async Task<IActionResult> RunAsync(string list, Func<int, Task<Outcome<Nothing>>> write)
    {
        if (!Actor.May(Permission.EditRegister)) return Forbid();
        if (!await LoadAsync(list) || Kept is null) return NotFound();
        if (ModelState.IsValid && Accept(await write(Kept.Id))) return LocalRedirect($"/register/lists/{Slug}");
        return Page();
    }

    private async Task<bool> LoadAsync(string slug)
    {
        Derived = DerivedLists.Named(slug) ?? DerivedList.None;
        if (Derived is DerivedList.None)
        {
            if (!int.TryParse(slug, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || await lists.FindAsync(id) is not { } kept) return false;
            Kept = kept;
        }
        var scope = RegisterScope.Of(Actor);
        var filter = new PeopleFilter(ListId: Kept?.Id, Derived: Derived);
        Counts = await lists.ByTownshipAsync(scope, filter);
        (People, Total) = await people.PageAsync(scope, filter with { TownshipCode = Township }, PageNumber, PageSize);
        return true;
    }
}
