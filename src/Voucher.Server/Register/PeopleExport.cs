using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Register;

/// <summary>The register as its page narrows it, masked as on the page; the name that was searched for comes in the form.</summary>
public sealed class PeopleExport(PersonStore people) : ListExport("people", new("劳动者登记册", "Register of laborers"), Permission.ReadRegister)
{
    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var filter = new PeopleFilter(query.Number("township"), query.Word("category"), query.Number("list"), query.Personal("who", RegisterEndpoints.LongestNamePrefix));
        await TellAsync(query, filter);
        var columns = new Columns<PersonLine>()
            .Text("姓名", "Name", row => row.Name, 12)
            .Text("身份证号码", "Identity number", row => row.IdNumberMasked, 22)
            .Words("性别", "Sex", row => row.IsMale ? new("男", "M") : new("女", "F"), 8)
            .Number("年龄", "Age", row => PeopleModel.AgeOn(row.BirthDate, query.Today), Unit.Age)
            .Text("联系电话", "Phone", row => row.PhoneMasked, 16)
            .Text("乡镇", "Township", row => row.Township, 14)
            .Text("人员类别", "Categories", row => string.Join('、', row.Categories), 30)
            .YesNo("演示数据", "Demo data", row => row.IsDemo);
        return ExportTable.Of(query, columns, people.AllAsync(filter));
    }

    private async Task TellAsync(ExportQuery query, PeopleFilter filter)
    {
        if (filter.TownshipCode is { } code)
            query.Show("乡镇", "Township", (await people.TownshipsAsync()).FirstOrDefault(place => place.Code == code)?.Name ?? $"{code}");
        query.Show("人员类别", "Category", filter.Category);
        if (filter.ListId is { } list) query.Show("名单", "List", (await people.ListsAsync()).FirstOrDefault(one => one.Id == list)?.Name ?? $"{list}");
        query.Show("姓名开头", "Name begins with", filter.NamePrefix);
    }
}
