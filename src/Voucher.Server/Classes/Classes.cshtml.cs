using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.WebUtilities;
using Voucher.Server.Institutions;
using Voucher.Server.Portal;

namespace Voucher.Server.Classes;

/// <summary>Classes by state and institution, and which still lack their spot check. A query that makes no sense shows all.</summary>
[Authorize(Policy = Permission.ReadClasses)]
public sealed class ClassesModel(ClassStore classes, InstitutionStore institutions, TimeProvider clock) : PortalPage
{
    public IReadOnlyList<TrainingClass> Rows { get; private set; } = [];

    public bool HasMore { get; private set; }

    public ClassFilter Filter { get; private set; } = null!;

    public IReadOnlyList<Institution> Institutions { get; private set; } = [];

    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());

    public async Task OnGetAsync(string? status, string? institutionId, string? lacksSpotCheck, string? pageNumber)
    {
        var (filter, errors) = ClassQuery.Read(Actor, status, institutionId, lacksSpotCheck, pageNumber);
        Filter = errors.Count == 0 ? filter : ClassQuery.Read(Actor, null, null, null, null).Filter;
        var rows = await classes.ListAsync(Filter, PageSize, Today);
        (Rows, HasMore) = (rows.Take(PageSize).ToList(), rows.Count > PageSize);
        if (Actor.IsCounty) Institutions = await institutions.ListAsync(null);
    }

    public string PageUrl(int page) => QueryHelpers.AddQueryString("/classes", new Dictionary<string, string?>
    {
        ["status"] = Filter.Status?.ToString(),
        ["institutionId"] = Filter.Institution?.ToString(),
        ["lacksSpotCheck"] = Filter.LacksSpotCheck ? "true" : null,
        ["pageNumber"] = page.ToString(CultureInfo.InvariantCulture),
    });
}
