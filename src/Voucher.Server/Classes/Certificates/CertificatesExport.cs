using Voucher.Core.Classes;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Classes.Certificates;

/// <summary>
/// The 颁证花名册 of a class: 序号、姓名、性别、出生日期、身份证号码、准考证号（券号）、理论、实作、证书种类、证书编号、发证机关、发证日期、领证签字. It can be
/// filled in and handed in again (<see cref="CertificateSheet"/>).
/// </summary>
public sealed class CertificatesExport(ClassStore classes, CertificateStore certificates)
    : ListExport("certificates", new("颁证花名册", "Certificates"), Permission.ReadClasses)
{
    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        if (await classes.FindAsync(new ClassId(query.Id("class")), query.Actor) is not { } known) return null;
        query.Show("班级", "Class", known.Name);
        var columns = new Columns<(CertificateRow Row, int Index)>()
            .Number("序号", "No.", row => row.Index + 1)
            .Text("姓名", "Name", row => NameFor(query.Actor, row.Row), 12)
            .Words("性别", "Sex", row => row.Row.IsMale ? new("男", "M") : new("女", "F"), 8)
            .Day("出生日期", "Born", row => MaySeeAll(query.Actor) ? row.Row.BirthDate : null)
            .Text("身份证号码", "Identity number", row => row.Row.IdNumberMasked, 22)
            .Text("准考证号（券号）", "Voucher", row => row.Row.Voucher.ToString(), 22)
            .Number("理论", "Theory", row => row.Row.TheoryScore, Unit.Points)
            .Number("实作", "Practice", row => row.Row.PracticeScore, Unit.Points)
            .Words("证书种类", "Kind", row => row.Row.Kind?.Name(), 24)
            .Text("证书编号", "Number", row => row.Row.Number, 22)
            .Text("发证机关", "Issuer", row => row.Row.Issuer, 24)
            .Day("发证日期", "Issued on", row => row.Row.IssuedOn)
            .Text("领证签字", "Signature", _ => "", 14);
        return ExportTable.Of(query, columns, (await certificates.RosterAsync(known.Id)).Select((row, index) => (row, index)), known.Name);
    }

    /// <summary>As on the roster: the county and the institution's manager see who is named; the front desk need not.</summary>
    internal static bool MaySeeAll(Actor actor) => actor.IsCounty || actor.May(Permission.RecordAssessment);

    internal static string NameFor(Actor actor, CertificateRow row) => MaySeeAll(actor) ? row.Name : PersonName.Masked(row.Name);
}
