using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.Payees;

/// <summary>All payee accounts, masked.</summary>
public sealed class PayeesExport(PayeeReading payees) : ListExport("payees", new("收款账户", "Payee accounts"), Permission.ReadPayees)
{
    public override Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var waits = query.Flag("waits");
        var columns = new Columns<PayeeAccount>()
            .Text("收款人", "Payee", row => row.Payee, 28)
            .Text("户名", "Holder", row => row.HolderName, 28)
            .Text("开户行", "Bank", row => row.Bank, 24)
            .Text("账号", "Account", row => row.AccountMasked, 16)
            .Words("状态", "State", row => row.StateOn(query.Today).Name(), 12)
            .Text("提出人", "Proposed by", row => row.ProposedBy, 12)
            .Moment("提出时间", "Proposed", row => row.ProposedAt)
            .Text("核实人", "Verified by", row => row.VerifiedBy, 12)
            .Day("启用日期", "Usable from", row => row.UsableFrom)
            .Day("被替换日期", "Replaced from", row => row.ReplacedFrom)
            .Moment("停用时间", "Ended", row => row.EndedAt)
            .Text("停用理由", "Why ended", row => row.EndReason, 24)
            .Text("同号收款人", "Also of", row => row.AlsoOf, 24);
        return Task.FromResult<ExportTable?>(ExportTable.Of(query, columns, PagedRows.Of(row => (long)row.Id, (skip, take) => payees.ListAsync(waits, skip, take))));
    }
}
