using Voucher.Core.Issuing;
using Voucher.Server.Policies;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Issuing.LeavingOut;

/// <summary>Who was left out of a batch: why, by which rule, and by whom.</summary>
public sealed class BatchLeftOutExport(NpgsqlDataSource database, PolicyStore policies, County county)
    : ListExport("batch-left-out", new("批次剔除人员", "Left out of a batch"), Permission.ReadBatches)
{
    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var id = new BatchId(query.Id("batch"));
        if (!IneligibleReader.MayRead(query.Actor)) return null;
        await using var connection = await database.OpenConnectionAsync();
        if (await BatchStore.FindAsync(connection, county.Region, id) is not { } batch) return null;
        query.Show("批次", "Batch", batch.Name);
        var rules = (await policies.GetAsync(batch.PolicyId)).Parameters;
        var columns = new Columns<LeftOutPerson>()
            .Text("姓名", "Name", row => row.Name, 12)
            .Text("身份证号码", "Identity number", row => row.IdNumberMasked, 22)
            .Text("乡镇", "Township", row => row.Township, 14)
            .Text("村", "Village", row => row.Village, 14)
            .Text("原因", "Why", row => string.Join('；', row.Reasons.Select(reason => reason.Name(rules).In(query.Language))), 40)
            .Text("依据", "Rests on", row => row.Rule, 40)
            .Text("申请", "Asked by", row => row.AskedBy, 12)
            .Text("决定", "Decided by", row => row.DecidedBy, 12)
            .Moment("决定时间", "Decided", row => row.DecidedAt);
        return ExportTable.Of(query, columns, PagedRows.Of(row => row.Id, (skip, take) => PageAsync(id, skip, take)), batch.Name);
    }

    private async Task<IReadOnlyList<LeftOutPerson>> PageAsync(BatchId batch, int skip, int take)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await LeaveOutStore.ListAsync(connection, batch, skip, take);
    }
}
