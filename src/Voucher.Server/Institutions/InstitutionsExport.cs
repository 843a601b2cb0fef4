using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Institutions;

/// <summary>The county's institutions, or the actor's own.</summary>
public sealed class InstitutionsExport(InstitutionStore institutions)
    : ListExport("institutions", new("培训机构", "Institutions"), Permission.ReadInstitutions)
{
    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var columns = new Columns<Institution>()
            .Text("机构", "Institution", row => row.Name, 30)
            .Text("统一社会信用代码", "USCC", row => row.Uscc.ToString(), 22)
            .Text("地址", "Address", row => row.Address, 30)
            .Text("电话", "Phone", row => row.Phone, 16)
            .Tally("认定规模", "Capacity", Unit.People, row => row.Capacity)
            .Day("认定起", "Accredited from", row => row.AccreditedFrom)
            .Day("认定止", "Accredited until", row => row.AccreditedUntil)
            .Text("收款账户", "Payee account", row => row.PayeeAccountMasked, 20)
            .Words("状态", "State", row => row.IsSuspended ? new("已暂停", "Suspended")
                : row.IsAccreditedOn(query.Today) ? new("认定有效", "Accredited") : new("不在认定期", "Not accredited today"));
        return ExportTable.Of(query, columns, await institutions.ListAsync(query.Actor.Institution));
    }
}
