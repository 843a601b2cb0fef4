using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Voucher.Server.Portal;

namespace Voucher.Server.Spreadsheets;

/// <summary>Where every list's export is asked for, and where one's long ones are fetched. Open to whoever is logged in: each list asks for its own permission.</summary>
public sealed class ExportsModel(AskExport ask, FetchExport fetch, ExportJobStore jobs, ExportCatalogue catalogue) : PortalPage
{
    public IReadOnlyList<ExportJob> Jobs { get; private set; } = [];

    public bool IsUnderWay => Jobs.Any(job => job.IsUnderWay);

    public IEnumerable<string> Problems => ModelState.Values.SelectMany(entry => entry.Errors).Select(error => error.ErrorMessage).Distinct(StringComparer.Ordinal);

    public Words NameOf(ExportJob job) => catalogue.Find(job.List)?.Name ?? new(job.List, job.List);

    public Task OnGetAsync() => LoadAsync();

    /// <summary>A post: names that are searched for stay out of addresses, and it leaves a mark on the audit trail.</summary>
    public async Task<IActionResult> OnPostListAsync()
    {
        var key = Request.Form[ExportFields.Key].FirstOrDefault();
        ModelState.Clear();
        var outcome = await ask.RunAsync(Actor, key, ExportFields.Read(Request.Form), Speech.Language, HttpContext.RequestAborted);
        if (!Accept(outcome, out var answer)) return await ShowAsync(outcome is Outcome<ExportAnswer>.BadInput ? StatusCodes.Status400BadRequest : null);
        Response.Headers.CacheControl = "no-store";
        if (answer.File is { } file) return File(file.Content, Workbook.ContentType, file.Name);
        Done = new Words("名单较长，正在后台生成；完成后在这里下载。", "The list is long and is being made; fetch it here when it is ready.").In(Speech.Language);
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostFetchAsync(long id)
    {
        if (!Accept(await fetch.FindAsync(Actor, id), out var ready)) return await ShowAsync(null);
        Response.Headers.CacheControl = "no-store";
        Response.ContentType = Workbook.ContentType;
        Response.ContentLength = ready.Job.Bytes;
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(ready.Name);
        Response.Headers.ContentDisposition = disposition.ToString();
        await fetch.SendAsync(ready, Response.Body, HttpContext.RequestAborted);
        return new EmptyResult();
    }

    public async Task<IActionResult> OnPostRemoveAsync(long id)
    {
        if (await jobs.RemoveAsync(Actor.Account, id)) Done = new Words("已删除。", "Removed.").In(Speech.Language);
        return RedirectToPage();
    }

    private async Task<IActionResult> ShowAsync(int? status)
    {
        if (status is { } known) Response.StatusCode = known;
        await LoadAsync();
        return Page();
    }

    private async Task LoadAsync() => Jobs = await jobs.OfAsync(Actor.Account);
}
