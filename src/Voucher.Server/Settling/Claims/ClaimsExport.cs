using Voucher.Server.Settling.Payments;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.Claims;

/// <summary>All claims; an institution's people get theirs alone.</summary>
public sealed class ClaimsExport(ClaimReading claims) : ListExport("claims", new("申报单", "Claims"), Permission.ReadClaims)
{
    private static readonly Columns<ClaimSummary> Columns = new Columns<ClaimSummary>()
        .Text("申报单号", "Claim", row => $"{row.Id}", 12)
        .Text("机构", "Institution", row => row.Institution, 28)
        .Words("状态", "State", row => row.Status.Name(), 12)
        .Moment("申报时间", "Submitted", row => row.SubmittedAt)
        .Text("申报人", "Submitted by", row => row.SubmittedBy, 12)
        .Tally("券数", "Vouchers", Unit.Vouchers, row => row.Lines)
        .Tally("未审", "Undecided", Unit.Vouchers, row => row.Undecided)
        .Tally("通过", "Passed", Unit.Vouchers, row => row.PassedLines)
        .Money("申报金额", "Claimed", row => row.Claimed)
        .Money("通过金额", "Passed amount", row => row.Passed)
        .Text("审批人", "Approved by", row => row.ApprovedBy, 12)
        .Moment("审批时间", "Approved", row => row.ApprovedAt)
        .Text("支付批次", "Payment", row => row.PaymentId is { } id ? PaymentFile.NumberOf(new PaymentId(id)) : null)
        .Day("支付日期", "Paid on", row => row.PaidOn);

    public override Task<ExportTable?> OpenAsync(ExportQuery query) => Task.FromResult<ExportTable?>(ExportTable.Of(
        query, Columns, PagedRows.Of(row => row.Id, (skip, take) => claims.ListAsync(query.Actor, ClaimQueue.All, skip, take))));
}
