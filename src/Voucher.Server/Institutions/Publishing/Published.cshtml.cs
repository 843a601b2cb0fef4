using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Voucher.Server.Institutions.Marking;
using Voucher.Server.Portal;
using Voucher.Server.Programmes;

namespace Voucher.Server.Institutions.Publishing;

/// <summary>The accredited institutions, for anybody: no log-in, one round of reading, kept by browsers and proxies for a minute.</summary>
[AllowAnonymous]
public sealed class PublishedModel(PublishedStore published, MarkStore marks, ProgrammeStore programmes, County county, TimeProvider clock) : PageModel
{
    /// <summary>How long a copy serves: a suspension is on the list within a minute.</summary>
    public const int KeepSeconds = 60;

    public IReadOnlyList<PublishedInstitution> Rows { get; private set; } = [];

    public ILookup<InstitutionId, InstitutionMark> Marked { get; private set; } = null!;

    public IReadOnlyList<Trade> Trades { get; private set; } = [];

    public int? Trade { get; private set; }

    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());

    public County County => county;

    public async Task OnGetAsync(string? trade)
    {
        await LoadAsync(trade);
        KeepForAMinute();
    }

    /// <summary>The same list as a spreadsheet: what is published may be taken along by anybody.</summary>
    public async Task<IActionResult> OnGetSheetAsync(string? trade)
    {
        await LoadAsync(trade);
        KeepForAMinute();
        return PublishedSheet.Of(this, Speech.Language);
    }

    private void KeepForAMinute()
    {
        Response.Headers.CacheControl = $"public, max-age={KeepSeconds}";
        Response.Headers.Vary = "Cookie";
    }

    private async Task LoadAsync(string? trade)
    {
        Trades = await programmes.TradesAsync();
        Trade = int.TryParse(trade, System.Globalization.CultureInfo.InvariantCulture, out var code) && Trades.Any(one => one.Code == code) ? code : null;
        Rows = await published.ListAsync(Today, Trade);
        Marked = (await marks.ShownAsync(Today)).ToLookup(mark => mark.InstitutionId);
    }
}
