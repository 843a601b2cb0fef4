using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Core.Matching;
using Voucher.Server.Policies;
using Voucher.Server.Portal;
using Voucher.Server.Register.Importing;

namespace Voucher.Server.Register.Matching;

/// <summary>精准比对: other offices' lists against the register, and the register for other offices.</summary>
[Authorize(Policy = Permission.ReadWholeRegister)]
[RequestSizeLimit(UploadLimits.LargestRequestBytes)]
[RequestFormLimits(MultipartBodyLengthLimit = UploadLimits.LargestRequestBytes, MemoryBufferThreshold = UploadLimits.LargestRequestBytes)]
public sealed class MatchingModel(
    StartMatching start, OutgoingRegister outgoing, MatchStore matches, PersonStore people, PolicyStore policies, TimeProvider clock) : PortalPage
{
    public MatchSource? Source { get; private set; }
    public string? AsOf { get; private set; }
    public bool IsComplete { get; private set; }
    public string? Reason { get; private set; }
    public IReadOnlyList<MatchState> Matches { get; private set; } = [];
    public IReadOnlyList<Township> Townships { get; private set; } = [];
    public Policy Policy { get; private set; } = null!;

    public string Today => CountyTime.DayOf(clock.GetUtcNow()).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    public Task OnGetAsync() => LoadAsync();

    public async Task<IActionResult> OnPostAsync(IFormFile? file, string? source, string? asOf, string? complete)
    {
        if (!Actor.May(Permission.RunMatching)) return Forbid();
        ModelState.Clear();
        (Source, AsOf, IsComplete) = (MatchingEndpoints.ReadSource(source), asOf, complete == "true");
        if (Accept(await start.RunAsync(file, Source, MatchingEndpoints.ReadDay(asOf), complete, Actor, HttpContext.RequestAborted), out var match))
            return LocalRedirect($"/register/matching/{match.Id}");
        await LoadAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostExportAsync(int? township, string? numbers, string? reason)
    {
        if (!Actor.May(Permission.RunMatching)) return Forbid();
        ModelState.Clear();
        Reason = reason;
        if (Accept(await outgoing.RunAsync(Actor, township, numbers == "full", reason), out var file))
            return file;
        await LoadAsync();
        return Page();
    }

    public string? ProblemOf(string field) => ModelState[field]?.Errors.FirstOrDefault()?.ErrorMessage;

    /// <summary>What a hit in the list stops, under the rules of today.</summary>
    public Words EffectOf(MatchSource source) => Policy.Parameters.EffectOf(source) switch
    {
        MatchEffect.BlocksIssuing | MatchEffect.BlocksPayment => new("不发券、不支付", "No voucher, no payment"),
        MatchEffect.BlocksIssuing => new("不发券", "No voucher"),
        MatchEffect.BlocksPayment => new("不支付", "No payment"),
        _ => new("仅提示", "Shown only"),
    };

    private async Task LoadAsync()
    {
        Matches = await matches.NewestAsync(PageSize);
        Townships = await people.TownshipsAsync();
        Policy = await policies.InForceOrLastAsync(CountyTime.DayOf(clock.GetUtcNow()));
    }
}
