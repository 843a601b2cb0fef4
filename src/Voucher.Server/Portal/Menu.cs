namespace Voucher.Server.Portal;

/// <summary>The main menu: each entry is shown to those who may open it.</summary>
public sealed record Menu(string Path, Words Label, string Permission)
{
    private static readonly Menu[] All =
    [
        new("/live", new("实况", "Live"), Accounts.Permission.WatchLive),
        new("/register", new("劳动者", "Register"), Accounts.Permission.ReadRegister),
        new("/issuing", new("发券", "Issuing"), Accounts.Permission.ReadBatches),
        new("/institutions", new("机构", "Institutions"), Accounts.Permission.ReadInstitutions),
        new("/programmes", new("项目", "Programmes"), Accounts.Permission.ReadInstitutions),
        new("/classes", new("班级", "Classes"), Accounts.Permission.ReadClasses),
        new("/terminals", new("终端", "Terminals"), Accounts.Permission.PairTerminal),
        new("/settling", new("结算", "Settlement"), Accounts.Permission.ReadClaims),
        new("/ledger", new("资金", "Funds"), Accounts.Permission.ReadLedger),
        new("/audit", new("审计", "Audit"), Accounts.Permission.ReadAudit),
    ];

    public static IEnumerable<Menu> For(Actor actor) => All.Where(entry => actor.May(entry.Permission));
}
