using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Register.Duplicates;

/// <summary>Cases as their page narrows them, one a row: what the file says, and who of the register is meant; masked.</summary>
public sealed class DuplicatesExport(DuplicateStore cases) : ListExport("duplicates", new("重复核对", "Duplicates and doubtful rows"), Permission.ReadWholeRegister)
{
    private static readonly Columns<DuplicateCase> Columns = new Columns<DuplicateCase>()
        .Text("编号", "Number", row => $"{row.Id}", 10)
        .Words("疑点", "Doubt", row => row.Kind.Name(), 22)
        .Moment("提出时间", "Opened", row => row.OpenedAt)
        .Text("导入文件", "File", row => row.FileName, 26)
        .Number("行号", "Row", row => row.RowNumber)
        .Text("文件中的姓名", "Name in the file", row => row.RowName, 12)
        .Text("文件中的身份证号码", "Identity number in the file", row => row.RowNumberMasked, 22)
        .Text("登记册姓名", "Name in the register", row => row.Known?.Name, 12)
        .Text("登记册身份证号码", "Identity number in the register", row => row.Known?.IdNumberMasked, 22)
        .Text("登记册乡镇", "Township in the register", row => row.Known?.Township, 14)
        .Tally("登记册在用的券", "Live vouchers", Unit.Vouchers, row => row.Known?.LiveVouchers)
        .Text("另一人姓名", "Name of the other", row => row.Other?.Name, 12)
        .Text("另一人身份证号码", "Identity number of the other", row => row.Other?.IdNumberMasked, 22)
        .Text("另一人乡镇", "Township of the other", row => row.Other?.Township, 14)
        .Tally("另一人在用的券", "Live vouchers of the other", Unit.Vouchers, row => row.Other?.LiveVouchers)
        .Words("决定", "Decision", row => row.Decision?.Name())
        .Text("理由", "Ground", row => row.Reason, 30)
        .Text("决定人", "Decided by", row => row.DecidedBy, 12)
        .Moment("决定时间", "Decided", row => row.DecidedAt);

    public override Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var (filter, kind) = (query.Choice<CaseFilter>("filter") ?? CaseFilter.Open, query.Choice<DuplicateKind>("kind"));
        query.Show("状态", "Standing", filter is CaseFilter.Decided ? new Words("已决定", "Decided") : new Words("待核对", "Open"));
        query.Show("疑点", "Doubt", kind?.Name());
        return Task.FromResult<ExportTable?>(ExportTable.Of(
            query, Columns, PagedRows.Of(row => row.Id, async (skip, take) => (await cases.PageAsync(filter, kind, 1, take, skip)).Cases)));
    }
}
