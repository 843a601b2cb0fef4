using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Accounts;

/// <summary>Everybody's log-ins and roles, one row a person.</summary>
public sealed class AccountsExport(StaffStore staff) : ListExport("accounts", new("人员与账号", "People and log-ins"), Permission.ReadAccounts)
{
    private static readonly Columns<StaffMember> Columns = new Columns<StaffMember>()
        .Text("编号", "No.", row => $"{row.Id}")
        .Text("姓名", "Name", row => row.Name)
        .YesNo("已核实身份", "Identified", row => row.IsIdentified)
        .Text("账号", "Log-ins", row => string.Join('\n', row.LogIns.Select(login => login.Login)), 20)
        .Words("岗位", "Roles", row => new(
            string.Join('\n', row.LogIns.Select(login => string.Join('、', login.Roles.Select(role => role.Name().Zh)))),
            string.Join('\n', row.LogIns.Select(login => string.Join(", ", login.Roles.Select(role => role.Name().En))))), 30)
        .Text("所属机构", "Institution", row => string.Join('\n', row.LogIns.Select(login => login.Institution ?? "")), 28)
        .Number("在用账号", "Open log-ins", row => row.LogIns.Count(login => login.IsActive));

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var search = query.Personal("q");
        query.Show("查找", "Search", search is null ? null : "***");
        return ExportTable.Of(query, Columns, (await staff.ListAsync()).Where(person => StaffSearch.Matches(person, search)));
    }
}
