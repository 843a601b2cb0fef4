using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Api;
using Voucher.Server.Portal;
using Voucher.Server.Register.Importing;

namespace Voucher.Server.Settling.Payments;

/// <summary>Hands in the bank's return, and lists those that were booked.</summary>
[Authorize(Policy = Permission.ReadPayments)]
[RequestSizeLimit(UploadLimits.LargestRequestBytes)]
[RequestFormLimits(MultipartBodyLengthLimit = UploadLimits.LargestRequestBytes, MemoryBufferThreshold = UploadLimits.LargestRequestBytes)]
public sealed class ReturnsModel(ReturnReading returns, ImportReturn import, BankFormats formats) : PortalPage
{
    [BindProperty(SupportsGet = true, Name = "p")]
    public int Number { get; set; } = 1;

    public IReadOnlyList<ReturnSummary> Returns { get; private set; } = [];
    public IReadOnlyList<BankFormat> Formats { get; private set; } = [];
    public bool HasMore { get; private set; }
    public bool MayPay => Actor.May(Permission.Pay);

    public string? Problem(string field) => ModelState.TryGetValue(field, out var entry) ? entry.Errors.FirstOrDefault()?.ErrorMessage : null;

    public Task OnGetAsync() => LoadAsync();

    public async Task<IActionResult> OnPostAsync(IFormFile? file, string? format)
    {
        if (!MayPay) return Forbid();
        ModelState.Clear();
        if (UploadedFile.ProblemOf(file) is { } problem) ModelState.AddModelError(problem.Field, problem.Problem.In(Speech.Language));
        else if (Accept(await import.UploadAsync(Actor, await UploadedFile.ReadAsync(file!, HttpContext.RequestAborted), format), out var upload))
            return LocalRedirect($"/settling/returns/uploads/{upload}");
        await LoadAsync();
        return Page();
    }

    private async Task LoadAsync()
    {
        Number = ListPage.Clamp(Number);
        Formats = [.. formats.Read().Formats.Where(format => format.Return is not null)];
        var page = await returns.ListAsync((Number - 1) * PageSize, PageSize + 1);
        (Returns, HasMore) = ([.. page.Take(PageSize)], page.Count > PageSize);
    }
}
