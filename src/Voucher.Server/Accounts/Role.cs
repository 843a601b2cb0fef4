namespace Voucher.Server.Accounts;

/// <summary>What a log-in may do. Numbers are stored: they never change meaning.</summary>
public enum Role : short
{
    /// <summary>县人社局经办.</summary>
    Clerk = 1,

    /// <summary>审批人.</summary>
    Approver = 2,

    /// <summary>审核.</summary>
    Reviewer = 3,

    /// <summary>财务.</summary>
    Finance = 4,

    /// <summary>审计: reads all, changes nothing.</summary>
    Auditor = 5,

    /// <summary>培训机构管理员.</summary>
    Manager = 6,

    /// <summary>培训机构前台.</summary>
    FrontDesk = 7,

    /// <summary>运维: watches the servers, sees no person and decides nothing.</summary>
    Operator = 8,

    /// <summary>乡镇工作人员: sees the people of one township, and records what they wish to learn.</summary>
    TownshipStaff = 9,

    /// <summary>村级工作人员: the same for one village.</summary>
    VillageStaff = 10,
}

public static class Roles
{
    /// <summary>Roles whose holders see one place only, and never another's people.</summary>
    public static bool IsOfPlace(this Role role) => role is Role.TownshipStaff or Role.VillageStaff;

    /// <summary>Numbers of roles with spaces between, as the database gives those of one log-in; none: no text.</summary>
    internal static IEnumerable<Role> Read(string? numbers) =>
        (numbers ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(number => (Role)short.Parse(number, System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Roles whose holders belong to an institution.</summary>
    public static bool IsOfInstitution(this Role role) => role is Role.Manager or Role.FrontDesk;

    public static Words Name(this Role role) => role switch
    {
        Role.Clerk => new("县经办", "County clerk"),
        Role.Approver => new("审批人", "Approver"),
        Role.Reviewer => new("审核", "Reviewer"),
        Role.Finance => new("财务", "Finance"),
        Role.Auditor => new("审计", "Auditor"),
        Role.Manager => new("机构管理员", "Institution manager"),
        Role.FrontDesk => new("前台", "Front desk"),
        Role.Operator => new("运维", "Operator"),
        Role.TownshipStaff => new("乡镇", "Township"),
        Role.VillageStaff => new("村", "Village"),
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "Unknown role."),
    };
}
