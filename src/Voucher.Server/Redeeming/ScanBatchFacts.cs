using Voucher.Core.Classes;
using Voucher.Core.Wire;
using Voucher.Server.Vouchers;

namespace Voucher.Server.Redeeming;

/// <summary>What a terminal's scan of this id was answered before.</summary>
public sealed record RecordedScan(TerminalId Terminal, byte[] ContentHash, ScanAnswer Answer);

/// <summary>How the holder stands when the voucher is to be enrolled.</summary>
/// <param name="OtherClass">Name of another class, overlapping in time, that the person attends by another voucher and has not completed.</param>
/// <param name="NextNumber">The number that the person's next enrolment takes.</param>
public sealed record EnrolmentFacts(string? OtherClass, int NextNumber);

/// <summary>What the enrolment has earned, when the voucher is to be completed.</summary>
public sealed record CompletionFacts(int AttendedSessions, int PlannedSessions, bool? Passed);

/// <summary>
/// Everything that the decisions on a batch of scans rest on, as it stood at one instant. Lists by scan have the batch's
/// order and length; what a scan's mode does not need is <c>null</c>.
/// </summary>
public sealed class ScanBatchFacts(int count)
{
    /// <summary>The earlier answer to the same id, by scan.</summary>
    public RecordedScan?[] Recorded { get; } = new RecordedScan?[count];

    /// <summary>Whether the terminal has used the sequence for another id, by scan.</summary>
    public bool[] SequenceUsed { get; } = new bool[count];

    /// <summary>The terminal, by scan; <c>null</c> when there is no such one.</summary>
    public ScanningTerminal?[] Terminals { get; } = new ScanningTerminal?[count];

    /// <summary>For scans that enrol, by scan; absent when the voucher can no longer be enrolled, whoever its holder is.</summary>
    public EnrolmentFacts?[] Enrolment { get; } = new EnrolmentFacts?[count];

    /// <summary>The class's sessions of the scan's day and of those beside it, by scan: the margin of a late one reaches over midnight.</summary>
    public List<NearbySession>?[] Sessions { get; } = new List<NearbySession>?[count];

    public CompletionFacts?[] Completion { get; } = new CompletionFacts?[count];

    public Dictionary<VoucherId, StoredVoucher> Vouchers { get; } = [];

    /// <summary>The class as it is on the scan's day; absent when there is no such one.</summary>
    public Dictionary<(ClassId Id, DateOnly Day), ScannedClass> Classes { get; } = [];
}
