using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Programmes.Teaching;

/// <summary>Plans, syllabuses and textbooks of one programme: handed in, decided, looked up.</summary>
[Authorize(Policy = Permission.ReadInstitutions)]
[RequestSizeLimit(TeachingFile.LargestRequestBytes)]
[RequestFormLimits(MultipartBodyLengthLimit = TeachingFile.LargestRequestBytes)]
public sealed class DocumentsModel(ProgrammeStore programmes, TeachingStore store, HandInTeaching handIn, DecideTeaching decide) : PortalPage
{
    public Programme Known { get; private set; } = null!;

    public IReadOnlyList<TeachingDocument> Documents { get; private set; } = [];

    public TeachingForm Typed { get; private set; } = TeachingForm.Empty;

    public string? ProblemOf(string field) => ModelState[field]?.Errors.FirstOrDefault()?.ErrorMessage;

    public async Task<IActionResult> OnGetAsync(int id) => await LoadAsync(id) ? Page() : NotFound();

    public async Task<IActionResult> OnGetFileAsync(int id, int document)
    {
        if (await store.FindAsync(document, Actor.Institution) is not { FileName: { } name } known || known.ProgrammeId.Value != id) return NotFound();
        return await store.ContentAsync(document) is { } content ? File(content, "application/pdf", name) : NotFound();
    }

    public async Task<IActionResult> OnPostAsync(int id, TeachingForm handedIn, IFormFile? file)
    {
        if (!Actor.May(Permission.HandInTeaching)) return Forbid();
        ModelState.Clear();
        var (upload, problem) = await TeachingFile.ReadAsync(file, HttpContext.RequestAborted);
        Typed = handedIn;
        return await AfterAsync(id, await handIn.RunAsync(new ProgrammeId(id), handedIn, upload, problem, Actor), new("已提交，等待审定", "Handed in; a second person decides"));
    }

    public async Task<IActionResult> OnPostApproveAsync(int id, int document) => !Actor.May(Permission.DecideTeaching)
        ? Forbid()
        : await AfterAsync(id, await decide.ApproveAsync(document, Actor), new("已审定", "Approved"));

    public async Task<IActionResult> OnPostRefuseAsync(int id, int document, string? reason) => !Actor.May(Permission.DecideTeaching)
        ? Forbid()
        : await AfterAsync(id, await decide.RefuseAsync(document, reason, Actor), new("已退回", "Refused"));

    private async Task<IActionResult> AfterAsync<T>(int id, Outcome<T> outcome, Words done)
    {
        if (outcome is Outcome<T>.Refused({ Code: RefusalCode.NotFound }) || !await LoadAsync(id)) return NotFound();
        if (!Accept(outcome)) return Page();
        Done = done.In(Speech.Language);
        return LocalRedirect($"/programmes/{id}/documents");
    }

    private async Task<bool> LoadAsync(int id)
    {
        if (await programmes.FindAsync(new ProgrammeId(id)) is not { } known) return false;
        Known = known;
        Documents = await store.ListAsync(known.Id, Actor.Institution);
        return true;
    }
}
