using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Vouchers.Reissuing;

/// <summary>Requests for another reissue, and what was decided.</summary>
public sealed class ReissuesExport(NpgsqlDataSource database, County county) : ListExport("reissues", new("补发复核", "Review of reissues"), Permission.ReadBatches)
{
    private static readonly Columns<ReissueRequest> Columns = new Columns<ReissueRequest>()
        .Text("券号", "Voucher", row => row.VoucherId.ToString(), 22)
        .Text("持券人", "Holder", row => PersonName.Masked(row.Holder), 12)
        .Number("第几次补发", "Which reissue", row => row.Number)
        .Text("理由", "Ground", row => row.Reason, 36)
        .Text("申请人", "Asked by", row => row.RequestedBy, 12)
        .Moment("申请时间", "Asked", row => row.RequestedAt)
        .Words("决定", "Decision", row => row.DecidedAt is null ? new("待复核", "waits") : row.Successor is null ? new("已退回", "turned down") : new("已补发", "replaced"), 12)
        .Text("复核人", "Reviewed by", row => row.DecidedBy, 12)
        .Moment("复核时间", "Reviewed", row => row.DecidedAt)
        .Text("复核意见", "Its ground", row => row.DecidedReason, 30)
        .Text("新券号", "New voucher", row => row.Successor?.ToString(), 22);

    public override Task<ExportTable?> OpenAsync(ExportQuery query) => Task.FromResult<ExportTable?>(ExportTable.Of(query, Columns, PagedRows.Of(row => row.Id, PageAsync)));

    private async Task<IReadOnlyList<ReissueRequest>> PageAsync(int skip, int take)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await ReissueStore.ListAsync(connection, county.Region, skip, take);
    }
}
