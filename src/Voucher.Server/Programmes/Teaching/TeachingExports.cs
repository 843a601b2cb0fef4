using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Programmes.Teaching;

/// <summary>Plans, syllabuses and textbooks of one programme in all their versions, as far as the reader sees.</summary>
public sealed class TeachingExport(ProgrammeStore programmes, TeachingStore documents)
    : ListExport("teaching-documents", new("教学材料", "Teaching documents"), Permission.ReadInstitutions)
{
    internal static readonly Columns<TeachingDocument> Columns = new Columns<TeachingDocument>()
        .Words("类型", "Kind", row => row.Kind.Name())
        .Number("版次", "Version", row => row.Version)
        .Text("名称", "Title", row => row.Title, 36)
        .Words("适用", "Whose", row => row.Institution is { } name ? new(name, name) : new("全县通用", "For the whole county"), 26)
        .Words("状态", "State", row => row.Status.Name(), 12)
        .Text("提交人", "Handed in by", row => row.HandedInBy, 12)
        .Moment("提交时间", "Handed in", row => row.HandedInAt)
        .Text("决定人", "Decided by", row => row.DecidedBy, 12)
        .Moment("决定时间", "Decided", row => row.DecidedAt)
        .Text("退回原因", "Refused because", row => row.RefusedReason, 30)
        .Text("文件", "File", row => row.FileName, 26);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var id = query.Id("programme");
        if (id > int.MaxValue || await programmes.FindAsync(new ProgrammeId((int)id)) is not { } programme) return null;
        query.Show("项目", "Programme", programme.Name);
        return ExportTable.Of(query, Columns, await documents.ListAsync(programme.Id, query.Actor.Institution), programme.Name);
    }
}

/// <summary>Teaching documents of all programmes that wait for a decision.</summary>
public sealed class WaitingTeachingExport(TeachingStore documents)
    : ListExport("teaching-waiting", new("待审定的教学材料", "Teaching documents to decide"), Permission.DecideTeaching)
{
    public override async Task<ExportTable?> OpenAsync(ExportQuery query) => ExportTable.Of(query, TeachingExport.Columns, await documents.WaitingAsync());
}
