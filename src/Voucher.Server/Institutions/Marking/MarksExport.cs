using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Institutions.Marking;

/// <summary>双重点 and 对口帮扶 of one institution, or of all.</summary>
public sealed class MarksExport(MarkStore marks) : ListExport("marks", new("双重点和对口帮扶", "Marks of institutions"), Permission.ReadInstitutions)
{
    private static readonly Columns<InstitutionMark> Columns = new Columns<InstitutionMark>()
        .Text("机构", "Institution", row => row.Institution, 30)
        .Words("标记", "Mark", row => row.Kind.Name())
        .Number("年度", "Year", row => row.Year)
        .Text("工种", "Trade", row => row.Trade)
        .Text("文号", "Document", row => row.DocumentNo, 22)
        .Day("公布日期", "Published", row => row.PublishedOn)
        .Text("帮扶学校", "Helper", row => row.Helper, 26)
        .Day("帮扶自", "Helped from", row => row.HelpedFrom)
        .Day("帮扶至", "Helped until", row => row.HelpedUntil);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var asked = query.Number("institution") is { } id ? new InstitutionId(id) : (InstitutionId?)null;
        if (asked is { } one && !query.Actor.IsCounty && !query.Actor.MayActFor(one)) return null;
        return ExportTable.Of(query, Columns, await marks.ListAsync(asked ?? query.Actor.Institution));
    }
}
