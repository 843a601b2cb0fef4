using Voucher.Server.Settling.Payments;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.CollegeCosts;

/// <summary>All colleges of a period.</summary>
public sealed class CollegesExport(CollegeReading reading) : ListExport("colleges", new("职业院校分成", "Colleges"), Permission.ReadForms)
{
    private static readonly Columns<CollegeMemo> Columns = new Columns<CollegeMemo>()
        .Text("院校", "College", row => row.Name, 30)
        .Money("培训收入", "Paid", row => row.Paid)
        .Money("追回", "Taken back", row => row.TakenBack)
        .Money("收入净额", "Income", row => row.Split.Income)
        .Money("可用于公用经费", "For running costs", row => row.Split.RunningCosts)
        .Money("其余", "The rest", row => row.Split.Rest);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var period = PeriodOf(query);
        return ExportTable.Of(query, Columns, await reading.ListAsync(query.Actor, period), period.Name.In(query.Language));
    }

    internal static CollegePeriod PeriodOf(ExportQuery query)
    {
        var period = CollegePeriod.Read(query.Number("year"), query.Number("quarter"), query.Today);
        query.Show("期间", "Period", period.Name);
        return period;
    }
}

/// <summary>分成备忘: one college, payment by payment.</summary>
public sealed class CollegeMemoExport(CollegeReading reading) : ListExport("college-memo", new("分成备忘", "Split memo"), Permission.ReadForms)
{
    private static readonly Columns<CollegeIncome> Columns = new Columns<CollegeIncome>()
        .Day("日期", "Day", row => row.Day)
        .Text("支付批次", "Payment", row => row.Payment is { } payment ? PaymentFile.NumberOf(payment) : null, 16)
        .Words("事项", "What", row => row.What, 10)
        .Text("资金来源", "Source", row => row.Source, 24)
        .Text("预算项目", "Budget line", row => row.Line, 28)
        .Tally("券数", "Vouchers", Unit.Vouchers, row => row.Vouchers)
        .Money("金额", "Amount", row => row.Amount)
        .Percent("公用经费上限", "For running costs", row => row.Percent)
        .Text("依据", "Rule", row => row.Rule, 40);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var period = CollegesExport.PeriodOf(query);
        var id = query.Id("institution");
        if (id > int.MaxValue || await reading.FindAsync(query.Actor, new InstitutionId((int)id), period) is not { } memo) return null;
        query.Show("收入净额（元）", "Income, yuan", memo.Split.Income.ToString());
        query.Show("可用于公用经费（元）", "For running costs, yuan", memo.Split.RunningCosts.ToString());
        query.Show("其余（元）", "The rest, yuan", memo.Split.Rest.ToString());
        return ExportTable.Of(query, Columns, memo.Rows, $"{memo.Name} {period.Name.In(query.Language)}");
    }
}
