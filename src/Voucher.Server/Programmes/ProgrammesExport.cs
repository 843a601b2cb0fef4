using Voucher.Core.Programmes;
using Voucher.Server.Policies;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Programmes;

/// <summary>The menu of programmes as the page narrows it, each with what it is worth today and the rule behind that.</summary>
public sealed class ProgrammesExport(ProgrammeStore programmes, PolicyStore policies)
    : ListExport("programmes", new("培训项目", "Programmes"), Permission.ReadInstitutions)
{
    private sealed record Line(Programme Programme, SubsidyInForce Worth);

    private static readonly Columns<Line> Columns = new Columns<Line>()
        .Text("工种类别", "Trade", row => row.Programme.Trade, 16)
        .Text("编码", "Code", row => $"{row.Programme.Code}", 10)
        .Text("项目", "Programme", row => row.Programme.Name, 26)
        .Words("类型", "Kind", row => row.Programme.Kind.Name(), 16)
        .Words("等级", "Level", row => row.Programme.Level.Name(), 12)
        .Words("方式", "Mode", row => row.Programme.Mode.Name(), 14)
        .Number("理论课时", "Theory", row => row.Programme.TheoryHours, Unit.Hours, 16)
        .Number("实操课时", "Practice", row => row.Programme.PracticeHours, Unit.Hours, 16)
        .Percent("实操占比", "Practice share", row => row.Programme.Hours.PracticePercent, 14)
        .Number("其中安全课时", "Safety among them", row => row.Programme.SafetyHours, Unit.Hours, 18)
        .Money("现行补贴", "Subsidy in force", row => row.Worth.Amount, 18)
        .Words("计算", "How it comes about", row => row.Worth.Arithmetic, 40)
        .Text("依据（文号、版本、条款）", "Rule: document, version, clause", row => string.Join('；', row.Worth.Rules), 44)
        .Tally("可授机构", "Taught by", Unit.Institutions, row => row.Programme.Institutions)
        .YesNo("可开新班", "Open", row => row.Programme.IsOpen);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var filter = new ProgrammeFilter(query.Number("trade"), query.Choice<ProgrammeKind>("kind"), query.Choice<SkillLevel>("level"), query.Flag("open"));
        if (filter.Trade is { } trade) query.Show("工种", "Trade", (await programmes.TradesAsync()).FirstOrDefault(each => each.Code == trade)?.Name ?? $"{trade}");
        query.Show("类型", "Kind", filter.Kind?.Name());
        query.Show("等级", "Level", filter.Level?.Name());
        if (filter.OnlyOpen) query.Show("可开新班", "Open", new Words("只看可开班的", "open ones only"));
        var policy = await policies.InForceOrLastAsync(query.Today);
        return ExportTable.Of(
            query, Columns, (await programmes.ListAsync()).Where(filter.Shows).Select(programme => new Line(programme, SubsidyInForce.Of(programme, policy))));
    }
}
