using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Classes.Certificates;

/// <summary>颁证花名册 of a class: who has which certificate; numbered, typed or handed in as a sheet by the institution.</summary>
[Authorize(Policy = Permission.ReadClasses)]
[RequestSizeLimit(3 * CertificateSheet.LargestFileBytes)]
public sealed class CertificatesModel(
    ClassStore classes, CertificateStore certificates, IssueCertificates issue, RecordCertificates record, UploadCertificates upload,
    VoidCertificate remove, CertificatesPdf pdf, NpgsqlDataSource database, TimeProvider clock) : PortalPage
{
    /// <summary>Cells that are named at once.</summary>
    private const int MostFaults = 100;

    public TrainingClass Known { get; private set; } = null!;

    public IReadOnlyList<CertificateRow> Rows { get; private set; } = [];

    [BindProperty]
    public CertificateForm? Typed { get; set; }

    public bool MayRecord => Actor.May(Permission.RecordAssessment);

    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());

    public IReadOnlyList<string> Faults => [.. ModelState.Values.SelectMany(entry => entry.Errors).Select(error => error.ErrorMessage).Take(MostFaults)];

    public async Task<IActionResult> OnGetAsync(long id) => await LoadAsync(id) ? Page() : NotFound();

    /// <summary>Names, birth dates and scores leave with it: who took it is on the trail.</summary>
    public async Task<IActionResult> OnPostPdfAsync(long id)
    {
        if (!await LoadAsync(id)) return NotFound();
        if (!Accept(await pdf.MakeAsync(Known, Rows, Actor, HttpContext.RequestAborted), out var made)) return Page();
        await ExportTrail.NoteAsync(database, Actor, "export.certificates", $"class:{id}", Ground.Under(Permission.ReadClasses), clock.GetUtcNow());
        return File(made, "application/pdf", $"颁证花名册 {Known.Name}.pdf");
    }

    public async Task<IActionResult> OnPostIssueAsync(long id, DateOnly? issuedOn) =>
        !MayRecord ? Forbid()
        : !ModelState.IsValid ? await OnGetAsync(id)
        : await AfterAsync(id, await issue.RunAsync(new ClassId(id), issuedOn, Actor), count => new($"已为 {count} 人编号", $"{count} certificates are numbered"));

    public async Task<IActionResult> OnPostTypeAsync(long id) =>
        !MayRecord ? Forbid()
        : await AfterAsync(
            id, await record.RunAsync(new ClassId(id), [Typed], Actor, (_, part) => $"Typed.{part}"), _ => new("证书已登记", "The certificate is recorded"));

    public async Task<IActionResult> OnPostUploadAsync(long id, IFormFile? file) =>
        !MayRecord ? Forbid()
        : await AfterAsync(
            id, await upload.RunAsync(new ClassId(id), file, Actor, HttpContext.RequestAborted), count => new($"已登记 {count} 个证书", $"{count} certificates are recorded"));

    public async Task<IActionResult> OnPostVoidAsync(long id, long certificate, string? reason) =>
        !MayRecord ? Forbid()
        : await AfterAsync(
            id, await remove.RunAsync(new ClassId(id), certificate, reason, Actor), _ => new("证书登记已作废", "The certificate is void"));

    private async Task<bool> LoadAsync(long id)
    {
        if (await classes.FindAsync(new ClassId(id), Actor) is not { } known) return false;
        Known = known;
        Rows = await certificates.RosterAsync(known.Id);
        return true;
    }

    private async Task<IActionResult> AfterAsync<T>(long id, Outcome<T> outcome, Func<T, Words> done)
    {
        if (outcome is Outcome<T>.Refused({ Code: RefusalCode.NotFound })) return NotFound();
        if (!Accept(outcome, out var value)) return await OnGetAsync(id);
        Done = done(value).In(Speech.Language);
        return LocalRedirect($"/classes/{id}/certificates");
    }
}
