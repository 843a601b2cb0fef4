using Voucher.Server.Settling.Claims;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.Reviewing;

/// <summary>Claims under review with their deadlines.</summary>
public sealed class ReviewExport(ReviewWork work) : ListExport("review", new("审核进度", "Claims under review"), Permission.ReadClaims)
{
    private static readonly Columns<OpenClaim> Columns = new Columns<OpenClaim>()
        .Text("申报单号", "Claim", row => $"{row.Id}", 12)
        .Text("机构", "Institution", row => row.Institution, 28)
        .Words("状态", "State", row => row.Status.Name(), 12)
        .Moment("申报时间", "Submitted", row => row.SubmittedAt)
        .Day("审核期限", "Due", row => row.Deadline.DueOn)
        .Words("期限", "Time", row => row.Deadline.Say(), 20)
        .Words("轮到", "Turn", row => row.Turn.Name(), 14)
        .Tally("券数", "Vouchers", Unit.Vouchers, row => row.Lines)
        .Tally("未审", "Undecided", Unit.Vouchers, row => row.Undecided)
        .Tally("待审批", "Decided", Unit.Vouchers, row => row.Decided)
        .Tally("退回补正", "Returned", Unit.Vouchers, row => row.Returned)
        .Tally("暂缓", "Held", Unit.Vouchers, row => row.Held)
        .Tally("待回访", "Calls", Unit.People, row => row.Calls);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query) => ExportTable.Of(query, Columns, await work.ListAsync(query.Actor));
}

/// <summary>The telephone sample of one claim; names are masked and numbers are left out.</summary>
public sealed class CallsExport(NpgsqlDataSource database, ClaimReading claims) : ListExport("calls", new("电话回访", "Telephone sample"), Permission.ReadClaims)
{
    private static readonly Columns<SampledPerson> Columns = new Columns<SampledPerson>()
        .Text("券号", "Voucher", row => row.Voucher.ToString(), 22)
        .Text("持券人", "Holder", row => row.Holder, 12)
        .Text("班级", "Class", row => row.ClassName, 24)
        .Number("拨打次数", "Attempts", row => row.Attempts)
        .Words("结果", "Result", row => row.Result?.Name(), 14)
        .Text("说明", "Note", row => row.Note, 30)
        .Text("回访人", "Called by", row => row.CalledBy, 12)
        .Moment("回访时间", "Called", row => row.CalledAt)
        .Text("替换", "Steps in for", row => row.Replaces?.ToString(), 22);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var claim = new ClaimId(query.Id("claim"));
        if (!query.Actor.IsCounty || await claims.FindAsync(query.Actor, claim) is null) return null;
        query.Show("申报单", "Claim", $"{claim}");
        await using var connection = await database.OpenConnectionAsync();
        return ExportTable.Of(query, Columns, await PhoneStore.ListAsync(connection, null, claim), $"{claim}");
    }
}
