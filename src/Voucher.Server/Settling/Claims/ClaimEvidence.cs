using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Voucher.Core.Classes;

namespace Voucher.Server.Settling.Claims;

/// <summary>What a claim line rests on, frozen when it was claimed; holds no personal data. Lines of before lack what is optional.</summary>
/// <param name="SessionsAttended">Sessions with both check-in and check-out.</param>
/// <param name="PlannedSessions">All sessions of the class. Lines of before 2026-12 say <c>sessionsHeld</c> and mean the same.</param>
/// <param name="SpotCheckId">The class's latest spot check; <c>null</c> only where the policy requires none.</param>
/// <param name="PolicyId">The rules in force at the claim.</param>
/// <param name="PlannedTheoryHours">Of the class's plan, as are the practice hours.</param>
/// <param name="AttendedTheoryHours">Of the sessions attended, as are the practice hours; amounts in proportion count both.</param>
/// <param name="RequiredPracticePercent">What the rules wanted.</param>
/// <param name="RateRule">What the class's rate rests on: document, version, clause.</param>
/// <param name="RatePolicyId">The pack in force when the class was approved.</param>
/// <param name="AttendanceScans">How many scans stand behind the sessions attended.</param>
/// <param name="AttendanceDigest">SHA-256 over their ids in order: whether one was exchanged later can be told.</param>
/// <param name="Marks">What a reviewer should look at, as it was at that moment.</param>
public sealed record ClaimEvidence(
    long ClassId,
    string ClassName,
    string Programme,
    int SessionsAttended,
    [property: JsonPropertyName(ClaimEvidence.Planned)] int PlannedSessions,
    bool? HasPassed,
    int? TheoryScore,
    int? PracticeScore,
    DateTimeOffset CompletedAt,
    Guid CompletionScanId,
    long? SpotCheckId,
    DateTimeOffset? SpotCheckedAt,
    bool? SpotCheckIsClean,
    int PolicyId,
    int? PlannedTheoryHours = null,
    int? PlannedPracticeHours = null,
    int? AttendedTheoryHours = null,
    int? AttendedPracticeHours = null,
    int? RequiredPracticePercent = null,
    CertificateKind? CertificateKind = null,
    string? CertificateNumber = null,
    string? RateRule = null,
    int? RatePolicyId = null,
    int? AttendanceScans = null,
    string? AttendanceDigest = null,
    IReadOnlyList<EvidenceMark>? Marks = null)
{
    private const string Planned = "sessionsPlanned";
    private const string PlannedBefore = "sessionsHeld";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Hours of the plan; <c>null</c> for lines of before.</summary>
    [JsonIgnore]
    public TeachingHours? PlannedHours =>
        PlannedTheoryHours is { } theory && PlannedPracticeHours is { } practice ? new TeachingHours(theory, practice) : null;

    /// <summary>Hours that scans have shown; <c>null</c> for lines of before.</summary>
    [JsonIgnore]
    public TeachingHours? AttendedHours =>
        AttendedTheoryHours is { } theory && AttendedPracticeHours is { } practice ? new TeachingHours(theory, practice) : null;

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public static ClaimEvidence FromJson(string json)
    {
        var read = JsonNode.Parse(json)?.AsObject() ?? throw new InvalidOperationException("A claim line has no evidence.");
        if (read[PlannedBefore] is { } planned && read.Remove(PlannedBefore)) read[Planned] = planned;
        return read.Deserialize<ClaimEvidence>(Json) ?? throw new InvalidOperationException("A claim line has no evidence.");
    }
}

/// <summary>One thing that a reviewer should look at.</summary>
/// <param name="Kind">One of <see cref="EvidenceMarks"/>.</param>
/// <param name="Detail">Numbers only: a case, a claim, a percentage.</param>
public sealed record EvidenceMark(string Kind, string? Detail = null);

/// <summary>The marks and how they are said. None says in which outside list somebody stands: the institution reads them too.</summary>
public static class EvidenceMarks
{
    /// <summary>The voucher was held once; detail: the case.</summary>
    public const string WasHeld = "was-held";

    /// <summary>A spot check of the class found something.</summary>
    public const string Findings = "spot-check-findings";

    /// <summary>More were enrolled than approved; detail: enrolled/capacity.</summary>
    public const string Overfull = "class-overfull";

    /// <summary>Practice hours stray from the rules' share; detail: percent planned/percent scanned.</summary>
    public const string PracticeShare = "practice-share";

    /// <summary>Rejected before; detail: the claim.</summary>
    public const string Rejected = "rejected-before";

    public static Words Name(this EvidenceMark mark) => mark.Kind switch
    {
        WasHeld => new($"曾被暂缓（{mark.Detail}）", $"was held ({mark.Detail})"),
        Findings => new("班级抽查发现过问题", "a spot check of the class found something"),
        Overfull => new($"班级超员（{mark.Detail}）", $"the class is over its capacity ({mark.Detail})"),
        PracticeShare => new($"实操占比偏离（计划/扫码 {mark.Detail}）", $"practice share strays (plan/scans {mark.Detail})"),
        Rejected => new($"申报单 {mark.Detail} 未通过", $"rejected in claim {mark.Detail}"),
        _ => new(mark.Kind, mark.Kind),
    };
}
