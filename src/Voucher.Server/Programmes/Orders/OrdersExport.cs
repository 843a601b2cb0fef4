using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Programmes.Orders;

/// <summary>Employers' orders of one programme.</summary>
public sealed class OrdersExport(ProgrammeStore programmes, OrderStore orders)
    : ListExport("orders", new("用人单位订单", "Employers' orders"), Permission.ReadInstitutions)
{
    private static readonly Columns<ProgrammeOrder> Columns = new Columns<ProgrammeOrder>()
        .Text("用人单位", "Employer", row => row.Employer, 30)
        .Text("统一社会信用代码", "Uscc", row => row.EmployerUscc, 22)
        .Text("岗位", "Post", row => row.Post)
        .Text("劳务机构", "Agency", row => row.Agency, 26)
        .Tally("订单人数", "Wanted", Unit.People, row => row.Size)
        .Tally("已录用", "Hired", Unit.People, row => row.Hired)
        .Moment("登记时间", "Entered", row => row.PlacedAt);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var id = query.Id("programme");
        if (id > int.MaxValue || await programmes.FindAsync(new ProgrammeId((int)id)) is not { } programme) return null;
        query.Show("项目", "Programme", programme.Name);
        return ExportTable.Of(query, Columns, await orders.ListAsync(programme.Id), programme.Name);
    }
}
