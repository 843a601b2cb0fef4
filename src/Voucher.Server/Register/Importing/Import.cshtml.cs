using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Register.Importing;

/// <summary>Uploads a 花名册, or hands out an empty one.</summary>
[Authorize(Policy = Permission.ImportRegister)]
[RequestSizeLimit(UploadLimits.LargestRequestBytes)]
[RequestFormLimits(MultipartBodyLengthLimit = UploadLimits.LargestRequestBytes, MemoryBufferThreshold = UploadLimits.LargestRequestBytes)]
public sealed class ImportModel(StartImport start, Lists.ListStore lists) : PortalPage
{
    public string? List { get; private set; }
    public IReadOnlyList<Lists.PersonList> Lists { get; private set; } = [];
    public string? FileProblem => ProblemOf("file");
    public string? ListProblem => ProblemOf("list");

    public Task OnGetAsync() => LoadAsync();

    public IActionResult OnGetTemplate(string? format) => format == "csv"
        ? File(Template.Csv(), "text/csv; charset=utf-8", "花名册.csv")
        : File(Template.Xlsx(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "花名册.xlsx");

    public async Task<IActionResult> OnPostAsync(IFormFile? file, string? list)
    {
        ModelState.Clear();
        List = list;
        if (Accept(await start.RunAsync(file, list, isAsked: true, Actor, HttpContext.RequestAborted), out var import))
            return Redirect($"/register/imports/{import.Id}");
        await LoadAsync();
        return Page();
    }

    private async Task LoadAsync() => Lists = await lists.AllAsync(RegisterScope.County);

    private string? ProblemOf(string field) => ModelState[field]?.Errors.FirstOrDefault()?.ErrorMessage;
}
