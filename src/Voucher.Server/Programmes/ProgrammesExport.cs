using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Programmes;

/// <summary>The menu of programmes.</summary>
public sealed class ProgrammesExport(ProgrammeStore programmes) : ListExport("programmes", new("培训项目", "Programmes"), Permission.ReadInstitutions)
{
    private static readonly Columns<Programme> Columns = new Columns<Programme>()
        .Text("工种类别", "Trade", row => row.Trade, 16)
        .Text("编码", "Code", row => $"{row.Code}", 10)
        .Text("项目", "Programme", row => row.Name, 26)
        .Number("理论课时", "Theory", row => row.TheoryHours, Unit.Hours, 16)
        .Number("实操课时", "Practice", row => row.PracticeHours, Unit.Hours, 16)
        .Percent("实操占比", "Practice share", row => row.Hours.PracticePercent, 14)
        .Money("补贴标准", "Subsidy", row => row.SubsidyFen)
        .Tally("可授机构", "Taught by", Unit.Institutions, row => row.Institutions)
        .YesNo("可开新班", "Open", row => row.IsOpen);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query) => ExportTable.Of(query, Columns, await programmes.ListAsync());
}
