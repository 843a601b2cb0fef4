using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Core.Classes;
using Voucher.Server.Classes;
using Voucher.Server.Portal;

namespace Voucher.Server.Supervising;

/// <summary>A spot check with its photos; the county adds more.</summary>
[Authorize(Policy = Permission.ReadClaims)]
[RequestSizeLimit(AddPhoto.LargestRequestBytes)]
[RequestFormLimits(MultipartBodyLengthLimit = AddPhoto.LargestRequestBytes)]
public sealed class PhotosModel(ClassStore classes, SpotCheckStore checks, PhotoStore photos, AddPhoto add) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty(SupportsGet = true)]
    public long CheckId { get; set; }

    public TrainingClass Known { get; private set; } = null!;
    public SpotCheck Check { get; private set; } = null!;
    public bool MayAdd => Actor.May(Permission.SpotCheck) && Check.Photos < AddPhoto.Most;
    public string? FileProblem => ModelState["file"]?.Errors.FirstOrDefault()?.ErrorMessage;

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ? Page() : NotFound();

    /// <summary>One photo's bytes, for those who may see the page.</summary>
    public async Task<IActionResult> OnGetPhotoAsync(int number)
    {
        if (!await LoadAsync() || await photos.FindAsync(Actor, CheckId, number) is not { } photo) return NotFound();
        return File(photo.Content, photo.Kind == PhotoKind.Jpeg ? "image/jpeg" : "image/png");
    }

    public async Task<IActionResult> OnPostAsync(IFormFile? file)
    {
        if (!Actor.May(Permission.SpotCheck)) return Forbid();
        if (!await LoadAsync()) return NotFound();
        if (!ModelState.IsValid || !Accept(await add.RunAsync(Actor, Known.Id, CheckId, await ReadAsync(file)))) return Page();
        Done = new Words("照片已添加。", "The photo is added.").In(Speech.Language);
        return LocalRedirect($"/classes/{Id}/spot-checks/{CheckId}");
    }

    private async Task<byte[]?> ReadAsync(IFormFile? file)
    {
        if (file is null || file.Length > PhotoBytes.Longest) return file is null ? null : [0];
        var content = new byte[file.Length];
        await using var stream = file.OpenReadStream();
        await stream.ReadExactlyAsync(content, HttpContext.RequestAborted);
        return content;
    }

    private async Task<bool> LoadAsync()
    {
        if (await classes.FindAsync(new ClassId(Id), Actor) is not { } known) return false;
        if ((await checks.ListAsync(known.Id)).FirstOrDefault(check => check.Id == CheckId) is not { } check) return false;
        (Known, Check) = (known, check);
        return true;
    }
}
