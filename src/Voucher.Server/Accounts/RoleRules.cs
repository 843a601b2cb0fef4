namespace Voucher.Server.Accounts;

/// <summary>Which roles go together: on one log-in, and on all log-ins of one person.</summary>
public static class RoleRules
{
    public static readonly Words NoRole = new("至少要有一个岗位", "There must be at least one role");
    public static readonly Words TwoSides = new("机构岗位与县岗位不能由同一账号担任", "One log-in cannot work for an institution and for the county");
    public static readonly Words PlaceAlone = new("乡镇、村岗位不能与其他岗位由同一账号担任", "A role of a township or village goes with no other role");

    /// <summary>Who watches decides nothing, and who decides watches nobody.</summary>
    public static readonly Words WatchesAlone = new(
        "审计、运维岗位不能与其他岗位由同一人担任", "Auditor and operator go with no other role, on any log-in of the same person");

    /// <summary>What is wrong with the roles of one log-in; <c>null</c> when nothing is.</summary>
    public static Words? ProblemOfLogin(IReadOnlyCollection<Role> roles) => roles switch
    {
        { Count: 0 } => NoRole,
        _ when roles.Any(role => role.IsOfInstitution()) && !roles.All(role => role.IsOfInstitution()) => TwoSides,
        _ when roles.Any(role => role.IsOfPlace()) && roles.Distinct().Count() > 1 => PlaceAlone,
        _ => ProblemOfPerson(roles),
    };

    /// <summary>What is wrong with the roles of all open log-ins of one person; <c>null</c> when nothing is.</summary>
    public static Words? ProblemOfPerson(IEnumerable<Role> roles)
    {
        var all = roles.ToHashSet();
        return all.Count > 1 && all.Any(role => role is Role.Auditor or Role.Operator) ? WatchesAlone : null;
    }
}
