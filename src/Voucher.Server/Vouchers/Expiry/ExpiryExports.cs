using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Vouchers.Expiry;

/// <summary>Unused vouchers that expire soon, by batch and township: all groups, also beyond those on the page.</summary>
public sealed class ExpiringExport(NpgsqlDataSource database, County county) : ListExport("expiring", new("即将到期的券", "Vouchers that expire soon"), Permission.ReadBatches)
{
    /// <summary>Groups of batch and township; more than any county has.</summary>
    public const int MostGroups = 100_000;

    private static readonly Columns<ExpiringSoon> Columns = new Columns<ExpiringSoon>()
        .Text("批次", "Batch", row => row.Batch, 30)
        .Text("乡镇", "Township", row => row.Township, 14)
        .Day("最早到期", "First expires", row => row.FirstDay)
        .Tally("未使用", "Unused", Unit.Vouchers, row => row.Vouchers)
        .Tally("其中未领取", "Not handed over", Unit.Vouchers, row => row.NotHandedOver)
        .Money("预留", "Reserved", row => row.Reserved);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var days = query.Number("days") is { } asked && ExpiryModel.Ahead.Contains(asked) ? asked : ExpiryModel.Ahead[0];
        query.Show("到期", "Expire within", new Words($"{days} 天内", $"{days} days"));
        await using var connection = await database.OpenConnectionAsync();
        return ExportTable.Of(query, Columns, await ExpiryStore.SoonAsync(connection, county.Region, query.Today, query.Today.AddDays(days), MostGroups));
    }
}

/// <summary>What the expiry runs of a year gave back, by day.</summary>
public sealed class ReleasedExport(NpgsqlDataSource database, County county) : ListExport("released", new("到期退回的资金", "Money given back at expiry"), Permission.ReadBatches)
{
    private static readonly Columns<ReleasedOn> Columns = new Columns<ReleasedOn>()
        .Day("日期", "Day", row => row.Day)
        .Tally("过期券", "Expired", Unit.Vouchers, row => row.Vouchers)
        .Money("退回", "Given back", row => row.Amount);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        await using var connection = await database.OpenConnectionAsync();
        return ExportTable.Of(query, Columns, await ExpiryStore.ReleasedAsync(connection, county.Region, 366));
    }
}
