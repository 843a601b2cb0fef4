using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;
using Voucher.Server.Programmes;
using Voucher.Server.Register.Places;

namespace Voucher.Server.Register;

/// <summary>A clerk corrects what the register says of one person, with a reason.</summary>
[Authorize(Policy = Permission.EditRegister)]
public sealed class EditPersonModel(PersonStore people, ChangePerson change, PlaceStore places, ProgrammeStore programmes) : PortalPage
{
    [BindProperty]
    public PersonForm Form { get; set; } = PersonForm.Empty;

    public PersonSheet Person { get; private set; } = null!;
    public IReadOnlyList<Township> Townships { get; private set; } = [];
    public IReadOnlyList<Village> Villages { get; private set; } = [];
    public IReadOnlyList<Trade> Trades { get; private set; } = [];

    public string? Fault(string field) => ModelState.TryGetValue(field, out var entry) ? entry.Errors.FirstOrDefault()?.ErrorMessage : null;

    public async Task<IActionResult> OnGetAsync(long id)
    {
        if (await change.FormOfAsync(new PersonId(id), Actor) is not { } form || !await LoadAsync(id)) return NotFound();
        Form = form;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(long id)
    {
        if (!ModelState.IsValid) return await LoadAsync(id) ? Page() : NotFound();
        ModelState.Clear();
        if (Accept(await change.CorrectAsync(new PersonId(id), Form, Actor)))
        {
            Done = new Words("已更正，变更记录保留更正前的内容", "Corrected; the history keeps what was there before").In(Speech.Language);
            return LocalRedirect($"/register/people/{id}");
        }
        return await LoadAsync(id) ? Page() : NotFound();
    }

    private async Task<bool> LoadAsync(long id)
    {
        if (await people.GetAsync(RegisterScope.Of(Actor), new PersonId(id)) is not { } person) return false;
        Person = person;
        Townships = await people.TownshipsAsync();
        Villages = await places.ChoicesAsync(null);
        Trades = await programmes.TradesAsync();
        return true;
    }
}
