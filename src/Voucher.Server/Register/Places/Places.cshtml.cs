using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Register.Places;

/// <summary>Townships and villages with the dates of their codes; a clerk adds, renames and ends them.</summary>
[Authorize(Policy = Permission.ReadWholeRegister)]
public sealed class PlacesModel(PlaceStore places, ChangePlace change, TimeProvider clock) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public int? Township { get; set; }

    public IReadOnlyList<Place> Townships { get; private set; } = [];
    public IReadOnlyList<Place> Villages { get; private set; } = [];
    public Place? Chosen { get; private set; }
    public bool MayEdit => Actor.May(Permission.EditRegister);
    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());

    public async Task OnGetAsync()
    {
        Townships = await places.TownshipsAsync();
        Chosen = Townships.FirstOrDefault(place => place.Code.Value == Township);
        if (Chosen is not null) Villages = await places.VillagesAsync(Chosen.Code.Township);
    }

    public Task<IActionResult> OnPostAddAsync(string? code, string? name, DateOnly? from) =>
        RunAsync(() => change.AddAsync(new(code, name, from), Actor), new("已登记", "Entered"));

    public Task<IActionResult> OnPostRenameAsync(string? renameCode, string? newName) =>
        RunAsync(async () => Renamed(await change.RenameAsync(renameCode, newName, Actor), "code", "renameCode", "name", "newName"), new("已改名", "Renamed"));

    public Task<IActionResult> OnPostEndAsync(string? endCode, DateOnly? until, string? successor) =>
        RunAsync(async () => Renamed(await change.EndAsync(new(endCode, until, successor), Actor), "code", "endCode"), new("已撤销，居民已转入接替的区划", "Ended; its people now belong to its successor"));

    private async Task<IActionResult> RunAsync<T>(Func<Task<Outcome<T>>> write, Words done)
    {
        if (!MayEdit) return Forbid();
        if (ModelState.IsValid && Accept(await write()))
        {
            Done = done.In(Speech.Language);
            return RedirectToPage(new { township = Township });
        }
        await OnGetAsync();
        return Page();
    }

    /// <summary>Three forms stand on the page: each marks its own field.</summary>
    private static Outcome<T> Renamed<T>(Outcome<T> outcome, params string[] pairs)
    {
        if (outcome is not Outcome<T>.BadInput(var errors)) return outcome;
        return errors.Select(error => Array.IndexOf(pairs, error.Field) is var at && at >= 0 && at % 2 == 0 ? error with { Field = pairs[at + 1] } : error).ToList();
    }
}
