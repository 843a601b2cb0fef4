using Voucher.Server.Register;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Classes;

/// <summary>
/// The 花名册 of a class in the columns of the official form, numbers masked. Who sees names masked on the page gets what the
/// page shows and no more.
/// </summary>
public sealed class RosterExport(ClassStore classes, RosterStore roster) : ListExport("roster", new("花名册", "Roster"), Permission.ReadClasses)
{
    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        if (await classes.FindAsync(new ClassId(query.Id("class")), query.Actor) is not { } known) return null;
        query.Show("班级", "Class", known.Name);
        var rows = await roster.SheetAsync(known.Id);
        var maySeeAll = query.Actor.IsCounty || query.Actor.May(Permission.RecordAssessment);
        var columns = maySeeAll ? RosterColumns.Official(query.Today, row => row.IdNumberMasked, row => row.PhoneMasked) : RosterColumns.Short();
        return ExportTable.Of(query, columns, rows, known.Name);
    }
}

/// <summary>The same with whole identity numbers and telephones, for the county alone, on a ground that the audit trail keeps.</summary>
public sealed class FullRosterExport(ClassStore classes, RosterStore roster, PersonalData personalData)
    : ListExport("roster-full", new("花名册（完整号码）", "Roster with whole numbers"), Permission.ReadWholeRegister)
{
    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        query.Reason("reason");
        if (await classes.FindAsync(new ClassId(query.Id("class")), query.Actor) is not { } known) return null;
        query.Show("班级", "Class", known.Name);
        query.Show("理由", "Ground", query.WhyUnmasked);
        if (query.Errors.Count > 0) return null;
        var columns = RosterColumns.Official(
            query.Today, row => personalData.Open(row.IdNumberSealed), row => row.PhoneSealed is { } phone ? personalData.Open(phone) : "");
        return ExportTable.Of(query, columns, await roster.SheetAsync(known.Id), known.Name);
    }
}

/// <summary>花名册: 序号、姓名、性别、学历、年龄、身份证号码、联系电话、户口所在地、户口性质、就业安排承诺单位; behind them what the county needs to find the voucher.</summary>
internal static class RosterColumns
{
    public static Columns<RosterRow> Official(DateOnly today, Func<RosterRow, string> number, Func<RosterRow, string> phone) => new Columns<RosterRow>()
        .Number("序号", "No.", row => row.Ordinal)
        .Text("姓名", "Name", row => row.Name, 12)
        .Words("性别", "Sex", row => row.IsMale ? new("男", "M") : new("女", "F"), 8)
        .Text("学历", "Education", row => row.Education, 10)
        .Number("年龄", "Age", row => PeopleModel.AgeOn(row.BirthDate, today), Unit.Age)
        .Text("身份证号码", "Identity number", number, 22)
        .Text("联系电话", "Phone", phone, 16)
        .Text("户口所在地", "Household place", row => row.HouseholdPlace, 26)
        .Text("户口性质", "Household kind", row => row.HouseholdKind, 10)
        .Text("就业安排承诺单位", "Pledged employer", row => row.PledgedEmployer, 24)
        .Text("券号", "Voucher", row => row.Voucher.ToString(), 22)
        .Words("状态", "State", row => row.State.Name(), 12)
        .Moment("报到时间", "Enrolled", row => row.EnrolledAt);

    public static Columns<RosterRow> Short() => new Columns<RosterRow>()
        .Number("序号", "No.", row => row.Ordinal)
        .Text("姓名", "Name", row => PersonName.Masked(row.Name), 12)
        .Text("身份证号码", "Identity number", row => row.IdNumberMasked, 22)
        .Text("券号", "Voucher", row => row.Voucher.ToString(), 22)
        .Words("状态", "State", row => row.State.Name(), 12)
        .Moment("报到时间", "Enrolled", row => row.EnrolledAt);
}
