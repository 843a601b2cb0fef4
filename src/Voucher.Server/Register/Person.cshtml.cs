using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Register;

/// <summary>One person and their vouchers; the full number only on request and with a reason.</summary>
[Authorize(Policy = Permission.ReadRegister)]
public sealed class PersonModel(PersonStore people, Unmasking unmasking, TimeProvider clock) : PortalPage
{
    public PersonSheet Person { get; private set; } = null!;
    public IReadOnlyList<VoucherOfPerson> Vouchers { get; private set; } = [];
    public string? Revealed { get; private set; }
    public string? Reason { get; private set; }

    public string? ReasonProblem => ModelState["reason"]?.Errors.FirstOrDefault()?.ErrorMessage;
    public int Age => PeopleModel.AgeOn(Person.BirthDate, Today);

    private DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());

    public async Task<IActionResult> OnGetAsync(long id) => await LoadAsync(id) ? Page() : NotFound();

    public async Task<IActionResult> OnPostRevealAsync(long id, string? reason)
    {
        if (!await LoadAsync(id)) return NotFound();
        ModelState.Clear();
        Reason = reason;
        if (Accept(await unmasking.RevealAsync(new PersonId(id), reason, Actor), out var number))
        {
            Revealed = number.Reveal();
            Response.Headers.CacheControl = "no-store";
        }
        return Page();
    }

    /// <summary>Expired is derived from time, never stored.</summary>
    public Words StateOf(VoucherOfPerson voucher) =>
        voucher.State is VoucherState.Issued or VoucherState.Claimed && voucher.ValidUntil < Today ? VoucherStates.Expired : voucher.State.Name();

    private async Task<bool> LoadAsync(long id)
    {
        if (await people.GetAsync(new PersonId(id)) is not { } person) return false;
        Person = person;
        Vouchers = await people.VouchersOfAsync(person.Id);
        return true;
    }
}
