using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Register.Places;

/// <summary>The county's townships, ended ones too.</summary>
public sealed class TownshipsExport(PlaceStore places) : ListExport("townships", new("乡镇", "Townships"), Permission.ReadWholeRegister)
{
    private static readonly Columns<Place> Columns = ColumnsOf().Tally("村", "Villages", Unit.Villages, row => row.Villages);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query) => ExportTable.Of(query, Columns, await places.TownshipsAsync());

    internal static Columns<Place> ColumnsOf() => new Columns<Place>()
        .Text("区划代码", "Code", row => row.Code.ToString(), 16)
        .Text("名称", "Name", row => row.Name)
        .Day("启用", "From", row => row.EffectiveFrom)
        .Day("止用", "Until", row => row.EffectiveUntil)
        .Text("接替的区划代码", "Followed by", row => row.Successor?.ToString(), 16)
        .Tally("人数", "People", Unit.People, row => row.People);
}

/// <summary>The villages of one township.</summary>
public sealed class VillagesExport(PlaceStore places) : ListExport("villages", new("村", "Villages"), Permission.ReadWholeRegister)
{
    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var code = query.Id("township");
        if ((await places.TownshipsAsync()).FirstOrDefault(place => place.Code.Value == code) is not { } township) return null;
        query.Show("乡镇", "Township", township.Name);
        return ExportTable.Of(query, TownshipsExport.ColumnsOf(), await places.VillagesAsync(township.Code.Township), township.Name);
    }
}
