using Voucher.Server.Register.Places;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Register.Households;

/// <summary>Households as their page narrows them and as far as the reader sees.</summary>
public sealed class HouseholdsExport(HouseholdStore households, PersonStore people, PlaceStore places)
    : ListExport("households", new("户", "Households"), Permission.ReadHouseholds)
{
    internal static readonly Columns<HouseholdLine> Columns = new Columns<HouseholdLine>()
        .Text("户编号", "Number", row => row.Number, 16)
        .Text("户主", "Head", row => row.Head, 12)
        .Text("乡镇", "Township", row => row.Township, 14)
        .Text("村", "Village", row => row.Village, 14)
        .Tally("家庭成员", "Members", Unit.People, row => row.Members)
        .YesNo("建档立卡", "Registered poor", row => row.IsRegistered)
        .YesNo("一户一技", "Somebody trained", row => row.IsCovered)
        .Tally("未完成措施", "Open measures", Unit.Items, row => row.OpenMeasures);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var scope = RegisterScope.Of(query.Actor);
        var covered = query.Word("covered") switch { "yes" => true, "no" => false, _ => (bool?)null };
        var filter = new HouseholdFilter(
            query.Number("township"), query.Code("village"), covered, query.Personal("number", RegisterEndpoints.LongestNamePrefix));
        if (filter.TownshipCode is { } code)
            query.Show("乡镇", "Township", (await people.TownshipsAsync()).FirstOrDefault(place => place.Code == code)?.Name ?? $"{code}");
        if (filter is { TownshipCode: { } township, VillageCode: { } village })
            query.Show("村", "Village", (await places.ChoicesAsync(township)).FirstOrDefault(place => place.Code == village)?.Name ?? $"{village}");
        query.Show("一户一技", "Somebody trained", covered switch { true => new Words("已覆盖", "Yes"), false => new Words("未覆盖", "No"), null => null });
        query.Show("户编号", "Household", filter.Number);
        return ExportTable.Of(query, Columns, AllAsync(households, scope, filter));
    }

    internal static IAsyncEnumerable<HouseholdLine> AllAsync(HouseholdStore households, RegisterScope scope, HouseholdFilter filter) =>
        PagedRows.Of(row => row.Id, async (skip, take) => (await households.PageAsync(scope, filter, 1, take, skip)).Households);
}

/// <summary>Who belongs to one household.</summary>
public sealed class HouseholdMembersExport(HouseholdStore households)
    : ListExport("household-members", new("家庭成员", "Members of a household"), Permission.ReadHouseholds)
{
    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var scope = RegisterScope.Of(query.Actor);
        if (await households.FindAsync(scope, query.Id("household")) is not { } household) return null;
        query.Show("户编号", "Household", household.Number);
        var columns = new Columns<HouseholdMember>()
            .Text("姓名", "Name", row => row.Name, 12)
            .Text("与户主关系", "Relation", row => row.Relation, 12)
            .Words("性别", "Sex", row => row.IsMale ? new("男", "M") : new("女", "F"), 8)
            .Number("年龄", "Age", row => PeopleModel.AgeOn(row.BirthDate, query.Today), Unit.Age)
            .Words("劳动能力", "Labour ability", row => row.LabourAbility.Name())
            .Words("就业状态", "Employment", row => row.Employment.Name())
            .Tally("结业", "Trainings completed", Unit.Times, row => row.Completed);
        return ExportTable.Of(query, columns, await households.MembersAsync(scope, household.Number), household.Number);
    }
}
