namespace Voucher.Server.Programmes.Teaching;

/// <summary>What the county approves before a class is taught (text 004, 三（六）: 审定培训机构教学（培训）计划、大纲和教材). Stored by number.</summary>
public enum TeachingKind : short
{
    /// <summary>教学（培训）计划.</summary>
    Plan = 1,

    /// <summary>教学大纲.</summary>
    Syllabus = 2,

    /// <summary>教材.</summary>
    Textbook = 3,
}

/// <summary>Where a document stands; stored by number, decided once.</summary>
public enum TeachingStatus : short
{
    HandedIn = 1,
    Approved = 2,
    Refused = 3,
}

public static class TeachingWords
{
    public static Words Name(this TeachingKind kind) => kind switch
    {
        TeachingKind.Plan => new("教学计划", "Teaching plan"),
        TeachingKind.Syllabus => new("教学大纲", "Syllabus"),
        TeachingKind.Textbook => new("教材", "Textbook"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind."),
    };

    public static Words Name(this TeachingStatus status) => status switch
    {
        TeachingStatus.HandedIn => new("待审定", "To be decided"),
        TeachingStatus.Approved => new("已审定", "Approved"),
        TeachingStatus.Refused => new("已退回", "Refused"),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Unknown status."),
    };
}

/// <summary>One version of a plan, syllabus or textbook.</summary>
/// <param name="InstitutionId">Whose own it is; <c>null</c>: the county's, for all who teach the programme.</param>
/// <param name="Version">Counted from 1 for each programme, owner and kind.</param>
/// <param name="FileHash">SHA-256 of the PDF; <c>null</c>: it is text only.</param>
public sealed record TeachingDocument(
    int Id, ProgrammeId ProgrammeId, InstitutionId? InstitutionId, string? Institution, TeachingKind Kind, int Version, string Title, string Body,
    string? FileName, int? FileBytes, byte[]? FileHash, TeachingStatus Status, string HandedInBy, DateTimeOffset HandedInAt,
    string? DecidedBy, DateTimeOffset? DecidedAt, string? RefusedReason);
