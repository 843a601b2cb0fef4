using Voucher.Server.Api;

namespace Voucher.Server.Institutions.Accrediting;

/// <summary>Reads the query of a list of accreditations; what the caller may not see is left out whatever they ask.</summary>
public static class AccreditationQuery
{
    public static (AccreditationFilter Filter, List<FieldError> Errors) Read(
        Actor actor, string? state, string? year, string? trade, string? institutionId, string? waits, string? page)
    {
        var read = new FieldReader();
        AccreditationState? wanted = null;
        if (!string.IsNullOrEmpty(state))
        {
            if (Enum.GetNames<AccreditationState>().Contains(state, StringComparer.Ordinal)) wanted = Enum.Parse<AccreditationState>(state);
            else read.Fault("state", new("没有这种状态", "There is no such state"));
        }
        var institution = read.OptionalNumber("institutionId", institutionId, 1, int.MaxValue);
        var filter = new AccreditationFilter(
            actor.Institution, wanted, read.OptionalNumber("year", year, 2016, 2100), read.OptionalNumber("trade", trade, 1, 999),
            institution is { } id ? new InstitutionId(id) : null, waits == "true", read.OptionalNumber("page", page, 1, ListPage.Last) ?? 1);
        return (filter, read.Errors);
    }
}
