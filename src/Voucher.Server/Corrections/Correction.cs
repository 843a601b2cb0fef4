using Voucher.Core.Wire;

namespace Voucher.Server.Corrections;

public enum CorrectionDecision : short
{
    /// <summary>To be put right by the means there are: withdrawal, attendance.</summary>
    Granted = 1,
    Declined = 2,
}

/// <summary>A desk's request about one scan, with the scan as the server knows it. Nothing is undone on a terminal.</summary>
public sealed record Correction
{
    public const int LongestNote = 200;

    public long Id { get; init; }
    public TerminalId TerminalId { get; init; }
    public required string TerminalName { get; init; }
    public required string InstitutionName { get; init; }
    public Guid ScanId { get; init; }
    public CorrectionReason Reason { get; init; }
    public required string Note { get; init; }

    /// <summary>By the terminal's clock.</summary>
    public DateTimeOffset AskedAt { get; init; }

    // Of the scan; null when the server has not taken it in (it was quarantined, or never arrived).
    public ScanMode? Mode { get; init; }
    public DateTimeOffset? ScannedAt { get; init; }
    public short? Refusal { get; init; }
    public ClassId? ClassId { get; init; }
    public string? ClassName { get; init; }
    public VoucherId? VoucherId { get; init; }

    /// <summary>Masked, as the desk was shown it.</summary>
    public string? Holder { get; init; }

    public CorrectionDecision? Decision { get; init; }
    public string? DecidedBy { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }
    public string? DecisionReason { get; init; }

    /// <summary>Where a granted one is put right.</summary>
    public string? NextPath => (Decision, ClassId, Reason) switch
    {
        (not CorrectionDecision.Granted, _, _) or (_, null, _) => null,
        (_, { } training, CorrectionReason.ScannedTwice) => $"/classes/{training}/attendance",
        (_, { } training, _) => $"/classes/{training}",
    };
}

public static class CorrectionWords
{
    public static Words Name(this CorrectionReason reason) => reason switch
    {
        CorrectionReason.WrongClass => new("选错了班", "Wrong class"),
        CorrectionReason.WrongPerson => new("不是本人", "Wrong person"),
        CorrectionReason.ScannedTwice => new("重复扫码", "Scanned twice"),
        _ => new("其他", "Other"),
    };

    public static Words Name(this CorrectionDecision decision) => decision == CorrectionDecision.Granted ? new("同意更正", "Granted") : new("不予更正", "Declined");

    /// <summary>What the person who granted it does next.</summary>
    public static Words NextStep(this CorrectionReason reason) => reason == CorrectionReason.ScannedTwice
        ? new("核对考勤表", "Check the attendance sheet")
        : new("到班级页办理退学，再用补发的券重新报到", "Withdraw the trainee on the class's page, then enrol anew with a replacement");
}
