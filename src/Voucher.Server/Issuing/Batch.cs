namespace Voucher.Server.Issuing;

/// <summary>Where a batch stands. Numbers are stored: they never change meaning.</summary>
public enum BatchStatus : short
{
    Drafted = 1,

    /// <summary>Money and numbers are set aside; the vouchers are being signed and written.</summary>
    Approved = 2,
    Issued = 3,

    /// <summary>Taken back by a clerk before approval.</summary>
    Cancelled = 4,

    /// <summary>Turned down by the approver.</summary>
    Refused = 5,

    /// <summary>Ended by two persons while it was written: the rest gets nothing, what was written and unused is revoked.</summary>
    Stopped = 6,
}

public static class BatchStatuses
{
    public static Words Name(this BatchStatus status) => status switch
    {
        BatchStatus.Drafted => new("待审批", "Awaiting approval"),
        BatchStatus.Approved => new("制券中", "Being issued"),
        BatchStatus.Issued => new("已发放", "Issued"),
        BatchStatus.Cancelled => new("已撤回", "Cancelled"),
        BatchStatus.Refused => new("已退回", "Refused"),
        BatchStatus.Stopped => new("已中止", "Stopped"),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Unknown status of a batch."),
    };
}

/// <summary>A batch of vouchers (发放批次) as screens and the API show it.</summary>
/// <param name="ScopeName">Trade or programme; <c>null</c> for any.</param>
/// <param name="Written">How many vouchers are signed and written so far.</param>
public sealed record Batch(
    BatchId Id, string Name, VoucherKind Kind, VoucherScope Scope, string? ScopeName, Fen FaceValueFen,
    DateOnly ValidFrom, DateOnly ValidUntil, BudgetLineId BudgetLineId, string BudgetLineName, PolicyId PolicyId,
    BatchStatus Status, int People, int Written,
    string DraftedBy, StaffId DraftedByStaff, DateTimeOffset DraftedAt,
    string? ApprovedBy, DateTimeOffset? ApprovedAt, DateTimeOffset? FinishedAt, string? ClosedBy, string? ClosingReason,
    DateTimeOffset? PausedAt, string? PausedBy, StaffId? PausedByStaff, string? PauseReason, bool IsStopAsked)
{
    public Fen Total => FaceValueFen * People;

    /// <summary>Nothing is written at the moment, though it is not finished.</summary>
    public bool IsPaused => Status == BatchStatus.Approved && PausedAt is not null;
}
