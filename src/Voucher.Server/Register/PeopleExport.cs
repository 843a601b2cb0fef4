using System.Globalization;
using Voucher.Server.Programmes;
using Voucher.Server.Register.Lists;
using Voucher.Server.Register.Places;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Register;

/// <summary>
/// The register as its page narrows it and as far as the reader sees, masked as on the page; what is looked for of a person
/// comes in the form.
/// </summary>
public sealed class PeopleExport(PersonStore people, ListStore lists, PlaceStore places, ProgrammeStore programmes)
    : ListExport("people", new("劳动者登记册", "Register of laborers"), Permission.ReadPeople)
{
    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var scope = RegisterScope.Of(query.Actor);
        var filter = FilterOf(query);
        await TellAsync(query, filter);
        var columns = new Columns<PersonLine>()
            .Text("姓名", "Name", row => row.Name, 12)
            .Text("身份证号码", "Identity number", row => row.IdNumberMasked, 22)
            .Words("性别", "Sex", row => row.IsMale ? new("男", "M") : new("女", "F"), 8)
            .Number("年龄", "Age", row => PeopleModel.AgeOn(row.BirthDate, query.Today), Unit.Age)
            .Text("联系电话", "Phone", row => row.PhoneMasked, 16)
            .Text("乡镇", "Township", row => row.Township, 14);
        if (query.Actor.SeesHouseholds())
            columns.Text("村", "Village", row => row.Village, 14)
                .Words("就业状态", "Employment", row => row.Employment.Name(), 14)
                .Text("人员类别", "Categories", row => string.Join('、', row.Categories), 30);
        columns.YesNo("演示数据", "Demo data", row => row.IsDemo);
        return ExportTable.Of(query, columns, people.AllAsync(scope, filter));
    }

    private static PeopleFilter FilterOf(ExportQuery query)
    {
        var list = query.Word("list");
        var employment = query.Word("employment");
        var derived = DerivedLists.Named(list) ?? DerivedList.None;
        int? kept = int.TryParse(list, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
        if (list is not null && derived is DerivedList.None && kept is null) query.Fault(new("list", new("没有这个名单", "There is no such list")));
        EmploymentState? state = EmploymentStates.All.Where(one => one.ToString() == employment).Select(one => (EmploymentState?)one).FirstOrDefault();
        if (employment is not null && state is null) query.Fault(new("employment", new("没有这个就业状态", "There is no such state")));
        var filter = new PeopleFilter(
            query.Number("township"), query.Word("category"), kept, query.Personal("who", RegisterEndpoints.LongestNamePrefix), query.Code("village"),
            state, query.Number("wish"), query.Personal("household", RegisterEndpoints.LongestNamePrefix), derived);
        foreach (var (field, asked) in new (string, object?)[]
            { ("category", filter.Category), ("list", list), ("village", filter.VillageCode), ("employment", employment), ("wish", filter.WishTrade), ("household", filter.HouseholdNumber) })
            if (TraineeView.ProblemOf(asked, query.Actor) is { } problem) query.Fault(new(field, problem));
        return filter;
    }

    private async Task TellAsync(ExportQuery query, PeopleFilter filter)
    {
        if (filter.TownshipCode is { } code)
            query.Show("乡镇", "Township", (await people.TownshipsAsync()).FirstOrDefault(place => place.Code == code)?.Name ?? $"{code}");
        if (filter is { TownshipCode: { } township, VillageCode: { } village })
            query.Show("村", "Village", (await places.ChoicesAsync(township)).FirstOrDefault(place => place.Code == village)?.Name ?? $"{village}");
        query.Show("人员类别", "Category", filter.Category);
        if (filter.ListId is { } list) query.Show("名单", "List", (await lists.NamesAsync()).FirstOrDefault(one => one.Id == list)?.Name ?? $"{list}");
        if (filter.Derived is not DerivedList.None) query.Show("名单", "List", filter.Derived.Name());
        query.Show("就业状态", "Employment", filter.Employment?.Name());
        if (filter.WishTrade is { } trade) query.Show("培训意愿", "Wish", (await programmes.TradesAsync()).FirstOrDefault(one => one.Code == trade)?.Name ?? $"{trade}");
        query.Show("姓名开头", "Name begins with", filter.NamePrefix);
        query.Show("户编号", "Household", filter.HouseholdNumber);
    }
}
