using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Issuing;

/// <summary>The cover list of a batch: how many vouchers go to each village, and how many are still to be handed over.</summary>
public sealed class BatchVillagesExport(NpgsqlDataSource database, County county)
    : ListExport("batch-villages", new("批次分村清单", "Batch by village"), Permission.ReadBatches)
{
    private sealed record Row(string? Township, BatchVillage Village);

    private static readonly Columns<Row> Columns = new Columns<Row>()
        .Text("乡镇", "Township", row => row.Township, 14)
        .Text("村", "Village", row => row.Village.Name, 16)
        .Text("区划代码", "Code", row => row.Village.Code == 0 ? null : $"{row.Village.Code}", 16)
        .Tally("券", "Vouchers", Unit.Vouchers, row => row.Village.Vouchers)
        .Tally("已领取", "Handed over", Unit.Vouchers, row => row.Village.Vouchers - row.Village.ToHandOver)
        .Tally("未领取", "To be handed over", Unit.Vouchers, row => row.Village.ToHandOver);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var (id, only) = (new BatchId(query.Id("batch")), query.Number("township"));
        await using var connection = await database.OpenConnectionAsync();
        if (await BatchStore.FindAsync(connection, county.Region, id) is not { } batch) return null;
        query.Show("批次", "Batch", batch.Name);
        List<Row> rows = [];
        foreach (var place in (await BatchVoucherStore.TownshipsAsync(connection, id)).Where(place => only is null || place.Code == only))
        {
            if (only is not null) query.Show("乡镇", "Township", place.Name);
            var villages = place.Code is { } code ? await BatchVoucherStore.VillagesAsync(connection, id, code) : [];
            rows.AddRange(villages.Select(village => new Row(place.Name, village)));
            var (vouchers, toHandOver) = (place.Vouchers - villages.Sum(village => village.Vouchers), place.ToHandOver - villages.Sum(village => village.ToHandOver));
            // Those of the township whose village the register does not have.
            if (vouchers > 0) rows.Add(new Row(place.Name, new BatchVillage(0, "", vouchers, toHandOver)));
        }
        return ExportTable.Of(query, Columns, rows, batch.Name);
    }
}
