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
}

public static class Roles
{
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
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "Unknown role."),
    };
}
