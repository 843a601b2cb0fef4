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
    string? ApprovedBy, DateTimeOffset? ApprovedAt, DateTimeOffset? FinishedAt, string? ClosedBy, string? ClosingReason)
{
    public Fen Total => FaceValueFen * People;
}

/// <summary>How far the vouchers of a batch have come. Replaced ones are left out, since their successors count.</summary>
public sealed record BatchFunnel(int Issued, int Claimed, int Enrolled, int Completed, int Revoked)
{
    public static readonly BatchFunnel Empty = new(0, 0, 0, 0, 0);

    /// <summary>Each later state counts towards the earlier steps as well.</summary>
    public static BatchFunnel Of(IEnumerable<(VoucherState State, int Count)> counts)
    {
        var by = counts.ToDictionary(entry => entry.State, entry => entry.Count);
        int Sum(params VoucherState[] states) => states.Sum(state => by.GetValueOrDefault(state));
        return new BatchFunnel(
            Sum(VoucherState.Issued, VoucherState.Claimed, VoucherState.Enrolled, VoucherState.Completed, VoucherState.Withdrawn, VoucherState.Revoked),
            Sum(VoucherState.Claimed, VoucherState.Enrolled, VoucherState.Completed, VoucherState.Withdrawn),
            Sum(VoucherState.Enrolled, VoucherState.Completed, VoucherState.Withdrawn),
            Sum(VoucherState.Completed),
            Sum(VoucherState.Revoked));
    }
}
