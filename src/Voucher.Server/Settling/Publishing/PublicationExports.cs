using Voucher.Core.Settling;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.Publishing;

/// <summary>Published lists.</summary>
public sealed class PublicationsExport(PublicationReading publications) : ListExport("publications", new("公示", "Publications"), Permission.ReadPayments)
{
    private static readonly Columns<PublicationSummary> Columns = new Columns<PublicationSummary>()
        .Text("编号", "Number", row => row.Number, 12)
        .Text("公示", "List", row => row.Heading, 30)
        .Day("起", "From", row => row.FromDay)
        .Day("止", "Until", row => row.UntilDay)
        .Tally("行数", "Lines", Unit.Rows, row => row.Lines)
        .Money("金额", "Amount", row => row.AmountFen)
        .Tally("有异议", "Objected", Unit.Rows, row => row.Objected)
        .Tally("异议成立", "Struck", Unit.Rows, row => row.Struck)
        .Text("发布", "Published by", row => row.PublishedBy, 12)
        .Moment("发布时间", "Published", row => row.PublishedAt)
        .Text("依据", "Under", row => row.Rule, 30);

    public override Task<ExportTable?> OpenAsync(ExportQuery query) =>
        Task.FromResult<ExportTable?>(ExportTable.Of(query, Columns, PagedRows.Of(row => row.Id, publications.ListAsync)));
}

/// <summary>The lines of one list as they were shown, masked, with how they stand.</summary>
public sealed class PublicationLinesExport(PublicationReading publications) : ListExport("publication-lines", new("公示名单", "Lines of a publication"), Permission.ReadPayments)
{
    private static readonly Columns<PublicationLine> Columns = new Columns<PublicationLine>()
        .Number("行", "Line", row => row.Position)
        .Text("机构", "Institution", row => row.Institution, 26)
        .Text("项目", "Course", row => row.Course, 22)
        .Text("班级", "Class", row => row.ClassName, 22)
        .Text("学员", "Trainee", row => row.MaskedName, 10)
        .Tally("券数", "Vouchers", Unit.Vouchers, row => row.Vouchers)
        .Text("券号末4位", "Voucher ends in", row => row.VoucherTail, 12)
        .Money("金额", "Amount", row => row.AmountFen)
        .Money("其中留存", "Kept back", row => row.RetainedFen)
        .Words("公示状态", "Standing", row => row.Standing.Name(), 22);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        if (await publications.FindAsync(query.Id("publication")) is not { } found) return null;
        query.Show("公示", "List", $"{found.Number} {found.Heading}");
        return ExportTable.Of(query, Columns, PagedRows.Of(row => row.Position, (skip, take) => publications.LinesAsync(found.Id, skip, take)), found.Number);
    }
}

/// <summary>What waits to be published, by claim.</summary>
public sealed class WaitingPublicationExport(PublicationReading publications) : ListExport("publication-waiting", new("等待公示", "Waiting for publication"), Permission.ReadPayments)
{
    private static readonly Columns<WaitingClaim> Columns = new Columns<WaitingClaim>()
        .Text("机构", "Institution", row => row.Institution, 26)
        .Text("申报单", "Claim", row => row.ClaimId is { } claim ? $"{claim}" : null, 10)
        .Tally("行数", "Lines", Unit.Rows, row => row.Lines)
        .Money("金额", "Amount", row => row.AmountFen);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query) => ExportTable.Of(query, Columns, await publications.WaitingAsync());
}

/// <summary>Objections, the open ones first; without who objected.</summary>
public sealed class ObjectionsExport(ObjectionReading objections) : ListExport("objections", new("公示异议", "Objections"), Permission.ReadPayments)
{
    private static readonly Columns<ObjectionDetail> Columns = new Columns<ObjectionDetail>()
        .Text("编号", "Number", row => row.Number, 12)
        .Words("状态", "State", row => row.State.Name())
        .Text("公示", "List", row => $"{PublicationNumber.Of(row.PublicationId)} {row.Heading}", 30)
        .Words("方式", "Came by", row => row.Channel.Name(), 12)
        .Tally("涉及", "Lines", Unit.Rows, row => row.Lines)
        .Text("行号", "Line numbers", row => row.Positions, 20)
        .Text("内容", "What is said", row => row.Said, 50)
        .Moment("收到时间", "Received", row => row.ReceivedAt)
        .Text("接收", "Taken by", row => row.ReceivedBy, 12)
        .Day("办理期限", "To decide by", row => row.DueOn)
        .Moment("决定时间", "Decided", row => row.DecidedAt)
        .Money("成立前已付，待追回", "Paid before, to take back", row => row.SentTotal)
        .Text("最后理由", "Last ground", row => row.Steps.Count > 0 ? row.Steps[^1].Reason : null, 30)
        .Text("最后经手", "Last step by", row => row.Steps.Count > 0 ? row.Steps[^1].By : null, 12);

    public override Task<ExportTable?> OpenAsync(ExportQuery query) => Task.FromResult<ExportTable?>(ExportTable.Of(query, Columns,
        PagedRows.Of(row => row.Id, (skip, take) => objections.ListAsync(true, skip, take)).Concat(PagedRows.Of(row => row.Id, (skip, take) => objections.ListAsync(false, skip, take)))));
}
