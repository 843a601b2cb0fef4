using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Classes;

/// <summary>The 成绩单 of a class: 序号、准考证号（券号）、姓名、理论、实作、备注.</summary>
public sealed class ResultsExport(ClassStore classes, RosterStore roster) : ListExport("results", new("成绩单", "Results"), Permission.ReadClasses)
{
    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        if (await classes.FindAsync(new ClassId(query.Id("class")), query.Actor) is not { } known) return null;
        query.Show("班级", "Class", known.Name);
        var columns = new Columns<(Trainee Trainee, int Index)>()
            .Number("序号", "No.", row => row.Index + 1)
            .Text("准考证号（券号）", "Voucher", row => row.Trainee.Voucher.ToString(), 22)
            .Text("姓名", "Name", row => TraineeName.For(query.Actor, row.Trainee), 12)
            .Number("理论", "Theory", row => row.Trainee.TheoryScore, Unit.Points)
            .Number("实作", "Practice", row => row.Trainee.PracticeScore, Unit.Points)
            .Words("考核结果", "Result", row => row.Trainee.HasPassed switch { true => new("合格", "Passed"), false => new("不合格", "Failed"), null => null }, 12)
            .Words("备注", "Remark", row => row.Trainee.State.Name(), 14);
        return ExportTable.Of(query, columns, (await roster.ListAsync(known.Id)).Select((trainee, index) => (trainee, index)), known.Name);
    }
}
