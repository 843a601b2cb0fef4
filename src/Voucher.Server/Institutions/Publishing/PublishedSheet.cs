using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Institutions.Publishing;

/// <summary>The published list as a spreadsheet; no person is in it, and nobody need log in for it.</summary>
public static class PublishedSheet
{
    public static StreamedSheet Of(PublishedModel page, string language)
    {
        var name = new Words("培训机构认定公示", "Accredited training institutions").In(language);
        var columns = new Columns<PublishedInstitution>()
            .Text("机构", "Institution", row => row.Name, 30)
            .Text("统一社会信用代码", "Uscc", row => row.Uscc.ToString(), 22)
            .Text("地址", "Address", row => row.Address, 30)
            .Text("联系电话", "Phone", row => row.Phone.Length > 0 ? row.Phone : page.County.Phone, 16)
            .Text("可授项目", "Programmes", row => row.Programmes, 40)
            .Tally("每班人数", "Class size", Unit.People, row => row.Capacity)
            .Day("认定自", "Accredited from", row => row.AccreditedFrom)
            .Day("认定至", "Accredited until", row => row.AccreditedUntil)
            .YesNo("暂停招生", "Suspended", row => row.IsSuspended)
            .Text("标记", "Marks", row => string.Join('、', page.Marked[row.Id].Select(mark => mark.Short.In(language))), 30)
            .Text("实训场地", "Practice", row => row.Places, 40);
        return StreamedSheet.Of($"{name} {page.Today:yyyyMMdd}.xlsx", name, language, columns, page.Rows.ToAsyncEnumerable());
    }
}
