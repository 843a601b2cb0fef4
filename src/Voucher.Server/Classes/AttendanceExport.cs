using System.Globalization;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Classes;

/// <summary>The 考勤簿: a column for each session, marked as on the page, then the totals.</summary>
public sealed class AttendanceExport(ClassStore classes, AttendanceSheets sheets) : ListExport("attendance", new("考勤表", "Attendance sheet"), Permission.ReadClasses)
{
    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        if (await classes.FindAsync(new ClassId(query.Id("class")), query.Actor) is not { } known) return null;
        var sheet = await sheets.SheetOfAsync(known.Id);
        query.Show("班级", "Class", known.Name);
        query.Show("机构", "Institution", known.Institution);
        query.Show("记号", "Marks", string.Join("；", Enum.GetValues<AttendanceMark>().Select(mark => $"{mark.Symbol()} {mark.Name().In(query.Language)}")));
        return ExportTable.Of(query, ColumnsOf(sheet, query.Actor), sheet.Lines.Select((line, index) => (line, index)), known.Name);
    }

    private static Columns<(AttendanceLine Line, int Index)> ColumnsOf(AttendanceSheet sheet, Actor actor)
    {
        var columns = new Columns<(AttendanceLine Line, int Index)>()
            .Number("序号", "No.", row => row.Index + 1)
            .Text("姓名", "Name", row => TraineeName.For(actor, row.Line.Trainee), 12);
        foreach (var (at, session) in sheet.Sessions.Index())
        {
            var when = $"{session.HeldOn.ToString("MM-dd", CultureInfo.InvariantCulture)} {session.StartsAt.ToString("HH:mm", CultureInfo.InvariantCulture)}";
            columns.Text(
                $"{when} {(session.IsPractice ? "实操" : "理论")}{session.Hours}课时", $"{when} {(session.IsPractice ? "practice" : "theory")} {session.Hours} h",
                row => row.Line.Marks[at].Symbol(), 12);
        }
        return columns
            .Tally("到课", "Attended", Unit.Sessions, row => row.Line.Attended)
            .Percent("出勤率", "Share", row => row.Line.Percent)
            .Number("实操", "Practice", row => row.Line.Hours.Practice, Unit.Hours, 14)
            .Number("理论", "Theory", row => row.Line.Hours.Theory, Unit.Hours, 14)
            .Text("学员签字", "Signature", _ => "", 16);
    }
}
