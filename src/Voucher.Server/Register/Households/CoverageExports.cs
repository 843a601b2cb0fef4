using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Register.Households;

/// <summary>一户一人一技 by township, or by village of one.</summary>
public sealed class CoverageExport(HouseholdStore households, PersonStore people)
    : ListExport("coverage", new("一户一技覆盖", "Coverage of households"), Permission.ReadHouseholds)
{
    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var scope = RegisterScope.Of(query.Actor);
        var township = CoverageModel.TownshipFor(scope, query.Number("township"));
        await TellAsync(query, people, township);
        var columns = new Columns<PlaceCoverage>();
        columns = (township is null ? columns.Text("乡镇", "Township", row => row.Name) : columns.Text("村", "Village", row => row.Name))
            .Text("区划代码", "Code", row => row.Code is { } code ? $"{code}" : null, 16)
            .Tally("户数", "Households", Unit.Households, row => row.Households)
            .Tally("已覆盖", "Covered", Unit.Households, row => row.Covered)
            .Tally("未覆盖", "Not covered", Unit.Households, row => row.Households - row.Covered)
            .Percent("覆盖率", "Share", row => row.Households == 0 ? null : 100m * row.Covered / row.Households);
        return ExportTable.Of(query, columns, await households.CoverageAsync(scope, township));
    }

    internal static async Task TellAsync(ExportQuery query, PersonStore people, int? township)
    {
        if (township is { } code) query.Show("乡镇", "Township", (await people.TownshipsAsync()).FirstOrDefault(place => place.Code == code)?.Name ?? $"{code}");
    }
}

/// <summary>Registered households of which nobody has been trained.</summary>
public sealed class NotCoveredExport(HouseholdStore households, PersonStore people)
    : ListExport("households-not-covered", new("一户一技未覆盖的户", "Households not covered"), Permission.ReadHouseholds)
{
    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var scope = RegisterScope.Of(query.Actor);
        var township = CoverageModel.TownshipFor(scope, query.Number("township"));
        await CoverageExport.TellAsync(query, people, township);
        var filter = new HouseholdFilter(township, Covered: false, OnlyRegistered: true);
        return ExportTable.Of(query, HouseholdsExport.Columns, HouseholdsExport.AllAsync(households, scope, filter));
    }
}
