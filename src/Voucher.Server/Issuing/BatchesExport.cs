using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Issuing;

/// <summary>All batches and how far their vouchers have come.</summary>
public sealed class BatchesExport(NpgsqlDataSource database, County county) : ListExport("batches", new("发券批次", "Batches"), Permission.ReadBatches)
{
    private static readonly Columns<(Batch Batch, BatchFunnel Funnel)> Columns = new Columns<(Batch Batch, BatchFunnel Funnel)>()
        .Text("批次", "Batch", row => row.Batch.Name, 26)
        .Words("券种", "Kind", row => row.Batch.Kind.Name(), 12)
        .Text("限定项目", "Programme", row => row.Batch.ScopeName)
        .Words("状态", "State", row => row.Batch.Status.Name(), 12)
        .Tally("人数", "People", Unit.People, row => row.Batch.People)
        .Money("面值", "Face value", row => row.Batch.FaceValueFen)
        .Money("合计", "Total", row => row.Batch.Total)
        .Day("有效期自", "Valid from", row => row.Batch.ValidFrom)
        .Day("有效期至", "Valid until", row => row.Batch.ValidUntil)
        .Text("预算项目", "Budget line", row => row.Batch.BudgetLineName, 30)
        .Text("拟定", "Drafted by", row => row.Batch.DraftedBy, 12)
        .Moment("拟定时间", "Drafted", row => row.Batch.DraftedAt)
        .Text("审批", "Approved by", row => row.Batch.ApprovedBy, 12)
        .Moment("审批时间", "Approved", row => row.Batch.ApprovedAt)
        .Tally("已发放", "Issued", Unit.Vouchers, row => row.Funnel.Issued)
        .Tally("已领取", "Claimed", Unit.Vouchers, row => row.Funnel.Claimed)
        .Tally("已报到", "Enrolled", Unit.Vouchers, row => row.Funnel.Enrolled)
        .Tally("已结业", "Completed", Unit.Vouchers, row => row.Funnel.Completed)
        .Tally("已申报", "In a claim", Unit.Vouchers, row => row.Funnel.InClaim)
        .Tally("已支付", "Paid", Unit.Vouchers, row => row.Funnel.Paid)
        .Tally("已过期", "Expired", Unit.Vouchers, row => row.Funnel.Expired)
        .Tally("已作废", "Revoked", Unit.Vouchers, row => row.Funnel.Revoked);

    public override Task<ExportTable?> OpenAsync(ExportQuery query) =>
        Task.FromResult<ExportTable?>(ExportTable.Of(query, Columns, PagedRows.Of(row => row.Item1.Id, (skip, take) => PageAsync(query.Today, skip, take))));

    private async Task<IReadOnlyList<(Batch, BatchFunnel)>> PageAsync(DateOnly today, int skip, int take)
    {
        await using var connection = await database.OpenConnectionAsync();
        var batches = await BatchStore.ListAsync(connection, county.Region, skip, take);
        var funnels = await BatchFunnelStore.ReadAsync(connection, batches.Select(batch => batch.Id), today);
        return [.. batches.Select(batch => (batch, funnels.GetValueOrDefault(batch.Id, BatchFunnel.Empty)))];
    }
}
