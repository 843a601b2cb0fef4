using Voucher.Server.Api;

namespace Voucher.Server.Teachers;

/// <summary>Reads the query of a list of teachers. A name is searched in a form that is posted, never in an address.</summary>
public static class TeacherQuery
{
    public static (TeacherFilter Filter, List<FieldError> Errors) Read(string? source, string? trade, string? all, string? page)
    {
        var read = new FieldReader();
        TeacherSource? wanted = null;
        if (!string.IsNullOrEmpty(source))
        {
            if (Enum.GetNames<TeacherSource>().Contains(source, StringComparer.Ordinal)) wanted = Enum.Parse<TeacherSource>(source);
            else read.Fault("source", new("没有这种来源", "There is no such source"));
        }
        var filter = new TeacherFilter(
            wanted, read.OptionalNumber("trade", trade, 1, 999), all != "true", Name: null, read.OptionalNumber("page", page, 1, ListPage.Last) ?? 1);
        return (filter, read.Errors);
    }
}
