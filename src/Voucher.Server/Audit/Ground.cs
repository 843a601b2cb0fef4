namespace Voucher.Server.Audit;

/// <summary>
/// On what ground an act rests, in the one form in which the trail says it: the rule and clause where the pack decides, with the reason
/// that was typed; else the reason; else the permission under which it was done. Nothing that was done by a person is without one.
/// </summary>
public static class Ground
{
    /// <summary>A worker's act, which nobody asked for: what it does follows from what was decided before.</summary>
    public const string Server = "server:upkeep";

    /// <summary>An operator's command, given at the machine itself.</summary>
    public const string Command = "server:command";

    /// <summary>Of one's own log-in: everybody may, whatever else they may do.</summary>
    public const string Own = "own:log-in";

    /// <param name="permission">One of <see cref="Permission"/>.</param>
    public static string Under(string permission) => $"permission:{permission}";

    /// <param name="reason">As it was typed; may be missing.</param>
    public static string Of(Rule rule, string? reason = null) => string.IsNullOrWhiteSpace(reason) ? $"{rule}" : $"{rule}; {reason.Trim()}";

    /// <summary>The reason, or where none was given the permission.</summary>
    public static string Given(string? reason, string permission) => string.IsNullOrWhiteSpace(reason) ? Under(permission) : reason.Trim();
}
