using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.WebUtilities;
using Voucher.Server.Portal;
using Voucher.Server.Programmes;

namespace Voucher.Server.Institutions.Accrediting;

/// <summary>Accreditations by state, year and trade. A query that makes no sense shows all.</summary>
[Authorize(Policy = Permission.ReadInstitutions)]
public sealed class AccreditationsModel(AccreditationStore accreditations, ProgrammeStore programmes, TimeProvider clock) : PortalPage
{
    public IReadOnlyList<AccreditationRecord> Rows { get; private set; } = [];

    public bool HasMore { get; private set; }

    public AccreditationFilter Filter { get; private set; } = null!;

    public IReadOnlyList<Trade> Trades { get; private set; } = [];

    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());

    public async Task OnGetAsync(string? state, string? year, string? trade, string? institutionId, string? waits, string? pageNumber)
    {
        var (filter, errors) = AccreditationQuery.Read(Actor, state, year, trade, institutionId, waits, pageNumber);
        Filter = errors.Count == 0 ? filter : AccreditationQuery.Read(Actor, null, null, null, null, null, null).Filter;
        var rows = await accreditations.ListAsync(Filter, PageSize);
        (Rows, HasMore) = (rows.Take(PageSize).ToList(), rows.Count > PageSize);
        Trades = await programmes.TradesAsync();
    }

    public string PageUrl(int page) => QueryHelpers.AddQueryString("/accreditations", new Dictionary<string, string?>
    {
        ["state"] = Filter.State?.ToString(),
        ["year"] = Filter.Year?.ToString(CultureInfo.InvariantCulture),
        ["trade"] = Filter.TradeCode?.ToString(CultureInfo.InvariantCulture),
        ["waits"] = Filter.Waits ? "true" : null,
        ["pageNumber"] = page.ToString(CultureInfo.InvariantCulture),
    });
}
