using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Api;
using Voucher.Server.Portal;

namespace Voucher.Server.Register.Changes;

/// <summary>Every change of every field of one person: from what to what, by whom or which import, when.</summary>
[Authorize(Policy = Permission.ReadHouseholds)]
public sealed class ChangesModel(PersonStore people, ChangeStore changes) : PortalPage
{
    [BindProperty(SupportsGet = true, Name = "p")]
    public int? RequestedPage { get; set; }

    public PersonSheet Person { get; private set; } = null!;
    public IReadOnlyList<ChangeLine> Lines { get; private set; } = [];
    public ChangeWords Words { get; private set; } = null!;
    public int PageNumber => ListPage.Clamp(RequestedPage);
    public bool HasMore { get; private set; }

    public async Task<IActionResult> OnGetAsync(long id)
    {
        if (await people.GetAsync(RegisterScope.Of(Actor), new PersonId(id)) is not { } person) return NotFound();
        Person = person;
        Lines = await changes.OfPersonAsync(person.Id, PageNumber, PageSize);
        HasMore = (long)PageNumber * PageSize < person.Changes;
        Words = await changes.WordsAsync();
        return Page();
    }
}
