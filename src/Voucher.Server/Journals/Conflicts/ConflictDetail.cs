using Voucher.Core.Journals;

namespace Voucher.Server.Journals.Conflicts;

/// <summary>How a case ended. Numbers are stored: they never change meaning.</summary>
public enum ConflictOutcome : short
{
    Upheld = 1,
    NoneUpheld = 2,

    /// <summary>A claim came that was surely earlier, or stands elsewhere: nothing was left to decide.</summary>
    ClearedUp = 3,
}

/// <summary>What a person did with a case. Numbers are stored: they never change meaning.</summary>
public enum ConflictStepKind : short
{
    Proposed = 1,
    SentBack = 2,
    Decided = 3,
}

/// <summary>Who came to which class: what speaks for a claim beside its time.</summary>
/// <param name="Offline">Check-ins recorded offline.</param>
/// <param name="Waiting">Of those, the ones that wait for the decision.</param>
/// <param name="Online">Check-ins in the register that were made online.</param>
/// <param name="Tried">Check-ins refused because the voucher was not enrolled or contested: the person was there.</param>
public sealed record Presence(int Offline, int Waiting, int Online, int Tried, DateTimeOffset? LastAt)
{
    public int Times => Offline + Online + Tried;
}

/// <summary>One claim of a case.</summary>
/// <param name="Voucher">Another one of the same person when two vouchers compete for one time.</param>
/// <param name="Phone">Of the institution; empty when the register has none.</param>
/// <param name="At">The best estimate; always within the bounds.</param>
public sealed record ContestedClaim(
    Guid Scan, VoucherId Voucher, InstitutionId InstitutionId, string Institution, string Phone, string Terminal, TerminalId TerminalId,
    ClassId ClassId, string Class, TimeBounds Bounds, DateTimeOffset At, DateTimeOffset ReceivedAt, OfflineScanState State, ClaimRuling Ruling, Presence Presence);

/// <param name="Upheld">The claim that the person spoke for; <c>null</c>: for none, or the step sends back.</param>
public sealed record ConflictStep(ConflictStepKind Kind, Guid? Upheld, string Reason, string By, StaffId Staff, DateTimeOffset At);

/// <summary>A case as the county looks at it; the holder's name is masked.</summary>
/// <param name="Steps">What persons said of it, in order.</param>
public sealed record ConflictDetail(
    long Id, VoucherId Voucher, VoucherState State, bool InConflict, string Holder, DateTimeOffset OpenedAt, DateTimeOffset? DecidedAt,
    ConflictOutcome? Outcome, Guid? Upheld, IReadOnlyList<ContestedClaim> Claims, IReadOnlyList<ConflictStep> Steps)
{
    public string CaseNumber => ConflictCase.NumberOf(Id);

    public bool IsOpen => DecidedAt is null;

    /// <summary>What waits for a second person.</summary>
    public ConflictStep? Proposal => IsOpen && Steps is [.., { Kind: ConflictStepKind.Proposed } last] ? last : null;

    /// <summary>Completed, and decided against: it stays in conflict and is never paid.</summary>
    public bool IsNeverPayable => !IsOpen && InConflict && State == VoucherState.Completed;

    /// <summary>The claims among which the county chooses: those of the case's own voucher.</summary>
    public IEnumerable<ContestedClaim> Choices => Claims.Where(claim => claim.Voucher == Voucher);

    public ContestedClaim? ClaimOf(Guid? scan) => Claims.FirstOrDefault(claim => claim.Scan == scan);
}

public static class ConflictWords
{
    public static Words Name(this ConflictOutcome outcome) => outcome switch
    {
        ConflictOutcome.Upheld => new("一处成立", "One upheld"),
        ConflictOutcome.NoneUpheld => new("各处都不成立", "None upheld"),
        ConflictOutcome.ClearedUp => new("已由更早的报到了结", "Cleared up by an earlier claim"),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Unknown outcome."),
    };

    public static Words Name(this ConflictStepKind kind) => kind switch
    {
        ConflictStepKind.Proposed => new("提出意见", "Proposed"),
        ConflictStepKind.SentBack => new("退回", "Sent back"),
        ConflictStepKind.Decided => new("裁定", "Decided"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown step."),
    };
}
