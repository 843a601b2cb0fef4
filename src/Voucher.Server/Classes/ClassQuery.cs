using Voucher.Server.Api;

namespace Voucher.Server.Classes;

/// <summary>Reads the query of a list of classes; what the caller may not see is left out whatever they ask.</summary>
public static class ClassQuery
{
    public static (ClassFilter Filter, List<FieldError> Errors) Read(Actor actor, string? status, string? institutionId, string? lacksSpotCheck, string? page)
    {
        var read = new FieldReader();
        ClassStatus? wanted = null;
        if (!string.IsNullOrEmpty(status))
        {
            if (Enum.TryParse<ClassStatus>(status, ignoreCase: true, out var named) && Enum.IsDefined(named)) wanted = named;
            else read.Fault("status", new("没有这种状态", "There is no such status"));
        }
        var institution = read.OptionalNumber("institutionId", institutionId, 1, int.MaxValue);
        var number = read.OptionalNumber("page", page, 1, ListPage.Last);
        var filter = new ClassFilter(
            actor.Institution, wanted, institution is { } id ? new InstitutionId(id) : null, lacksSpotCheck == "true", number ?? 1);
        return (filter, read.Errors);
    }
}
