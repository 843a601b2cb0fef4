using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;
using Voucher.Server.Register.Changes;

namespace Voucher.Server.Register.TrainingFiles;

/// <summary>学员档案 on one page, to read and to print.</summary>
[Authorize(Policy = Permission.ReadPeople)]
public sealed class TrainingFilePageModel(ReadTrainingFile files, ChangeStore changes, TimeProvider clock) : PortalPage
{
    /// <summary>Of the person; a page model has a method of the shorter name already.</summary>
    public TrainingFile Dossier { get; private set; } = null!;

    public ChangeWords Words { get; private set; } = null!;
    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());
    public bool IsAuthority => Actor.May(Permission.ReadHouseholds);
    public bool IsCounty => Actor.May(Permission.ReadWholeRegister);

    public Words StateOf(FileVoucher voucher) => voucher.State.IsExpiredOn(Today, voucher.ValidUntil) ? VoucherStates.Expired : voucher.State.Name();

    public async Task<IActionResult> OnGetAsync(long id)
    {
        if (await files.OfAsync(new PersonId(id), Actor) is not { } file) return NotFound();
        Dossier = file;
        Words = await changes.WordsAsync();
        return Page();
    }
}
