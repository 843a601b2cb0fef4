using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;
using Voucher.Server.Settling.Claims;

namespace Voucher.Server.Settling.Reviewing;

/// <summary>How many of a class of the claim were drawn and reached.</summary>
public sealed record CallCoverage(string ClassName, int Lines, int Drawn, int Reached)
{
    public int Percent => 100 * Reached / Math.Max(1, Lines);
}

/// <summary>电话回访 of one claim: whom to call, the number on demand, and what they said. The county's people read it, callers act.</summary>
[Authorize(Policy = Permission.ReadClaims)]
public sealed class CallsModel(NpgsqlDataSource database, ClaimReading claims, RecordCall record) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public long Line { get; set; }

    [BindProperty]
    public string? Note { get; set; }

    public ClaimDetail Claim { get; private set; } = null!;
    public IReadOnlyList<SampledPerson> People { get; private set; } = [];
    public IReadOnlyList<CallCoverage> Coverage { get; private set; } = [];

    /// <summary>The number that was asked for; of <see cref="Line"/> and in this answer only.</summary>
    public string? Number { get; private set; }

    public bool MayCall => Claim.Summary.Status.IsOpen() && Actor.May(Permission.PhoneCheck);

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public async Task<IActionResult> OnPostNumberAsync()
    {
        if (!Actor.May(Permission.PhoneCheck)) return Forbid();
        Response.Headers.CacheControl = "no-store";
        if (Accept(await record.ShowNumberAsync(Actor, new ClaimId(Id), new ClaimLineId(Line)), out var number)) Number = number;
        return await ShowAsync();
    }

    public async Task<IActionResult> OnPostAsync(string? result)
    {
        if (!Actor.May(Permission.PhoneCheck)) return Forbid();
        if (!Accept(await record.RunAsync(Actor, new ClaimId(Id), new ClaimLineId(Line), ReviewEndpoints.ReadResult(result), Note))) return await ShowAsync();
        Done = new Words("回访已登记。", "The call is recorded.").In(Speech.Language);
        return LocalRedirect($"/settling/claims/{Id}/calls");
    }

    private async Task<IActionResult> ShowAsync()
    {
        if (!Actor.IsCounty || await claims.FindAsync(Actor, new ClaimId(Id)) is not { } claim) return NotFound();
        Claim = claim;
        await using var connection = await database.OpenConnectionAsync();
        People = await PhoneStore.ListAsync(connection, null, new ClaimId(Id));
        var drawn = People.ToLookup(person => person.ClassId);
        Coverage = [.. claim.Lines.GroupBy(line => line.Evidence.ClassId).Select(of => new CallCoverage(
            of.First().Evidence.ClassName, of.Count(), drawn[of.Key].Count(),
            drawn[of.Key].Count(person => person.Result is PhoneResult.Confirms or PhoneResult.Denies)))];
        return Page();
    }
}
