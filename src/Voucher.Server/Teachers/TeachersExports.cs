using System.Globalization;
using Voucher.Server.Classes;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Teachers;

/// <summary>The pool of teachers as its page narrows it; phones and identity numbers masked.</summary>
public sealed class TeachersExport(TeacherStore teachers) : ListExport("teachers", new("师资库", "Teachers"), Permission.ReadInstitutions)
{
    private static readonly Columns<Teacher> Columns = new Columns<Teacher>()
        .Text("姓名", "Name", row => row.Name, 12)
        .Words("来源", "Source", row => row.Source.Name(), 18)
        .Text("单位", "Employer", row => row.Employer, 26)
        .Text("专长", "Speciality", row => row.Trades, 26)
        .Text("资格", "Qualification", row => row.Qualification, 26)
        .Text("联系电话", "Phone", row => row.PhoneMasked, 16)
        .Text("身份证号码", "Identity number", row => row.IdNumberMasked, 22)
        .Day("聘期自", "Engaged from", row => row.EngagedFrom)
        .Day("聘期至", "Engaged until", row => row.EngagedUntil)
        .Text("出库原因", "Why left", row => row.LeftReason, 20)
        .Tally("待上课次", "Sessions to come", Unit.Sessions, row => row.Sessions);

    public override Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var (source, trade, all) = (query.Choice<TeacherSource>("source"), query.Number("trade"), query.Flag("all"));
        var name = query.Personal("name", TeacherForm.LongestName);
        query.Show("来源", "Source", source?.Name());
        query.Show("工种编码", "Trade", trade?.ToString(CultureInfo.InvariantCulture));
        query.Show("聘期", "Engaged", all ? new Words("全部", "all") : new Words("今天在聘", "today"));
        query.Show("姓名", "Name", name);
        var filter = new TeacherFilter(source, trade, !all, name, Page: 1);
        return Task.FromResult<ExportTable?>(ExportTable.Of(query, Columns, PagedRows.Of<Teacher>(
            row => row.Id, async (skip, take) => [.. (await teachers.ListAsync(filter, take, query.Now, skip)).Take(take)])));
    }
}

/// <summary>Who teaches which session of a class.</summary>
public sealed class ClassTeachersExport(ClassStore classes, AssignmentStore assignments)
    : ListExport("class-teachers", new("任课安排", "Teachers of a class"), Permission.ReadClasses)
{
    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        if (await classes.FindAsync(new ClassId(query.Id("class")), query.Actor) is not { } known) return null;
        query.Show("班级", "Class", known.Name);
        var names = await assignments.BySessionAsync(known.Id);
        var columns = new Columns<ClassSession>()
            .Day("日期", "Day", row => row.HeldOn)
            .Text("时间", "Time", row => string.Create(CultureInfo.InvariantCulture, $"{row.StartsAt:HH\\:mm}–{row.EndsAt:HH\\:mm}"), 14)
            .Words("内容", "Content", row => row.IsPractice ? new("实操", "practice") : new("理论", "theory"), 10)
            .Tally("课时", "Hours", Unit.Hours, row => row.Hours)
            .Text("老师", "Teachers", row => names.GetValueOrDefault(row.Id), 30);
        return ExportTable.Of(query, columns, await classes.SessionsAsync(known.Id), known.Name);
    }
}

/// <summary>The sessions to come of one teacher.</summary>
public sealed class TeacherSessionsExport(TeacherStore teachers)
    : ListExport("teacher-sessions", new("老师待上课次", "Sessions of a teacher"), Permission.ReadInstitutions)
{
    private static readonly Columns<TeacherSession> Columns = new Columns<TeacherSession>()
        .Day("日期", "Day", row => row.HeldOn)
        .Text("时间", "Time", row => string.Create(CultureInfo.InvariantCulture, $"{row.StartsAt:HH\\:mm}–{row.EndsAt:HH\\:mm}"), 14)
        .Text("班级", "Class", row => row.Class, 26)
        .Text("机构", "Institution", row => row.Institution, 30);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var id = query.Id("teacher");
        if (id > int.MaxValue || await teachers.FindAsync(new TeacherId((int)id), query.Now) is not { } teacher) return null;
        query.Show("老师", "Teacher", teacher.Name);
        return ExportTable.Of(query, Columns, await teachers.SessionsAsync(teacher.Id, query.Now), teacher.Name);
    }
}
