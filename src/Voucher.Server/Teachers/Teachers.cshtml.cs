using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Voucher.Server.Api;
using Voucher.Server.Portal;
using Voucher.Server.Programmes;

namespace Voucher.Server.Teachers;

/// <summary>The pool of teachers by source and speciality. A query that makes no sense shows those engaged today.</summary>
[Authorize(Policy = Permission.ReadInstitutions)]
public sealed class TeachersModel(TeacherStore teachers, ProgrammeStore programmes, TimeProvider clock) : PortalPage
{
    public IReadOnlyList<Teacher> Rows { get; private set; } = [];

    public bool HasMore { get; private set; }

    public TeacherFilter Filter { get; private set; } = null!;

    public IReadOnlyList<Trade> Trades { get; private set; } = [];

    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());

    public Task OnGetAsync(string? source, string? trade, string? all, string? pageNumber)
    {
        var (filter, errors) = TeacherQuery.Read(source, trade, all, pageNumber);
        return ShowAsync(errors.Count == 0 ? filter : TeacherQuery.Read(null, null, null, null).Filter);
    }

    /// <summary>A name travels in a form, not in an address.</summary>
    public async Task<IActionResult> OnPostFindAsync(string? name)
    {
        var read = new FieldReader();
        var wanted = read.Text("name", name, TeacherForm.LongestName);
        foreach (var error in read.Errors) ModelState.AddModelError(error.Field, error.Problem.In(Speech.Language));
        await ShowAsync(new TeacherFilter(null, null, EngagedOnly: false, read.Errors.Count == 0 ? wanted : null, Page: 1));
        return Page();
    }

    public string PageUrl(int page) => QueryHelpers.AddQueryString("/teachers", new Dictionary<string, string?>
    {
        ["source"] = Filter.Source?.ToString(),
        ["trade"] = Filter.TradeCode?.ToString(CultureInfo.InvariantCulture),
        ["all"] = Filter.EngagedOnly ? null : "true",
        ["pageNumber"] = page.ToString(CultureInfo.InvariantCulture),
    });

    private async Task ShowAsync(TeacherFilter filter)
    {
        Filter = filter;
        var rows = await teachers.ListAsync(filter, PageSize, clock.GetUtcNow());
        (Rows, HasMore) = (rows.Take(PageSize).ToList(), rows.Count > PageSize);
        Trades = await programmes.TradesAsync();
    }
}
