using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Register.Lists;

/// <summary>一库五名单 and the three lists of text 002, with how many the reader sees of each.</summary>
[Authorize(Policy = Permission.ReadHouseholds)]
public sealed class ListsModel(ListStore lists, PersonStore people, SaveList save, FiveLists five) : PortalPage
{
    [BindProperty]
    public ListForm Form { get; set; } = ListForm.Empty;

    public IReadOnlyList<PersonList> Rows { get; private set; } = [];
    public IReadOnlyList<(DerivedList List, int People)> Derived { get; private set; } = [];
    public bool MayEdit => Actor.May(Permission.EditRegister);
    public bool HasStanding => Rows.Any(list => list.Kind is ListKind.Standing);

    public async Task OnGetAsync()
    {
        var scope = RegisterScope.Of(Actor);
        Rows = [.. (await lists.AllAsync(scope)).InOrder()];
        List<(DerivedList, int)> derived = [];
        foreach (var list in DerivedLists.All) derived.Add((list, (await people.PageAsync(scope, new(Derived: list), 1, 1)).Total));
        Derived = derived;
    }

    public async Task<IActionResult> OnPostAddAsync()
    {
        if (!MayEdit) return Forbid();
        if (ModelState.IsValid && Accept(await save.AddAsync(Form, Actor), out var id)) return LocalRedirect($"/register/lists/{id}");
        await OnGetAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostFiveAsync()
    {
        if (!MayEdit) return Forbid();
        ModelState.Clear();
        Accept(await five.AddMissingAsync(Actor));
        return RedirectToPage();
    }
}
