namespace Voucher.Server.Policies;

/// <summary>How far a draft has come. Numbers are stored: they never change meaning.</summary>
public enum PolicyDraftStatus : short
{
    Drafted = 1,
    Submitted = 2,
    Approved = 3,
    Refused = 4,
    Withdrawn = 5,
}

public static class PolicyDraftStatuses
{
    public static Words Name(this PolicyDraftStatus status) => status switch
    {
        PolicyDraftStatus.Drafted => new("草拟中", "Draft"),
        PolicyDraftStatus.Submitted => new("待审批", "Submitted"),
        PolicyDraftStatus.Approved => new("已批准", "Approved"),
        PolicyDraftStatus.Refused => new("已退回", "Refused"),
        PolicyDraftStatus.Withdrawn => new("已撤回", "Withdrawn"),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Unknown status."),
    };
}

/// <summary>A pack to be.</summary>
/// <param name="Id">Of the draft.</param>
/// <param name="Pack">As it would stand; its own number is 0 until it is approved.</param>
/// <param name="Reason">Why it was refused.</param>
public sealed record PolicyDraft(
    int Id, PolicyDraftStatus Status, Policy Pack, StaffId DraftedByStaff, string DraftedBy, DateTimeOffset DraftedAt, DateTimeOffset ChangedAt,
    string? DecidedBy, DateTimeOffset? DecidedAt, string? Reason, PolicyId? PackId)
{
    public bool IsOpen => Status is PolicyDraftStatus.Drafted or PolicyDraftStatus.Submitted;
}
