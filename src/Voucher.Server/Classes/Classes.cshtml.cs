using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.WebUtilities;
using Voucher.Server.Institutions;
using Voucher.Server.Portal;
using Voucher.Server.Programmes.Orders;

namespace Voucher.Server.Classes;

/// <summary>Classes by state and institution, and which still lack their spot check. A query that makes no sense shows all.</summary>
[Authorize(Policy = Permission.ReadClasses)]
public sealed class ClassesModel(ClassStore classes, InstitutionStore institutions, OrderStore orders, TimeProvider clock) : PortalPage
{
    public IReadOnlyList<TrainingClass> Rows { get; private set; } = [];

    public bool HasMore { get; private set; }

    public ClassFilter Filter { get; private set; } = null!;

    public IReadOnlyList<Institution> Institutions { get; private set; } = [];

    private IReadOnlyDictionary<ProgrammeId, OrderCover> _covers = new Dictionary<ProgrammeId, OrderCover>();

    /// <summary>What employers ordered of a class that waits; <c>null</c> for any other, and where it is taught to no order.</summary>
    public OrderCover? CoverOf(TrainingClass row) => row.Status == ClassStatus.Submitted ? _covers.GetValueOrDefault(row.ProgrammeId) : null;

    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());

    public async Task OnGetAsync(string? status, string? institutionId, string? lacksSpotCheck, string? pageNumber)
    {
        var (filter, errors) = ClassQuery.Read(Actor, status, institutionId, lacksSpotCheck, pageNumber);
        Filter = errors.Count == 0 ? filter : ClassQuery.Read(Actor, null, null, null, null).Filter;
        var rows = await classes.ListAsync(Filter, PageSize, Today);
        (Rows, HasMore) = (rows.Take(PageSize).ToList(), rows.Count > PageSize);
        _covers = await orders.CoverAsync(Rows.Where(row => row.Status == ClassStatus.Submitted).Select(row => row.ProgrammeId));
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
