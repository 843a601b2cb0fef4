using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Settling.Reviewing;

/// <summary>节假日: what is known of each year, entered or corrected by the county.</summary>
[Authorize(Policy = Permission.ReadWholeRegister)]
[RequestSizeLimit(2 * HolidayFile.LargestBytes)]
public sealed class HolidaysModel(HolidayStore store, SaveHolidays save, TimeProvider clock) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public int? Year { get; set; }

    [BindProperty]
    public string? Text { get; set; }

    public IReadOnlyList<CountedYear> Years { get; private set; } = [];
    public bool MayEdit => Actor.May(Permission.EditRegister) || Actor.May(Permission.ApproveClaim);
    public int ThisYear => CountyTime.DayOf(clock.GetUtcNow()).Year;

    public async Task OnGetAsync()
    {
        Years = await store.ListAsync();
        if (Years.FirstOrDefault(counted => counted.Year.Year == Year) is { } known) Text = HolidayText.Write(known.Year);
    }

    /// <summary>What is wrong with a file, row by row.</summary>
    public IReadOnlyList<string> FileFaults { get; private set; } = [];

    public async Task<IActionResult> OnPostImportAsync(IFormFile? file)
    {
        if (!MayEdit) return Forbid();
        if (ModelState.IsValid && Accept(await save.ImportAsync(Actor, file, HttpContext.RequestAborted), out var year))
        {
            Done = new Words($"{year} 年的节假日已导入。", $"The holidays of {year} are imported.").In(Speech.Language);
            return LocalRedirect("/settling/holidays");
        }
        FileFaults = [.. ModelState.Values.SelectMany(entry => entry.Errors).Select(error => error.ErrorMessage).Take(HolidayTable.MostRows)];
        Years = await store.ListAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!MayEdit) return Forbid();
        if (ModelState.IsValid && Accept(await save.RunAsync(Actor, Year, Text)))
        {
            Done = new Words($"{Year} 年的节假日已保存。", $"The holidays of {Year} are saved.").In(Speech.Language);
            return LocalRedirect("/settling/holidays");
        }
        Years = await store.ListAsync();
        return Page();
    }
}
