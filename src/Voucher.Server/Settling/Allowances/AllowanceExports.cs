using Voucher.Core.Settling;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.Allowances;

/// <summary>All monthly lists of allowances.</summary>
public sealed class AllowanceListsExport(AllowanceReading reading) : ListExport("allowance-lists", new("补助发放表", "Lists of allowances"), Permission.ReadAllowances)
{
    private static readonly Columns<AllowanceListSummary> Columns = new Columns<AllowanceListSummary>()
        .Text("月份", "Month", row => DrawUpAllowances.MonthName(row.Month), 10)
        .Text("表号", "Number", row => $"{row.Id}", 8)
        .Words("范围", "Scope", row => row.Institution is { } name ? new(name, name) : new("全县", "All"), 26)
        .Text("预算项目", "Budget line", row => $"{row.Source} · {row.Line}", 34)
        .Words("状态", "State", row => row.State.Name(), 16)
        .Tally("人数", "People", Unit.People, row => row.People)
        .Number("人天", "Person-days", row => row.Days)
        .Money("金额", "Amount", row => row.Total)
        .Money("待支付", "To be paid", row => row.State == AllowanceListState.Drafted ? Fen.Zero : row.OpenFen)
        .Money("支付中", "With the bank", row => row.InPaymentFen)
        .Money("已付", "Paid", row => row.PaidFen)
        .Text("拟表", "Drafted by", row => row.DraftedBy, 12)
        .Moment("拟表时间", "Drafted", row => row.DraftedAt)
        .Text("审批", "Approved by", row => row.ApprovedBy, 12)
        .Moment("审批时间", "Approved", row => row.ApprovedAt)
        .Text("依据", "Rule", row => row.Rule, 40);

    public override Task<ExportTable?> OpenAsync(ExportQuery query) =>
        Task.FromResult<ExportTable?>(ExportTable.Of(query, Columns, PagedRows.Of(row => row.Id, reading.ListAsync)));
}

/// <summary>发放表: one monthly list, person by person; numbers and accounts masked.</summary>
public sealed class AllowanceEntriesExport(AllowanceReading reading) : ListExport("allowance-entries", new("补助发放表明细", "Allowances of a list"), Permission.ReadAllowances)
{
    private static readonly Columns<AllowanceEntry> Columns = new Columns<AllowanceEntry>()
        .Text("机构", "Institution", row => row.Institution, 26)
        .Text("班级", "Class", row => row.ClassName, 24)
        .Text("姓名", "Name", row => row.Holder, 10)
        .Text("身份证号码", "Identity number", row => row.IdNumberMasked, 20)
        .Words("补助", "Allowance", row => row.Kind.Name(), 14)
        .Number("天数", "Days", row => row.Amount.Days.Count)
        .Text("到课日期", "Days attended", row => string.Join(' ', row.Amount.Days.Select(day => CountyTime.Show(day.Day)[5..])), 40)
        .Words("算式", "Arithmetic", row => row.Amount.Arithmetic, 34)
        .Money("金额", "Amount", row => row.Amount.Amount)
        .Text("开户行", "Bank", row => row.Bank, 20)
        .Text("账号", "Account", row => row.AccountMasked, 20)
        .YesNo("账号与他人相同", "Account shared", row => row.IsShared)
        .Words("状态", "State", row => row.State, 12)
        .Text("作废原因", "Why cancelled", row => row.CancelReason, 24);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var id = new AllowanceListId(query.Id("list"));
        if (await reading.FindAsync(id) is not { } list) return null;
        query.Show("月份", "Month", DrawUpAllowances.MonthName(list.Month));
        query.Show("预算项目", "Budget line", $"{list.Source} · {list.Line}");
        query.Show("状态", "State", list.State.Name());
        query.Show("依据", "Rule", list.Rule);
        return ExportTable.Of(query, Columns, await reading.EntriesAsync(id), $"{DrawUpAllowances.MonthName(list.Month)} {list.Institution}");
    }
}
