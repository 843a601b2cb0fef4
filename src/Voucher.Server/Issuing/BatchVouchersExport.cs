using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Issuing;

/// <summary>The vouchers of a batch in the order of delivery; names masked, digits and short codes left out: they are as good as the voucher.</summary>
public sealed class BatchVouchersExport(NpgsqlDataSource database, County county)
    : ListExport("batch-vouchers", new("批次培训券", "Vouchers of a batch"), Permission.ReadBatches)
{
    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var (id, township, village) = (new BatchId(query.Id("batch")), query.Number("township"), query.Code("village"));
        await using var connection = await database.OpenConnectionAsync();
        if (await BatchStore.FindAsync(connection, county.Region, id) is not { } batch) return null;
        query.Show("批次", "Batch", batch.Name);
        if (township is { } code)
            query.Show("乡镇", "Township", (await BatchVoucherStore.TownshipsAsync(connection, id)).FirstOrDefault(place => place.Code == code)?.Name ?? $"{code}");
        var columns = new Columns<ListedVoucher>()
            .Text("券号", "Number", row => row.Id.ToString(), 22)
            .Text("持券人", "Holder", row => PersonName.Masked(row.Holder), 12)
            .Text("乡镇", "Township", row => row.Township, 14)
            .Words("状态", "State", row => row.Standing(query.Today), 12)
            .YesNo("报到争议", "In conflict", row => row.InConflict)
            .Day("有效期至", "Valid until", row => row.ValidUntil);
        return ExportTable.Of(query, columns, BatchVoucherStore.AllAsync(database, id, township, village), batch.Name);
    }
}
